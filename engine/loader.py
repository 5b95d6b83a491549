"""From rule files on disk, or from text, to channels and diagnostics.

One run reports the mistakes of all files. A rule file can use a schema file beside it, inside
its own folder; nothing else is read. What is parsed and checked once can be kept in a cache: then
neither the parser nor the checks are so much as imported the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from .caching.checked import Cache
from .caching.folder import user_folder
from .channel import Channel, Rules
from .errors import RuleError
from .files import below
from .language.nodes import Channel as ChannelNode
from .language.nodes import File, PayloadSchema
from .late_dataclass import dataclass
from .limits import MAX_PAYLOAD_BYTES, MAX_RULE_FILE_BYTES
from .mapping.program import compile_channel
from .messages.diagnostics import Diagnostic, has_errors
from .messages.source import Source, Span
from .together import check_together

if TYPE_CHECKING:
    from .mapping.schema import PayloadCheck

SUFFIX: Final = ".channel"


_NO_SCHEMA: Final = (None,)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A rule file that is read and checked by itself.

    ``rules`` is its SHA-256 in hexadecimal, empty where it is not UTF-8; ``schemas`` are those of
    its channels, in order.
    """

    source: Source
    file: File
    rules: str
    schemas: tuple[PayloadCheck | None, ...]

    @property
    def schema_files(self) -> tuple[Path, ...]:
        """The schema files that its channels name, whether they can be read or not."""
        statements = (each for channel in self.file.channels for each in channel.statements)
        named = [_beside(self.source, each) for each in statements if type(each) is PayloadSchema]
        return tuple(dict.fromkeys(each for each in named if each is not None))

    def compiled(self) -> tuple[Channel, ...]:
        """Its channels, ready to decide; it has no errors."""
        return tuple(
            Channel(compile_channel(self.source, self.file, node, self.rules, schema))
            for node, schema in zip(self.file.channels, self.schemas, strict=True)
        )


def load(path: str | Path, *, cache: bool | str | Path = False) -> Rules:
    """The channels of a rule file, or of all ``*.channel`` files below a folder.

    Args:
        path: The file or the folder.
        cache: A folder to keep checked files in, so that they are neither parsed nor checked
            again while they stay as they are; True is that of the command line: the one that
            ``LEADLARK_CACHE`` names, else that of the user's caches.

    Raises:
        RuleError: the files have mistakes; it holds every diagnostic.
        OSError: a file cannot be read.
    """
    folder = user_folder() if cache is True else Path(cache) if cache else None
    return _rules(*_load_all([Path(path)], None if folder is None else Cache(folder)))


def loads(text: str, filename: str = "rules.channel") -> Rules:
    """The channels of a rule file's text; ``filename`` names it in messages.

    A schema file is looked for in the folder of ``filename``. Raises as `load` does.
    """
    source = Source(filename, text)
    loaded, diagnostics = _load_source(source, text.encode("utf-8", "surrogatepass"))
    return _rules([loaded], together([loaded], diagnostics))


def check_paths(paths: Sequence[str | Path]) -> tuple[Diagnostic, ...]:
    """Every diagnostic of rule files and of all ``*.channel`` files below folders, in order.

    Raises OSError where a file cannot be read.
    """
    _, diagnostics = _load_all([Path(path) for path in paths])
    return diagnostics


def read_bytes(file: Path) -> bytes:
    """The bytes of a rule file; of one that is too large only its beginning, which is too large."""
    with file.open("rb") as stream:
        return stream.read(MAX_RULE_FILE_BYTES + 2)


def checker() -> Callable[[Sequence[Source]], tuple[Diagnostic, ...]]:
    """A check of rule files by their texts, as `check_paths` does it for files on disk.

    What it finds in one text is kept, so that a file among many can be checked again and again.
    """
    kept: dict[Source, tuple[CheckedFile, list[Diagnostic]]] = {}

    def check_sources(sources: Sequence[Source]) -> tuple[Diagnostic, ...]:
        for source in sources:
            if source not in kept:
                kept[source] = _load_source(source, source.text.encode("utf-8", "surrogatepass"))
        diagnostics = [each for source in sources for each in kept[source][1]]
        return together([kept[source][0] for source in sources], diagnostics)

    return check_sources


def _load_all(
    paths: Sequence[Path], cache: Cache | None = None
) -> tuple[list[CheckedFile], tuple[Diagnostic, ...]]:
    loaded: list[CheckedFile] = []
    diagnostics: list[Diagnostic] = []
    files = dict.fromkeys(file for path in paths for file in below(path, SUFFIX))
    for file in files:
        one, found = check_bytes(str(file), read_bytes(file), cache)
        loaded.append(one)
        diagnostics.extend(found)
    return loaded, together(loaded, diagnostics)


def check_bytes(
    name: str, data: bytes, cache: Cache | None = None
) -> tuple[CheckedFile, list[Diagnostic]]:
    """A rule file by its name and bytes, and what is found in it alone."""
    try:
        return _load_source(Source(name, data.decode("utf-8")), data, cache)
    except UnicodeDecodeError as error:
        if len(data) > MAX_RULE_FILE_BYTES:
            return _load_source(Source(name, data.decode("utf-8", "replace")), data)
        return _undecodable(name, data, error)


def _undecodable(
    name: str, data: bytes, error: UnicodeDecodeError
) -> tuple[CheckedFile, list[Diagnostic]]:
    source, problem = undecodable(name, data, error)
    file = File(1, (), (), span=Span(0, 0), broken=(Span(0, len(source.text)),))
    return CheckedFile(source, file, "", ()), [problem]


def undecodable(name: str, data: bytes, error: UnicodeDecodeError) -> tuple[Source, Diagnostic]:
    """What can be shown of a file that is not UTF-8, and the place where it is not."""
    from .request.charsets import probable_encoding  # noqa: PLC0415 (imported when first needed)

    source = Source(name, data.decode("utf-8", "replace"))
    at = len(data[: error.start].decode("utf-8").removeprefix("\ufeff"))
    probable = probable_encoding(data)
    looks = f"it looks like {probable}: " if probable else ""
    problem = Diagnostic(
        "E111",
        "the file is not UTF-8",
        source,
        Span(at, at + 1),
        label=f"byte 0x{data[error.start]:02X} begins no character",
        help=f"{looks}save the file as UTF-8",
    )
    return source, problem


def _load_source(
    source: Source, data: bytes, cache: Cache | None = None
) -> tuple[CheckedFile, list[Diagnostic]]:
    rules = sha256(data).hexdigest()
    known = None if cache is None else cache.get(rules, source)
    if known is not None:
        return CheckedFile(source, known.file, rules, _NO_SCHEMA * len(known.file.channels)), [
            *known.warnings
        ]
    from .check import check  # noqa: PLC0415 (not needed for what is in the cache)
    from .language.parser import parse  # noqa: PLC0415 (not needed for what is in the cache)

    file, problems = parse(source)
    diagnostics = [*problems, *check(source, file)]
    schemas: list[PayloadCheck | None] = []
    for channel in file.channels:
        schema, found = _schema(source, channel)
        schemas.append(schema)
        diagnostics.extend(found)
    loaded = CheckedFile(source, file, rules, tuple(schemas))
    # What a schema file says is in no key, and with it what is found in the rule file.
    if cache is not None and not has_errors(diagnostics) and not any(schemas):
        cache.put(rules, file, tuple(diagnostics))
    return loaded, diagnostics


def _schema(source: Source, channel: ChannelNode) -> tuple[PayloadCheck | None, list[Diagnostic]]:
    """The schema file that a channel names, read."""
    named = next((each for each in channel.statements if isinstance(each, PayloadSchema)), None)
    if named is None:
        return None, []
    from .mapping.schema import load_schema  # noqa: PLC0415 (imported when first needed)

    problem = None
    path = _beside(source, named)
    if path is None:
        problem = "the schema file stands beside the rule file, in its folder"
    else:
        try:
            with path.open("rb") as stream:
                return load_schema(stream.read(MAX_PAYLOAD_BYTES), strict=named.strict), []
        except ValueError as error:
            problem = str(error)
        except OSError as error:
            problem = f"the schema file cannot be read: {error.strerror or error}"
    advice = "name a JSON Schema file by its path from the rule file's folder"
    return None, [Diagnostic("E215", problem, source, named.file.span, "this file", help=advice)]


def _beside(source: Source, named: PayloadSchema) -> Path | None:
    """The schema file that a channel names, where it is one below the rule file's folder."""
    relative = PurePosixPath(named.file.text)
    if not named.file.text or relative.is_absolute() or ".." in relative.parts:
        return None
    return Path(source.name).parent / relative


def together(
    loaded: Sequence[CheckedFile], diagnostics: Sequence[Diagnostic] = ()
) -> tuple[Diagnostic, ...]:
    """What is found in files alone and between them, in order."""
    between = check_together([(each.source, each.file) for each in loaded])
    return tuple(sorted((*diagnostics, *between), key=lambda each: each.order))


def _rules(loaded: Sequence[CheckedFile], diagnostics: tuple[Diagnostic, ...]) -> Rules:
    if has_errors(diagnostics):
        raise RuleError(diagnostics)
    channels = (channel for each in loaded for channel in each.compiled())
    return Rules({channel.address: channel for channel in channels}, diagnostics)

"""Forms to values: url-encoded text and query strings; every value is text.

Names are read as PHP reads them: ``a[b][0]`` leads into objects and lists, ``a[]`` appends. Other
than in PHP a repeated name gives a list, dots and blanks stay in names, and a name whose brackets
do not match is a name like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias
from urllib.parse import unquote_to_bytes

from ..decision import Note
from ..errors import PayloadError
from ..late_dataclass import dataclass, field
from ..limits import MAX_DEPTH, MAX_PAYLOAD_BYTES, MAX_VALUES
from ..values.value import Json
from .charsets import UTF_8, decode, is_wide
from .json_tree import copy_tree, show_path, too_large

Form: TypeAlias = tuple[dict[str, Json], tuple[Note, ...]]

_BRACKETED: Final = re.compile(r"([^\[\]]++)((?:\[[^\[\]]*+\])++)", re.DOTALL)
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_APPEND: Final = ""


def read_form(data: bytes, *, codec: str = UTF_8, root: str = "", declarable: bool = True) -> Form:
    """Read a url-encoded body or a query string.

    ``+`` is a blank; an escape that is none (``%zz``) stays as it is, as browsers leave it.

    Args:
        data: The bytes as received.
        codec: The encoding of the text behind the escapes, as `charsets.find_codec` gives it.
        root: What paths in messages begin at: ``@query`` for a query beside a body.
        declarable: Whether another encoding could have been declared; not that of a query string.

    Returns:
        The object that the names build, and a note (N101) for every name that is sent both as
        a value and with brackets, of which the later counts.

    Raises:
        PayloadError: P103 and P105 naming the key, P501 to P504 where a limit is exceeded.
    """
    if len(data) > MAX_PAYLOAD_BYTES:
        raise too_large()
    if is_wide(codec):
        # Escapes stand for bytes of UTF-8 where the text around them has no bytes of ASCII.
        data, codec = decode(data, codec).encode(), UTF_8
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.count(b"&") >= MAX_VALUES:
        raise too_many()
    return build(_pairs(data, codec, root, declarable=declarable), root)


def _pairs(data: bytes, codec: str, root: str, *, declarable: bool) -> Iterator[tuple[str, Json]]:
    for number, pair in enumerate(data.replace(b"+", b" ").split(b"&"), start=1):
        if pair:
            name_bytes, _, value = pair.partition(b"=")
            place = f"{root or 'form'} field {number}"
            name = decode(unquote_to_bytes(name_bytes), codec, place, declarable=declarable)
            text = text_of(unquote_to_bytes(value), codec, name, root, declarable=declarable)
            yield name, text


def text_of(value: bytes, codec: str, name: str, root: str, *, declarable: bool = True) -> str:
    """The text that the bytes of the value ``name`` are; raises P103 or P105, which name it."""
    try:
        return value.decode(codec)
    except UnicodeDecodeError:
        place = show_path((name,), root)
        return decode(value, codec, place, declarable=declarable)  # raises, naming the key


def too_many() -> PayloadError:
    """What is raised for more values than are read."""
    return PayloadError("P502", f"The payload has over {MAX_VALUES:,} values")


@dataclass(slots=True)
class _Leaf:
    """The values sent under one name."""

    values: list[Json]


@dataclass(slots=True)
class _Branch:
    """What is sent with brackets under one name; ``next`` is the index that ``[]`` takes."""

    entries: dict[str, _Leaf | _Branch] = field(default_factory=dict)
    next: int = 0

    def key(self, step: str) -> str:
        key = str(self.next) if step == _APPEND else step
        if _INDEX.fullmatch(key):
            self.next = max(self.next, int(key) + 1)
        return key


def build(pairs: Iterable[tuple[str, Json]], root: str) -> Form:
    """The object that names with brackets build of their values; see `read_form`."""
    top = _Branch()
    notes: dict[str, Note] = {}
    branches = 0
    for name, value in pairs:
        made, clash = _insert(top, _steps(name, root), value)
        branches += made
        if branches >= MAX_VALUES:
            raise too_many()
        if clash:
            path = show_path(clash, root)
            notes[path] = Note(
                "N101", "The name is sent both as a value and with brackets; the last counts", path
            )
    entries: dict[str, Json] = {key: _finish(entry) for key, entry in top.entries.items()}
    checked, _ = copy_tree(entries, root=root, sized=False)
    return checked, tuple(notes.values())


def _steps(name: str, root: str) -> tuple[str, ...]:
    match = _BRACKETED.fullmatch(name)
    if match is None:
        return (name,)
    if name.count("[") >= MAX_DEPTH:
        message = f"The payload is nested more than {MAX_DEPTH} deep"
        raise PayloadError("P503", message, show_path((match[1],), root))
    return (match[1], *match[2][1:-1].split("]["))


def _insert(top: _Branch, steps: Sequence[str], value: Json) -> tuple[int, tuple[str, ...]]:
    """Put a value into the tree.

    Gives how many branches that made, and the path at which it replaced another kind of entry.
    """
    branch = top
    made = 0
    clash: tuple[str, ...] = ()
    path: list[str] = []
    for step in steps[:-1]:
        path.append(branch.key(step) if path else step)
        entry = branch.entries.get(path[-1])
        if not isinstance(entry, _Branch):
            if entry is not None:
                clash = tuple(path)
            branch.entries[path[-1]] = entry = _Branch()
            made += 1
        branch = entry
    key = branch.key(steps[-1]) if path else steps[-1]
    entry = branch.entries.get(key)
    if isinstance(entry, _Leaf):
        entry.values.append(value)
    else:
        if entry is not None:
            clash = (*path, key)
        branch.entries[key] = _Leaf([value])
    return made, clash


def _finish(entry: _Leaf | _Branch) -> Json:
    if isinstance(entry, _Leaf):
        return entry.values[0] if len(entry.values) == 1 else entry.values
    entries = entry.entries
    indexes = [str(index) for index in range(len(entries))]
    if all(index in entries for index in indexes):
        return [_finish(entries[index]) for index in indexes]
    return {key: _finish(item) for key, item in entries.items()}

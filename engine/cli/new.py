"""``leadlark new``: a draft of a channel and its case file from sample payloads."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from ..cases import SUFFIX as CASES
from ..drafting.draft import Draft, address_of, draft, is_address
from ..drafting.samples import Sample, sample_of
from ..errors import PayloadError
from ..loader import SUFFIX
from ..messages.snippet import visible
from ..request.payload import Request
from ..values.phones import is_region
from ..values.value import write_json as json_text
from . import terminal
from .payloads import sample_requests
from .status import CallError, Status


class UnreadableError(Exception):
    """Samples cannot be read: the name of each file with its error."""

    def __init__(self, found: Sequence[tuple[str, PayloadError]]) -> None:
        self.found = found
        super().__init__(f"{len(found)} samples cannot be read")


def run(options: Namespace) -> Status:
    """Write the draft and say what was guessed; as JSON it is printed, and nothing written."""
    region = _region(options.region)
    address = _address(options.channel, options.samples)
    try:
        samples = read_samples(options.samples)
    except UnreadableError as errors:
        for name, error in errors.found:
            terminal.note(f"{visible(name)}: {error.code}: {visible(str(error))}")
        return Status.INPUT
    made = draft(samples, address, options.entity, region)
    if options.format == "json":
        terminal.write_json(json_text(_shown(made)))
        return Status.FINE
    texts = _texts(made)
    _write(options.output, texts, force=options.force)
    terminal.write(_told(made, options.output, list(texts)))
    return Status.FINE


def _region(code: str | None) -> str | None:
    if code is not None and not is_region(code.upper()):
        raise CallError(f"--region {code!r} is no ISO 3166 country, such as RU or US")
    return None if code is None else code.upper()


def _address(told: str | None, files: Sequence[str]) -> str:
    if told is None:
        return address_of(files[0])
    if not is_address(told):
        raise CallError(
            f"--channel {told!r} is no address: 1 to 64 of the small letters a-z, digits and -"
        )
    return told


def read_samples(files: Sequence[str]) -> list[Sample]:
    """The samples of files, in order.

    Raises `UnreadableError` where some cannot be read, and `CallError` where there is none.
    """
    for name in files:
        if PurePath(name).suffix == SUFFIX:
            raise CallError(f"{name} is a rule file; a draft is made from payloads")
    read = list(sample_requests(files))
    broken = [(name, each) for name, each in read if isinstance(each, PayloadError)]
    if broken:
        raise UnreadableError(broken)
    if not read:
        raise CallError("the samples hold no payload")
    counts = Counter(name for name, _ in read)
    seen: Counter[str] = Counter()
    samples: list[Sample] = []
    for number, (name, request) in enumerate(read, start=1):
        assert isinstance(request, Request)
        seen[name] += 1
        index = seen[name] if counts[name] > 1 else None
        samples.append(sample_of(number, name, index, request))
    return samples


def _texts(made: Draft) -> dict[str, str]:
    """Every file of a draft by its name."""
    own = {f"{made.address}{SUFFIX}": made.channel, f"{made.address}{CASES}": made.cases}
    return {**own, **made.files}


def _write(folder: Path, texts: Mapping[str, str], *, force: bool) -> None:
    """Write all files, or none where one is there already."""
    if folder.exists() and not folder.is_dir():
        raise CallError(f"--output {folder} is no folder")
    there = [name for name in texts if (folder / name).exists() or (folder / name).is_symlink()]
    if there and not force:
        raise CallError(
            f"{folder / there[0]} is there already; --force replaces it, --channel names another"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())


def _shown(made: Draft) -> dict[str, Any]:
    return {
        "address": made.address,
        "entity": made.entity,
        "channel": made.channel,
        "cases": made.cases,
        "files": dict(made.files),
        "guesses": [guess.to_dict() for guess in made.guesses],
        "notes": list(made.notes),
    }


def _told(made: Draft, folder: Path, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What was written, what was guessed, and what to do next."""
    shown = [visible(str(folder / name)) for name in names]
    yield "good", f"wrote {', '.join(shown[:-1])} and {shown[-1]}"
    if made.guesses:
        yield "plain", "\n\nGuessed:"
    meanings = max((len(guess.meaning) for guess in made.guesses), default=0)
    paths = max((len(guess.path) for guess in made.guesses), default=0)
    for guess in made.guesses:
        yield "plain", f"\n  {guess.meaning:<{meanings}}  "
        yield "name", f"{visible(guess.path):<{paths}}"
        yield "plain", f"  -> {guess.field}" if guess.field else "  (in no field)"
    yield "plain", "\n"
    for note in made.notes:
        yield "plain", f"\n- {visible(note)}"
    yield "plain", "\n\nNext: read the lines with TODO in "
    yield "name", shown[0]
    yield "plain", ", then run "
    yield "name", f"leadlark test {shown[1]}"

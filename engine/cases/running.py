"""Cases run: each against a store of its own that holds what the case says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ..adapters.memory import MemoryStore
from ..errors import PayloadError, StoreError, UnknownChannelError
from ..request.payload import Request, payloads_from_file
from ..store import Record
from .after import TYPES, after_differences
from .located import Items, Node, Scalar, mistake
from .matching import differences
from .model import Case, CaseFile, CaseRequest, CaseResult, Difference, Outcome

if TYPE_CHECKING:
    from ..channel import Channel, Rules

MAX_BYTES: Final = 64 * 1024 * 1024
"""The most bytes that are read of a payload file."""

Sent: TypeAlias = "Callable[[Channel, Request, datetime], None]"
"""Is told of every request that a channel has decided on, and of the time of its case."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a case makes: its decisions as JSON values, and the records that the store then holds.

    A request that cannot be read is a map with the key ``error`` among the decisions.
    """

    decided: tuple[dict[str, Any], ...]
    held: tuple[Record, ...]


def run_cases(
    file: CaseFile, rules: Rules, wanted: str = "", sent: Sent | None = None
) -> Iterator[CaseResult]:
    """Run the cases of a file whose names contain ``wanted``, in any case, in order.

    ``sent`` is told of their requests, for those who measure what cases reach.

    Raises `CaseError` if the file's channel is not among the rules, or where a case's store
    cannot be set up or its file not be read.
    """
    channel = channel_of(file, rules)
    for case in file.cases:
        if is_wanted(case, wanted):
            yield _run(case, channel, file.path, sent)


def channel_of(file: CaseFile, rules: Rules) -> Channel:
    """The channel that a case file is about; raises `CaseError` if the rules do not have it."""
    try:
        return rules.only(file.channel)
    except UnknownChannelError as error:
        raise mistake(str(error), file.channel_place, file.path) from error


def is_wanted(case: Case, wanted: str) -> bool:
    """Whether a case's name contains the text, in any case."""
    return wanted.casefold() in case.name.casefold()


def _run(case: Case, channel: Channel, path: str, sent: Sent | None) -> CaseResult:
    line = case.place.line
    if case.skip is not None:
        return CaseResult(case.name, path, line, "skipped", case.skip)
    try:
        made = make(case, channel, sent)
    except (StoreError, OSError) as error:
        raise mistake(f"the case cannot be run: {error}", case.place, path) from error
    found = unexpected(case, made)
    outcome: Outcome = "failed" if found else "passed"
    reason = _reason(made.decided)
    if case.todo is not None:
        outcome, reason = "todo" if found else "unexpected pass", case.todo
    return CaseResult(case.name, path, line, outcome, reason, found, case.notes)


def make(case: Case, channel: Channel, sent: Sent | None = None) -> Made:
    """Send what a case sends.

    Raises `StoreError` where its store cannot be set up, `OSError` where its file cannot be read.
    """
    with MemoryStore(case.records, region=channel.region) as store:
        decided: list[dict[str, Any]] = []
        for request in _requests(case.request):
            try:
                if isinstance(request, PayloadError):
                    raise request
                decisions = channel.process_all(request, store, case.now)
            except PayloadError as error:
                shown = {"code": error.code, "message": error.message, "place": error.place}
                decided.append({"error": shown})
                continue
            decided += [decision.to_dict() for decision in decisions]
            if sent is not None:
                sent(channel, request, case.now)
        held = tuple(record for type in TYPES.values() for record in store.records(type))
    return Made(tuple(decided), held)


def unexpected(case: Case, made: Made) -> tuple[Difference, ...]:
    """What of a case's expectations is not so."""
    found: list[Difference] = []
    if case.expect is not None:
        found += _of_decisions(case.expect, made.decided)
    if case.after is not None:
        found += after_differences(case.after, made.held)
    return tuple(found)


def _reason(decided: Iterable[dict[str, Any]]) -> str:
    said = (
        f"cannot be read, {each['error']['message']}"
        if "error" in each
        else f"{each['action']}, {each['reason']}"
        for each in decided
    )
    return "; ".join(said) or "nothing"


def _requests(sent: CaseRequest) -> Iterator[Request | PayloadError]:
    """The request of a case; several where its file holds several payloads."""
    if sent.file is not None:
        with sent.file.open("rb") as stream:
            data = stream.read(MAX_BYTES)
        yield from payloads_from_file(sent.file.name, data, query=sent.query, headers=sent.headers)
        return
    try:
        yield Request.from_http(
            method=sent.method, query=sent.query, headers=sent.headers, body=sent.body
        )
    except PayloadError as error:
        yield error


def _of_decisions(expected: Node, decided: Sequence[dict[str, Any]]) -> Iterator[Difference]:
    """An expectation that is a map is about the one decision, a list about all of them."""
    if isinstance(expected, Scalar):
        told = "something: `expect` is empty, and `leadlark test --update` fills it in"
        yield Difference("expect", expected.place.line, told, _reason(decided))
        return
    each: Sequence[Node] = expected.items if isinstance(expected, Items) else (expected,)
    if len(each) != len(decided):
        wanted = f"{len(each)} decision{'' if len(each) == 1 else 's'}"
        yield Difference("", expected.place.line, wanted, str(len(decided)))
        return
    for index, (one, decision) in enumerate(zip(each, decided, strict=True)):
        yield from differences(one, decision, f"[{index}]" if isinstance(expected, Items) else "")

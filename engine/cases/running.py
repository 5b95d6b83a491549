"""Cases run: each against a store of its own that holds what the case says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from ..adapters.memory import MemoryStore
from ..errors import PayloadError, StoreError, UnknownChannelError
from ..request.payload import Request, payloads_from_file
from .after import TYPES, after_differences
from .located import Items, Node, mistake
from .matching import differences
from .model import Case, CaseFile, CaseRequest, CaseResult, Difference

if TYPE_CHECKING:
    from ..channel import Channel, Rules

MAX_BYTES: Final = 64 * 1024 * 1024
"""The most bytes that are read of a payload file."""


def run_cases(file: CaseFile, rules: Rules, wanted: str = "") -> Iterator[CaseResult]:
    """Run the cases of a file whose names contain ``wanted``, in any case, in order.

    Raises `CaseError` if the file's channel is not among the rules, or where a case's store
    cannot be set up or its file not be read.
    """
    try:
        channel = rules.only(file.channel)
    except UnknownChannelError as error:
        raise mistake(str(error), file.channel_place, file.path) from error
    for case in file.cases:
        if wanted.casefold() in case.name.casefold():
            yield _run(case, channel, file.path)


def _run(case: Case, channel: Channel, path: str) -> CaseResult:
    line = case.place.line
    if case.skip is not None:
        return CaseResult(case.name, path, line, "skipped", case.skip)
    try:
        reason, found = _decided(case, channel)
    except (StoreError, OSError) as error:
        raise mistake(f"the case cannot be run: {error}", case.place, path) from error
    if case.todo is None:
        return CaseResult(case.name, path, line, "failed" if found else "passed", reason, found)
    if found:
        return CaseResult(case.name, path, line, "todo", case.todo, found)
    return CaseResult(case.name, path, line, "unexpected pass", case.todo)


def _decided(case: Case, channel: Channel) -> tuple[str, tuple[Difference, ...]]:
    """What was decided, in a sentence, and what of it is not as expected."""
    with MemoryStore(case.records, region=channel.region) as store:
        actual: list[dict[str, Any]] = []
        for request in _requests(case.request):
            try:
                if isinstance(request, PayloadError):
                    raise request
                decisions = channel.process_all(request, store, case.now)
                actual += [decision.to_dict() for decision in decisions]
            except PayloadError as error:
                shown = {"code": error.code, "message": error.message, "place": error.place}
                actual.append({"error": shown})
        found: list[Difference] = []
        if case.expect is not None:
            found += _of_decisions(case.expect, actual)
        if case.after is not None:
            held = [record for type in TYPES.values() for record in store.records(type)]
            found += after_differences(case.after, held)
    return _reason(actual), tuple(found)


def _reason(actual: Iterable[dict[str, Any]]) -> str:
    said = (
        f"cannot be read, {each['error']['message']}"
        if "error" in each
        else f"{each['action']}, {each['reason']}"
        for each in actual
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


def _of_decisions(expected: Node, actual: Sequence[dict[str, Any]]) -> Iterator[Difference]:
    """An expectation that is a map is about the one decision, a list about all of them."""
    each: Sequence[Node] = expected.items if isinstance(expected, Items) else (expected,)
    if len(each) != len(actual):
        wanted = f"{len(each)} decision{'' if len(each) == 1 else 's'}"
        yield Difference("", expected.place.line, wanted, str(len(actual)))
        return
    for index, (one, decision) in enumerate(zip(each, actual, strict=True)):
        yield from differences(one, decision, f"[{index}]" if isinstance(expected, Items) else "")

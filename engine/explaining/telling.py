"""From a request, a channel and a store to explanations: the decision is made, and told.

Nothing is written. The store is only searched, as `Channel.decide_all` searches it: each payload
on the store as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ..channel import Channel
from ..codes import TITLES
from ..deciding.decide import decide
from ..decision import Decision
from ..errors import PayloadError
from ..mapping.mapped import MappedPayload
from ..mapping.program import Program
from ..mapping.scope import Surroundings
from ..pages import page
from ..request.payload import Request
from ..store import Found, Record, Search, Store, settle
from ..values.dates import utc_text
from .conditions import bound_lets, tested_conditions
from .explanation import Explanation, ReadPath, ToldWarning, Unreadable
from .headline import Headline
from .masking import Mask
from .outcomes import FieldTelling
from .problems import told_problems
from .reading import Reader, outer_params
from .searches import SearchTelling
from .sharing import prepare, shared_decision, shared_reason
from .unread import unread_keys
from .watching import Watched, watched
from .wording import sentence

_EMPTY = MappedPayload("ignore", "the payload is an empty list")


def explain(
    channel: Channel,
    request: Request,
    store: Store,
    now: datetime | None = None,
    *,
    mask: Mask | None = None,
) -> tuple[Explanation, ...]:
    """Tell what would become of a request, and why, for every payload of it in order.

    Reads the store and writes nothing. With a ``mask`` personal data are replaced; the same mask
    for several requests keeps equal values equal. Raises `StoreError` where the store is out of
    reach and `ValueError` for a time without an offset.
    """
    moment = datetime.now(UTC) if now is None else now
    if moment.tzinfo is None:
        raise ValueError("now is a time with an offset, such as datetime.now(UTC)")
    program = channel.program
    if mask is not None:
        mask.learn(program)
    parts = request.split()
    if not parts:
        return (_told(program, request, _EMPTY, Watched(), store.search, moment, mask),)
    return tuple(
        _told(program, single, mapped, seen, store.search, moment, mask)
        for single in parts
        for mapped, seen in watched(program, single, moment)
    )


def explain_error(
    channel: Channel, error: PayloadError, now: datetime, *, mask: Mask | None = None
) -> Explanation:
    """Tell why a payload cannot be read: there is nothing to decide on."""
    message, place = error.message, error.place
    if mask is not None:
        message, place = mask.sentence(message), place and mask.loose(place)
    at = f" (at {place})" if place else ""
    told = Unreadable(error.code, TITLES[error.code], message, place, _gist(error.code))
    program = channel.program
    return replace(
        _base(program, now, mask),
        headline=f"No {program.type} would be created: the payload cannot be read.",
        because=sentence(f"{error.code}: {message}{at}"),
        error=told,
    )


def _gist(code: str) -> str:
    """The first paragraph of the page of a code, on one line."""
    paragraphs = page(code).split("\n\n")
    return " ".join(paragraphs[1].split()) if len(paragraphs) > 1 else ""


def _base(program: Program, now: datetime, mask: Mask | None) -> Explanation:
    return Explanation(
        channel=program.address,
        title=program.title,
        type=program.type,
        file=program.source.name,
        rules=program.rules,
        now=utc_text(now),
        headline="",
        because="",
        masked=mask is not None,
    )


@dataclass(slots=True)
class _Asking:
    """Passes searches on to a store and keeps what it answers."""

    search: Callable[[Search], Found]
    asked: list[tuple[Search, Found]]

    def __call__(self, search: Search) -> Found:
        found = tuple(self.search(search))
        self.asked.append((search, found))
        return found

    @property
    def records(self) -> dict[tuple[str, str], Record]:
        return {(each.type, each.id): each for _, found in self.asked for each in found}


def _told(
    program: Program,
    request: Request,
    mapped: MappedPayload,
    seen: Watched,
    search: Callable[[Search], Found],
    now: datetime,
    mask: Mask | None,
) -> Explanation:
    asking = _Asking(search, [])
    plan = settle(decide(program, mapped, now), asking)
    secret = None if program.auth is None else program.auth.path
    around = Surroundings(request, program.address, now, secret)
    reader = Reader(program, around, seen, mask)
    prepare(reader, mapped, asking.records.values())
    # What templates become is told first: a mask takes it from there.
    lets = tuple(bound_lets(reader))
    fields = tuple(FieldTelling(reader, mapped, plan, asking.records).fields())
    searches = tuple(SearchTelling(reader, mapped, asking.asked).searches())
    conditions = tuple(tested_conditions(reader))
    reason = shared_reason(reader, mapped, plan.decision)
    decision = shared_decision(reader, mapped, plan.decision, reason)
    problems = told_problems(reader, plan.decision, reason)
    told = Headline(reader, mapped, plan, decision, searches, fields, conditions, problems)
    headline, because = told.lines()
    return replace(
        _base(program, now, mask),
        headline=headline,
        because=because,
        element=seen.index,
        decision=decision,
        links=plan.links,
        problems=problems,
        warnings=tuple(_warnings(reader, plan.decision)),
        searches=searches,
        fields=fields,
        conditions=conditions,
        lets=lets,
        params=tuple(_params(reader)),
        unread=tuple(_unread(reader, request)),
    )


def _warnings(reader: Reader, decision: Decision) -> Iterator[ToldWarning]:
    for note in decision.warnings:
        path = note.path
        if path is not None and reader.mask is not None:
            path = reader.mask.loose(path)
        message = reader.sentence(note.message)
        yield ToldWarning(note.code, TITLES[note.code], message, path)


def _params(reader: Reader) -> Iterator[ReadPath]:
    """Every path that was read, in order of writing, with the lines that read it."""
    found: dict[tuple[str, bool], ReadPath] = {}
    program = reader.program
    for statements, above in ((program.before, True), (program.after, False)):
        for statement in statements:
            for node in outer_params(statement):
                read = reader.param(node, above=above)
                if read is None:
                    continue
                line = reader.line(node)
                known = found.get((read.path, above))
                lines = (line,) if known is None else known.lines
                if line not in lines:
                    lines = (*lines, line)
                told = ReadPath(read.path, read.declared, read.sent, read.read, lines)
                found[read.path, above] = told
    yield from found.values()


def _unread(reader: Reader, request: Request) -> Sequence[str]:
    is_query = request.body is None and request.payload == request.query
    paths = unread_keys(reader.program, request.payload, is_query=is_query)
    return paths if reader.mask is None else [reader.mask.loose(path) for path in paths]

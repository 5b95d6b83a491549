"""How an explanation says values and counts in its sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..values.value import Json, write_json
from .explanation import (
    AskedSearch,
    Candidate,
    Explanation,
    MappedFieldTold,
    Outcome,
    ReadParam,
    ReadPath,
    SearchKey,
    TestedCondition,
    Told,
    ToldWarning,
)

LONGEST: Final = 80
"""The most characters of a value that stand in a sentence."""

_STATES: Final = {"absent": "absent", "null": "null", "empty": "empty", "value": ""}


def said(told: Told) -> str:
    """A value within a sentence: text in quotes, `absent` where it is not there."""
    return value_text(told.value) if told.given else _STATES[told.state]


def value_text(value: Json) -> str:
    """A value that is there, as JSON writes it, cut where it is long."""
    return short(write_json(value))


def short(text: str) -> str:
    """The text, cut where it is long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words in a row: `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def counted(count: int, noun: str) -> str:
    """A number with its noun in the right number."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def sentence(text: str) -> str:
    """The text with a capital letter and a full stop."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '…', '!', '?')) else '.'}"


def chain(param: ReadParam | ReadPath) -> list[tuple[str, str]]:
    """A param from what was sent to its result: each value, and what made it of the one before."""
    stations = [(said(param.sent), "")]
    if param.read != param.sent:
        stations.append((said(param.read), f"declared {param.declared}"))
    before = param.read
    for step in param.steps if isinstance(param, ReadParam) else ():
        same = step.result == before
        if same and not before.given:
            continue  # most filters pass on what is no value, and nobody asks for that
        stations.append(("the same" if same else said(step.result), step.filter))
        before = step.result
    return stations


def chain_text(param: ReadParam | ReadPath) -> str:
    """The same on one line: `" Мария " → "Мария" (trim)`."""
    return " → ".join(f"{value} ({by})" if by else value for value, by in chain(param))


def contact_words(explanation: Explanation) -> str:
    """What would happen to the contact, in a line."""
    assert explanation.decision is not None
    contact = explanation.decision["contact"]
    if contact is None or contact["action"] == "none":
        return "no contact"
    ids = contact["ids"]
    words = {
        "create": "would be created",
        "update": "would be updated",
        "complete": "would be completed",
        "keep": "found, nothing to write",
    }
    others = (
        f"; contact{'s' if len(ids) > 2 else ''} {', '.join(ids[1:])} linked" if ids[1:] else ""
    )
    return f"{' '.join(['contact', *ids[:1]])}: {words[contact['action']]}{others}"


def entity_parts(explanation: Explanation) -> list[tuple[str, str | None]]:
    """Each lead or deal that is written: what would happen to it in a line, and its id."""
    assert explanation.decision is not None
    entity = explanation.decision["entity"]
    if entity is None:
        return []
    if entity["records"] is not None:
        return [(_record_words(entity["type"], each), each["id"]) for each in entity["records"]]
    if explanation.action == "create":
        said_of = [(name, entity[name]) for name in ("status", "responsible")]
        more = "".join(f", {name} {value}" for name, value in said_of if value is not None)
        return [(f"{entity['type']}: would be created{more}", None)]
    id = entity["ids"][0]
    return [(_record_words(entity["type"], {**entity, "id": id}), id)]


def contact_id(explanation: Explanation) -> str | None:
    """The id of the contact that is written, None for one that is created."""
    contact = None if explanation.decision is None else explanation.decision["contact"]
    return contact["ids"][0] if contact is not None and contact["ids"] else None


def written_fields(
    explanation: Explanation, record: str | None, *, contact: bool
) -> list[tuple[MappedFieldTold, Outcome]]:
    """What one record gets, with the reason; ``record`` is None for one that is created."""
    return [
        (each, outcome)
        for each in explanation.fields
        if (each.target == "contact") == contact
        for outcome in each.outcomes
        if outcome.writes and outcome.record == record
    ]


def _record_words(type: str, record: Mapping[str, Any]) -> str:
    if not record["fields"] and record["status"] is None:
        return f"{type} {record['id']}: found, nothing to write"
    status = "" if record["status"] is None else f", status {record['status']}"
    return f"{type} {record['id']}: would be updated{status}"


def line_words(lines: Sequence[int]) -> str:
    """`line 3` or `lines 3, 5`."""
    return f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}"


def key_words(key: SearchKey) -> str:
    """What is searched by, as sent, and where the rule says so."""
    if not key.keys:
        sent = _sent_words(key)
        more = f" ({sent})" if sent else ""
        return f"not by {key.field} (line {key.line}): {key.why}{more}"
    return f"by {key.field} {', '.join(key.keys)} (line {key.line}), sent {said(key.sent)}"


def _sent_words(key: SearchKey) -> str | None:
    """What was sent for a field by which nothing is searched, None where nothing was."""
    words = {"value": said(key.sent), "null": "null", "empty": "empty text"}
    sent = words.get(key.sent.state)
    return None if sent is None else f"{sent} was sent"


def keyless_words(type: str, key: SearchKey) -> str:
    """Why nothing is searched by a field: `contact EMAIL has no value (line 12)`."""
    field, own = f"{type} {key.field}", key.why or ""
    verb = own.removeprefix("it ")
    place = ", ".join(filter(None, (f"line {key.line}", _sent_words(key))))
    return f"{field} {verb} ({place})" if verb != own else f"{field} ({place}): {own}"


def no_value_words(params: Sequence[ReadParam]) -> str:
    """Why a value is none: the params without one, and the filters that leave none; or nothing."""
    words = []
    for each in params:
        if each.result.given:
            continue
        before = each.read
        for step in each.steps:
            if before.given and not step.result.given:
                break
            before = step.result
        else:
            words.append(f"`{each.path}` is {said(each.result)}")
            continue
        lost = "has no row for it" if step.filter.startswith("lookup ") else "makes no value of it"
        words.append(f"`{each.path}` is {said(before)}, and `{step.filter}` {lost}")
    return "; ".join(words)


def by_contact_words(search: AskedSearch) -> str:
    """What is searched by where it is by contacts."""
    where = f" in status {listed(search.statuses, 'or')}" if search.statuses else " in any status"
    several = "s" if len(search.contacts) > 1 else ""
    return f"by contact{several} {listed(search.contacts[:10], 'or')},{where}"


def candidate_words(type: str, candidate: Candidate) -> str:
    """A record that was found: why it was chosen, or not."""
    status = "" if candidate.status is None else f", status {candidate.status}"
    by = f", has {', '.join(candidate.matches)}" if candidate.matches else ""
    chosen = "chosen" if candidate.chosen else "not chosen"
    return f"{type} {candidate.id}{status}{by}: {chosen}, {candidate.why}"


def where_words(explanation: Explanation) -> str:
    """Where the payload and the rules are, and for what time it is told."""
    names = {None: "", "-": "standard input", "--query": "the query string"}
    source = names.get(explanation.source, explanation.source or "")
    element = "" if explanation.element is None else f"element {explanation.element + 1}"
    payload = ", ".join(part for part in (source, element) if part)
    by = f"channel {explanation.channel} of {explanation.file}, at {explanation.now}"
    masked = "; personal data are masked" if explanation.masked else ""
    return f"{payload}{': ' if payload else ''}{by}{masked}"


def left_out(explanation: Explanation) -> list[tuple[MappedFieldTold, str]]:
    """The fields that a record does not get, with the reason.

    Of a decision that writes nothing none is named: no field is to blame.
    """
    if explanation.decision is None or explanation.action in ("ignore", "reject"):
        return []
    found: list[tuple[MappedFieldTold, str]] = []
    for each in explanation.fields:
        reasons: dict[str, list[str]] = {}
        for outcome in each.outcomes:
            if not outcome.writes:
                reasons.setdefault(outcome.why, []).append(outcome.record or "")
        if each.why is not None:
            reasons[each.why] = []
        for why, records in reasons.items():
            named = ", ".join(records) if len(each.outcomes) > 1 else ""
            found.append((each, f"{why}{f' ({each.target} {named})' if named else ''}"))
    return found


def mapped_only(explanation: Explanation) -> list[MappedFieldTold]:
    """The fields that would have had a value, had the decision written anything."""
    if explanation.action not in ("ignore", "reject"):
        return []
    return [each for each in explanation.fields if each.result.given]


def outcome_words(field: MappedFieldTold, outcome: Outcome) -> str:
    """Why a found record gets the value of a field."""
    held = f" holds {said(outcome.stored)}" if outcome.stored.given else ""
    return f"{field.target} {outcome.record}{held}: {outcome.why}"


def holds_words(condition: TestedCondition) -> str:
    """Whether a condition holds, or an `else` is taken."""
    if condition.kind == "else":
        return "taken"
    return "holds" if condition.holds else "does not hold"


def warning_words(warning: ToldWarning) -> str:
    """A warning's sentence, after the path that it is about unless it names that itself."""
    named = warning.path is None or f"`{warning.path}`" in warning.message
    return warning.message if named else f"`{warning.path}`: {warning.message}"

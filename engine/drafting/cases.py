"""The case file of a draft: its samples, each with what the draft decides now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ..adapters.memory import MemoryStore
from ..cases.writing import entry, scalar
from ..channel import Channel
from ..decision import Decision
from ..limits import MAX_PAYLOAD_BYTES
from ..request.payload import Request
from ..values.keys import is_multi
from ..values.value import Json, write_json
from .samples import Sample

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The time of every case of a draft."""

MOST_CASES: Final = 20
"""Samples that become cases; those of a shape of their own come first."""

_INLINE: Final = 4_000  # characters of a sample that stands in the case file itself
_KEY: Final = 500  # of a key there; YAML allows 1,024 in its spelling
_SHOWN: Final = 200  # of a text that is expected
_WARNED: Final = 3


@dataclass(frozen=True, slots=True)
class CaseText:
    """A case file, the payload files beside it by name, and how many samples have no case."""

    text: str
    files: Mapping[str, str]
    left_out: int


def case_text(
    samples: Sequence[Sample], channel: Channel, stem: str, header: Sequence[str]
) -> CaseText:
    """The case file of a draft; ``stem`` is what its rule file and the files beside it begin with.

    A sample is written into the file; one that is large, or whose keys are, becomes a file.
    """
    chosen = _chosen(samples, channel)
    files: dict[str, str] = {}
    lines = [f"# {line}" if line else "#" for line in header]
    lines += ["", f"rules: {stem}.channel", "now: 2026-01-01T00:00:00Z", "", "cases:"]
    for at, sample in enumerate(chosen):
        request = _Sent(sample, f"{stem}-{sample.number}", "sample" if at == 0 else "")
        store = MemoryStore(region=channel.region)
        decisions = channel.process_all(sample.request, store, NOW)
        title = f"{sample.title} {_outcome(decisions)}"
        if at:
            lines.append("")
        lines += _case(title, request.lines(files), [_expected(each) for each in decisions])
        if at == 0:
            again = channel.process_all(sample.request, store, NOW)
            title = f"{sample.title} sent again {_outcome(again)}"
            twice: list[Json] = [{"action": each.action} for each in decisions]
            twice += [_expected(each) for each in again]
            lines += ["", *_case(title, request.twice(files), twice)]
    left_out = {each.number for each in samples} - {each.number for each in chosen}
    return CaseText("\n".join(lines) + "\n", files, len(left_out))


def _fits(payload: Json) -> bool:
    """Whether a payload is still within the limits as it is written here."""
    return len(write_json(payload).encode()) <= MAX_PAYLOAD_BYTES


def _chosen(samples: Sequence[Sample], channel: Channel) -> list[Sample]:
    """The samples that become cases, in their order."""
    usable = [each for each in samples if _fits(each.payload)]
    if not usable:  # a case file has a case at least
        return [Sample(0, "an empty payload", "json", Request({}))]
    if len(usable) <= MOST_CASES:
        return usable
    seen: dict[tuple[Any, ...], Sample] = {}
    for sample in usable:
        decided = channel.decide_all(sample.request, MemoryStore(region=channel.region), NOW)
        seen.setdefault(tuple(map(_signature, decided)), sample)
    kinds = {each.number for each in seen.values()}
    first = [*seen.values(), *(each for each in usable if each.number not in kinds)]
    return sorted(first[:MOST_CASES], key=lambda each: each.number)


def _signature(decision: Decision) -> tuple[Any, ...]:
    fields = decision.entity.fields if decision.entity is not None else None
    people = decision.contact.fields if decision.contact is not None else {}
    return decision.action, decision.reason, tuple(fields or ()), tuple(people)


@dataclass(frozen=True, slots=True)
class _Sent:
    """How a case sends a sample; ``anchor`` names it where another case sends it again."""

    sample: Sample
    name: str
    anchor: str

    @property
    def inline(self) -> bool:
        payload = self.sample.payload
        return len(write_json(payload)) <= _INLINE and _short_keys(payload)

    def lines(self, files: dict[str, str]) -> Iterator[str]:
        """The lines of the case that send the sample."""
        if self.inline:
            mark = f"&{self.anchor}" if self.anchor else ""
            yield from entry(self.sample.transport, self.sample.payload, 4, mark)
            return
        files[f"{self.name}.json"] = f"{write_json(self.sample.payload)}\n"
        yield f"    file: {self.name}.json"

    def twice(self, files: dict[str, str]) -> Iterator[str]:
        """The lines of a case that send it two times."""
        if self.inline:
            yield f"    json: [*{self.anchor}, *{self.anchor}]"
            return
        files[f"{self.name}-twice.ndjson"] = f"{write_json(self.sample.payload)}\n" * 2
        yield f"    file: {self.name}-twice.ndjson"


def _short_keys(value: Json) -> bool:
    if isinstance(value, dict):
        return all(len(key) <= _KEY and _short_keys(each) for key, each in value.items())
    return all(map(_short_keys, value)) if isinstance(value, list) else True


def _case(title: str, request: Iterator[str], expected: Sequence[Json]) -> Iterator[str]:
    yield f"  - name: {scalar(title)}"
    yield from request
    yield from entry("expect", expected[0] if len(expected) == 1 else [*expected], 4)


def _expected(decision: Decision) -> Json:
    """What of a decision is worth to be kept: what becomes of whom, and the short values."""
    shown: dict[str, Json] = {"action": decision.action}
    if decision.action in ("ignore", "reject"):
        shown["reason"] = decision.reason
    if decision.contact is not None:
        contact: dict[str, Json] = {"action": decision.contact.action}
        fields = _fields(decision.contact.fields)
        shown["contact"] = {**contact, "fields": fields} if fields else contact
    if decision.entity is not None:
        entity: dict[str, Json] = {"type": decision.entity.type}
        fields = _fields(decision.entity.fields or {})
        shown["entity"] = {**entity, "fields": fields} if fields else entity
    codes: list[Json] = [{"code": note.code, "path": note.path} for note in decision.warnings]
    if 0 < len(codes) <= _WARNED and all(_short(each.path or "") for each in decision.warnings):
        shown["warnings"] = codes
    return {key: value for key, value in shown.items() if _short(value)}


def _fields(fields: Mapping[str, Json]) -> dict[str, Json]:
    return {
        name: value if is_multi(name) or not isinstance(value, list) else [*value]
        for name, value in fields.items()
        if _short(value)
    }


def _short(value: Json) -> bool:
    """Whether a value is short, and no matcher of case files."""
    if isinstance(value, list):
        return len(value) <= MOST_CASES and all(map(_short, value))
    if isinstance(value, str):
        return len(value) <= _SHOWN and not value.startswith("$")
    return not isinstance(value, dict) or not any(name.startswith("$") for name in value)


def _outcome(decisions: Sequence[Decision]) -> str:
    """What becomes of a sample, in words."""
    said_once = dict.fromkeys(map(_one_outcome, decisions))
    shown = list(said_once)[:3]
    return "; ".join(shown) + ("; …" if len(said_once) > len(shown) else "")


def _one_outcome(decision: Decision) -> str:
    what = decision.entity.type if decision.entity is not None else "record"
    match decision.action:
        case "create":
            return f"creates a {what}"
        case "update":
            return f"updates the {what}"
        case "ignore":
            return "is ignored"
        case "reject":
            return "is rejected"

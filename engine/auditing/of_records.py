"""What deciding the payloads in order does with records: codes A301 and A302."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ..explaining.masking import personal
from ..mapping.mapped import FieldMap
from ..mapping.program import Program
from ..request.place import Place
from ..store import Found, Record, RecordType, Search, Write
from ..values.keys import keys_of
from ..values.value import Json, has_value, nfc, to_text, trim
from .finding import Example, Finding, many
from .observed import Seen, shortened
from .replay import Decided

SAYS_NOTHING: Final = frozenset(
    (
        "null",
        "none",
        "nil",
        "nan",
        "undefined",
        "unknown",
        "n/a",
        "na",
        "not set",
        "[object object]",
        "нет",
        "нет данных",
        "не указано",
        "не указан",
        "неизвестно",
    )
)
"""Words that forms and their scripts send for no value, in lower case."""

_Id: TypeAlias = "tuple[RecordType, str]"


@dataclass(slots=True)
class Witnessed:
    """What the payloads, decided and applied in order, find and overwrite.

    ``several`` counts payloads by the type of records of which their keys find several,
    ``blanked`` updates by record type, field and line of the rule.
    """

    program: Program
    several: dict[RecordType, Seen] = field(default_factory=dict)
    blanked: dict[tuple[RecordType, str, int | None], Seen] = field(default_factory=dict)
    made: dict[_Id, Place] = field(default_factory=dict)

    def see(self, decided: Decided) -> None:
        """Take note of one decision."""
        for search, found in decided.heard:
            if search.keys and len(found) > 1:
                seen = self.several.setdefault(search.type, Seen())
                seen.add(self._several(decided.place, search, found))
        before = {(each.type, each.id): each for _, found in decided.heard for each in found}
        plan, mapped = decided.plan, decided.mapped
        if plan.contact is not None:
            self._blanked(decided.place, plan.contact, before, mapped.contact_fields)
        for write in plan.entities:
            self._blanked(decided.place, write, before, mapped.entity_fields)
        self._remember(decided)

    def _several(self, place: Place, search: Search, found: Found) -> Example:
        region = self.program.region
        matched = {
            each.id: {
                key
                for name in {key.field for key in search.keys}
                for key in keys_of(name, each.fields.get(name), region)
            }
            for each in found
        }
        keys = tuple(key for key in search.keys if any(key in held for held in matched.values()))
        named = " and ".join(self._named(each) for each in found[:3])
        more = f" and {len(found) - 3:,} more" if len(found) > 3 else ""
        return Example((place,), keys=keys, told=f"find {named}{more}")

    def _named(self, record: Record) -> str:
        """A record of the store by its id, one that a payload has made by that payload."""
        made = self.made.get((record.type, record.id))
        if made is None:
            return f"{record.type} {record.id}"
        element = f" element {made.element}" if made.element is not None else ""
        return f"the {record.type} of {made.file} payload {made.payload}{element}"

    def _blanked(
        self, place: Place, write: Write, before: Mapping[_Id, Record], fields: FieldMap
    ) -> None:
        record = before.get((write.type, write.id or ""))
        if record is None:
            return
        for name, new in write.fields.items():
            old = record.fields.get(name)
            if _tells(old) and not _tells(new):
                origins = fields[name].origins if name in fields else ()
                what = (write.type, name, origins[0].line if origins else None)
                kind = fields[name].kind if name in fields else None
                example = Example(
                    (place,),
                    (shortened(old), shortened(new)),
                    personal=personal(write.type, name, kind),
                )
                self.blanked.setdefault(what, Seen()).add(example)

    def _remember(self, decided: Decided) -> None:
        decision, plan = decided.decision, decided.plan
        if decision.contact is not None and plan.contact is not None and plan.contact.id is None:
            self.made["contact", decision.contact.ids[0]] = decided.place
        if decision.action == "create" and decision.entity is not None:
            self.made[decision.entity.type, decision.entity.ids[0]] = decided.place


def several_records(witnessed: Witnessed) -> Iterator[Finding]:
    """A301: payloads whose search keys find several records."""
    for type, seen in witnessed.several.items():
        advice = (
            "join them in the CRM; `many contacts` says what happens until then"
            if type == "contact"
            else "join them in the CRM; `find newest`, `oldest` or `all` says which counts"
        )
        yield Finding(
            "A301",
            "warning",
            type,
            f"the search keys of {many(seen.count, 'payload')} find several {type}s",
            seen.count,
            tuple(seen.examples),
            help=advice,
        )


def blanked_values(witnessed: Witnessed) -> Iterator[Finding]:
    """A302: updates that take away what a record holds."""
    for (type, name, line), seen in witnessed.blanked.items():
        yield Finding(
            "A302",
            "warning",
            f"{type}.{name}",
            f"{many(seen.count, 'update')} would replace a value of {type} field {name} by nothing",
            seen.count,
            tuple(seen.examples),
            line=line,
            help="`fill` keeps what is there; drop `clear`, or leave the word out with a `when`",
        )


def _tells(value: Json) -> bool:
    """Whether a value says anything: no value, signs alone and words for no value do not."""
    if not has_value(value):
        return False
    if not isinstance(value, str):
        return True
    text = nfc(trim(to_text(value))).casefold()
    return text not in SAYS_NOTHING and any(map(str.isalnum, text))

"""What is seen of payloads while they are read and mapped one by one; payloads are not kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from ..errors import PayloadError
from ..explaining.unread import is_there, params_read, unread_keys
from ..language.nodes import Assign, Path
from ..mapping.events import Assigned, Event
from ..mapping.mapped import Kind, MappedPayload, Target
from ..mapping.program import Program
from ..request.payload import Request
from ..request.place import Place
from ..store import Key
from ..values.value import Json, key_text
from .finding import SHOWN, Example

MAX_SUBJECTS: Final = 1_000
"""The most paths of payloads that are told apart; a sender can make up any number of them."""

MAX_KEYS: Final = 100_000
"""The most search keys that are watched for being shared."""

MAX_OTHERS: Final = 100
"""The most different values that are counted beside one search key."""

LONGEST: Final = 500
"""The most characters of a text that an example keeps."""

NAME: Final = "names"
"""What stands for the fields with a person's name, among the fields that a key comes with."""


@dataclass(slots=True)
class Seen:
    """A count and the first examples of it."""

    count: int = 0
    examples: list[Example] = field(default_factory=list)

    def add(self, example: Example) -> None:
        """Count one more; an example whose value is there already is not kept twice."""
        self.count += 1
        known = any(
            each.values == example.values and each.told == example.told for each in self.examples
        )
        if len(self.examples) < SHOWN and not (known and (example.values or example.told)):
            self.examples.append(example)


@dataclass(slots=True)
class FieldSeen:
    """What one assignment has given: how often, how often any value, and what is no contact data.

    ``values`` counts the values of a phone or e-mail field.
    """

    assign: Assign
    target: Target
    kind: Kind | None
    assigned: int = 0
    filled: int = 0
    values: int = 0
    wrong: Seen = field(default_factory=Seen)


@dataclass(slots=True)
class KeySeen:
    """A search key, and the different values that come with it, by their field."""

    example: Example
    count: int = 0
    others: dict[str, set[str]] = field(default_factory=dict)

    def add(self, name: str, text: str) -> None:
        """Take note of a value that comes with the key."""
        values = self.others.setdefault(name, set())
        if len(values) < MAX_OTHERS:
            values.add(text)


@dataclass(slots=True)
class Observed:
    """Everything that is counted of the payloads of one channel."""

    program: Program
    payloads: Counter[str] = field(default_factory=Counter)
    mapped: int = 0
    unread: dict[str, Seen] = field(default_factory=dict)
    missing: dict[Path, None] = field(default_factory=dict)
    fields: dict[int, FieldSeen] = field(default_factory=dict)
    rejected: dict[str | None, Seen] = field(default_factory=dict)
    unreadable: Seen = field(default_factory=Seen)
    keys: dict[Key, KeySeen] = field(default_factory=dict)
    place: Place = field(default_factory=lambda: Place("", 0))

    def __post_init__(self) -> None:
        self.missing = dict.fromkeys(params_read(self.program))

    def fail(self, place: Place, error: PayloadError) -> None:
        """A payload that cannot be read."""
        self.unreadable.add(Example((place,), told=f"{error.code}: {error}"))

    def begin(self, place: Place, request: Request) -> None:
        """A payload as it was sent."""
        self.place = place
        is_query = request.body is None and request.payload == request.query
        for path in unread_keys(self.program, request.payload, is_query=is_query):
            if path in self.unread or len(self.unread) < MAX_SUBJECTS:
                example = Example((place,), _value_at(request.payload, path))
                self.unread.setdefault(path, Seen()).add(example)
        for param in [each for each in self.missing if is_there(each, request.payload)]:
            del self.missing[param]

    def watch(self, event: Event) -> None:
        """What happens while the payload is mapped."""
        if not isinstance(event, Assigned):
            return
        seen = self.fields.get(event.assign.span.start)
        if seen is None:
            seen = FieldSeen(event.assign, event.target, event.field.kind)
            self.fields[event.assign.span.start] = seen
        seen.assigned += 1
        values = event.field.values
        seen.filled += bool(values)
        if event.field.kind is None:
            return
        seen.values += len(values)
        for each in values:
            if not each.keys:
                seen.wrong.add(
                    Example((self.place,), (shortened(each.value),), personal=event.field.kind)
                )

    def end(self, place: Place, mapped: MappedPayload) -> None:
        """One decision's mapping."""
        self.mapped += 1
        for problem in mapped.problems:
            if problem.path in self.rejected or len(self.rejected) < MAX_SUBJECTS:
                example = Example((place,), told=problem.message)
                self.rejected.setdefault(problem.path, Seen()).add(example)
        if mapped.outcome is None:
            self._keys(place, mapped)

    def _keys(self, place: Place, mapped: MappedPayload) -> None:
        contact = mapped.keys.contact
        names = [
            text.casefold()
            for name, each in mapped.contact_fields.items()
            if "NAME" in name.upper() and (text := key_text(each.value)) is not None
        ]
        person = " ".join(names)
        for key in (*contact, *mapped.keys.entity):
            seen = self.keys.get(key)
            if seen is None:
                if len(self.keys) >= MAX_KEYS:
                    continue
                seen = self.keys[key] = KeySeen(Example((place,), keys=(key,)))
            seen.count += 1
            if person:
                seen.add(NAME, person)
            for other in contact:
                if other.field != key.field:
                    seen.add(other.field, other.value)


def _value_at(payload: Json, path: str) -> tuple[Json, ...]:
    """The value of a top-level key that is a single one."""
    if isinstance(payload, dict) and path in payload:
        value = payload[path]
        if not isinstance(value, list | dict):
            return (shortened(value),)
    return ()


def shortened(value: Json) -> Json:
    """The value; a text that is long only with its beginning, since examples are kept."""
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:LONGEST]}…"
    return value

"""What params read: the payload, what surrounds it, and the lets of a channel.

Reading is one pass over a path's steps and never raises: what is not there is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Final

from ..decision import Note
from ..filters import fit
from ..language.nodes import Every, Index, Key, Path, Step, Where
from ..late_dataclass import dataclass, field
from ..request.payload import Request
from ..values.dates import utc_text
from ..values.value import ABSENT, Json, Value, has_value, nfc, to_text, write_json

MASK: Final = "***"
"""What stands in `<@payload>` and in `comment payload` for the secret that ``auth`` reads."""


class Notes:
    """The warnings of one decision, each once, in the order in which they arose."""

    def __init__(self) -> None:
        self._noted: dict[tuple[str, str | None], Note] = {}

    def add(self, code: str, message: str, path: str | None) -> None:
        """Note something; the first note of a code and a path is the one that stays."""
        self._noted.setdefault((code, path), Note(code, message, path))

    def add_all(self, notes: Iterable[Note]) -> None:
        """Note everything that others have noted."""
        for note in notes:
            self._noted.setdefault((note.code, note.path), note)

    def __iter__(self) -> Iterator[Note]:
        return iter(self._noted.values())


@dataclass(frozen=True)
class Surroundings:
    """What is around a payload: its request, the channel it reached, and when.

    ``masked`` is the path of the secret in the payload, if the channel's ``auth`` reads one.
    """

    request: Request
    channel: str
    now: datetime
    masked: Path | None = None

    @cached_property
    def payload_text(self) -> str:
        """The payload as JSON text, as `payload_text` gives it; every element has the same."""
        return payload_text(self.request.payload, self.masked)

    @cached_property
    def payload_comment(self) -> str:
        """That text, cut at the limit of a text."""
        return fit(self.payload_text)


@dataclass(frozen=True)
class Scope:
    """Where one param is read: ``payload`` is what bare paths read, an element under ``each``.

    ``item`` is that element itself, ``root`` the enclosing payload; both are absent outside of
    ``each`` and ``map``.
    """

    payload: Value
    around: Surroundings
    notes: Notes
    lets: Mapping[str, Value] = field(default_factory=dict)
    root: Value = ABSENT
    item: Value = ABSENT

    def read(self, path: Path) -> Value:
        """The value at a path: one value, a list where the path says ``[*]``, or absent."""
        steps = path.steps
        if path.root:
            return self._follow(self._surrounding(path), steps, path)
        first = steps[0]
        if isinstance(first, Key) and first.name in self.lets:
            return self._follow(self.lets[first.name], steps[1:], path)
        return self._follow(self.payload, steps, path)

    def _surrounding(self, path: Path) -> Value:
        request = self.around.request
        match path.root:
            case "@query":
                return dict(request.query)
            case "@header":
                return dict(request.headers)
            case "@id":
                return request.id if request.id is not None else ABSENT
            case "@now":
                return utc_text(self.around.now)
            case "@channel":
                return self.around.channel
            case "@address":
                return request.address or self.around.channel
            case "@payload":
                return self.around.payload_text
            case "@root":
                return self.root
            case "@item":
                return self.item
        return ABSENT

    def _follow(self, value: Value, steps: Sequence[Step], path: Path) -> Value:
        values: list[Value] = [value]
        several = False
        for step in steps:
            match step:
                case Key(name=name):
                    values = [self._member(each, name, path) for each in values]
                case Index(number=number):
                    values = [_element(each, number) for each in values]
                case Where():
                    values = [_first_where(each, step) for each in values]
                case Every():
                    several = True
                    values = [element for each in values for element in elements(each)]
            values = [each for each in values if each is not ABSENT]
            if not values:
                break
        if several:
            return [each for each in values if each is not ABSENT]
        return values[0] if values else ABSENT

    def _member(self, value: Value, name: str, path: Path) -> Value:
        if not isinstance(value, dict):
            return ABSENT
        key = member_key(value, name)
        if isinstance(key, tuple):
            known = ", ".join(key[:3])
            message = f"several keys differ from `{name}` only in case: {known}"
            self.notes.add("N102", message, path_text(path))
            return ABSENT
        return ABSENT if key is None else value[key]


def member_key(value: Mapping[str, Json], name: str) -> str | tuple[str, ...] | None:
    """The key of an object that a name means: the same, or the only one but for its case.

    Several that differ only in case are all returned; none is None.
    """
    if name in value:
        return name
    folded = name.casefold()
    alike = tuple(key for key in value if key.casefold() == folded)
    return alike[0] if len(alike) == 1 else alike or None


def elements(value: Value) -> list[Json]:
    """The elements of a list; a single value is a list of one, no value an empty one."""
    if isinstance(value, list):
        return value
    return [value] if value is not ABSENT and has_value(value) else []


def _element(value: Value, number: int) -> Value:
    if not isinstance(value, list) or not -len(value) <= number < len(value):
        return ABSENT
    return value[number]


def _first_where(value: Value, step: Where) -> Value:
    wanted = nfc(step.value)
    for element in elements(value):
        inner: Value = element
        for name in step.keys:
            key = member_key(inner, name) if isinstance(inner, dict) else None
            inner = inner[key] if isinstance(inner, dict) and isinstance(key, str) else ABSENT
        if inner is not ABSENT and nfc(to_text(inner)) == wanted:
            return element
    return ABSENT


def path_text(path: Path) -> str:
    """A path as it is written in a rule file, without its brackets."""
    text = path.root
    for step in path.steps:
        match step:
            case Key(name=name):
                plain = name.replace("-", "_").isidentifier() or name.isdigit()
                shown = (
                    name if plain else "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'"
                )
                text += f".{shown}" if text else shown
            case Index(number=number):
                text += f"[{number}]"
            case Every():
                text += "[*]"
            case Where(keys=keys, value=value):
                text += f"[{'.'.join(keys)}='{value}']"
    return text


def payload_text(payload: Json, masked: Path | None) -> str:
    """A payload as JSON text, the secret at ``masked`` hidden."""
    return write_json(payload if masked is None else _hide(payload, masked.steps))


def _hide(value: Json, steps: Sequence[Step]) -> Json:
    """The value with what stands at the steps replaced by `MASK`, if anything does."""
    if not steps:
        return MASK
    step, *rest = steps
    if isinstance(step, Key) and isinstance(value, dict):
        key = member_key(value, step.name)
        if isinstance(key, str):
            return {**value, key: _hide(value[key], rest)}
    elif isinstance(step, Index) and isinstance(value, list):
        index = step.number if step.number >= 0 else len(value) + step.number
        if 0 <= index < len(value):
            return [*value[:index], _hide(value[index], rest), *value[index + 1 :]]
    elif isinstance(step, Every) and isinstance(value, list):
        return [_hide(each, rest) for each in value]
    elif isinstance(step, Where) and isinstance(value, list):
        found = _first_where(value, step)
        return [_hide(each, rest) if each is found else each for each in value]
    return value

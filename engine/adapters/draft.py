"""What a unit of work changes in a store in memory, until all of it is known to be fine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from ..errors import StoreError
from ..late_dataclass import dataclass, field
from ..store import Plan, Record, RecordType, Task, Write
from .records import Stored, written

MAX_ID_DIGITS: Final = 19  # ids in databases are integers of 64 bits

Place: TypeAlias = tuple[RecordType, str]


@dataclass()
class Draft:
    """Changes beside the records held; ``last`` are the highest ids of each type."""

    held: dict[Place, Stored]
    last: dict[RecordType, int]
    changed: dict[Place, Stored] = field(default_factory=dict)
    comments: list[tuple[Place, str]] = field(default_factory=list)
    tasks: list[tuple[Place, Task]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.last = dict(self.last)

    def get(self, place: Place) -> Stored | None:
        """A record as it is after the unit of work."""
        return self.changed.get(place) or self.held.get(place)

    def add(self, stored: Stored) -> None:
        """Add an existing record under its id; raises `StoreError` where that cannot be."""
        record = stored.record
        if self.get((record.type, record.id)) is not None:
            raise StoreError(f"there are two records with the id {record.type} {record.id}")
        self._check_links(record.contacts)
        self.changed[record.type, record.id] = stored
        if record.id.isascii() and record.id.isdigit() and len(record.id) < MAX_ID_DIGITS:
            self.last[record.type] = max(self.last[record.type], int(record.id))

    def apply(self, plan: Plan) -> tuple[str | None, list[str]]:
        """Carry out a plan's writes; the ids of the created contact and of all entities."""
        created: str | None = None
        links = plan.links
        if plan.contact is not None:
            id = self._write(plan.contact, ())
            if plan.contact.id is None:
                created = id
                links = (id, *links)
        return created, [self._write(write, links) for write in plan.entities]

    def _check_links(self, contacts: Iterable[str]) -> None:
        for id in contacts:
            if self.get(("contact", id)) is None:
                raise StoreError(f"there is no contact with the id {id!r} to link")

    def _write(self, write: Write, links: Iterable[str]) -> str:
        if write.id is None:
            self.last[write.type] += 1
            id = str(self.last[write.type])
            before: Stored | None = Stored(Record(write.type, id, {}))
        else:
            id = write.id
            before = self.get((write.type, id))
        if before is None:
            raise StoreError(f"there is no {write.type} with the id {id!r} to change")
        self._check_links(links)
        place = (write.type, id)
        self.changed[place] = written(write, before, links)
        if write.comment is not None:
            self.comments.append((place, write.comment))
        if write.task is not None:
            self.tasks.append((place, write.task))
        return id

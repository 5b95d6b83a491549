"""Case files from disk: their shape checked, their parameters put in, their requests built."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ..errors import CaseError
from ..store import Record, RecordType
from ..values.dates import parse_iso
from ..values.keys import is_multi
from ..values.value import Json
from .after import TYPES, after_mistakes
from .expectations import expectation_mistakes
from .located import Entries, Items, Node, Place, Scalar, key_place, mistake, plain, read_located
from .model import Case, CaseFile
from .notes import expectation_notes, parameter_notes
from .parameters import rows, without_params
from .requests import build_request, request_mistakes
from .shapes import CaseShape, FileShape, RecordShape, StoreShape, shaped_anyway

SUFFIX: Final = ".test.yaml"
MAX_BYTES: Final = 1 << 20
DEFAULT_NOW: Final = "2026-01-01T00:00:00Z"


def read_case_file(path: Path) -> tuple[CaseFile | None, tuple[CaseError, ...]]:
    """A case file and every mistake in it; with mistakes there is no file.

    Raises `OSError` if it cannot be read.
    """
    name = str(path)
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        return None, (CaseError(f"the file is larger than {MAX_BYTES:,} bytes", name),)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, (CaseError("the file is not UTF-8", name),)
    return read_case_text(text, path)


def read_case_text(text: str, path: Path) -> tuple[CaseFile | None, tuple[CaseError, ...]]:
    """The same for the text of a case file that stands, or would stand, at ``path``."""
    try:
        root, mistakes = read_located(text, str(path))
    except CaseError as error:
        return None, (error,)
    return _Reading(path, root, mistakes).file()


class _Reading:
    """One case file being read; mistakes are collected, so that one run reports them all."""

    def __init__(self, path: Path, root: Node, mistakes: Sequence[CaseError]) -> None:
        self._path = path
        self._name = str(path)
        self._root = root
        # By their text: a mistake in a case with parameters is one, however many rows there are.
        self._mistakes = {str(each): each for each in mistakes}
        self._told = frozenset((each.line, each.column) for each in mistakes)

    def file(self) -> tuple[CaseFile | None, tuple[CaseError, ...]]:
        shape, mistakes = shaped_anyway(FileShape, self._root, self._name)
        self._add(mistakes)
        self._repeated(self._root)
        cases = [] if shape is None else self._cases(shape)
        if shape is None or self._mistakes:
            found = self._mistakes.values()
            return None, tuple(sorted(found, key=lambda each: (each.line, each.column)))
        rules = self._path.parent / shape.rules
        named = key_place(self._root, "rules")
        place = key_place(self._root, "channel") if shape.channel else named
        return CaseFile(self._name, rules, shape.channel, named, place, tuple(cases)), ()

    def _cases(self, shape: FileShape) -> list[Case]:
        base = self._records(shape.store)
        now = self._moment(shape.now, self._root)
        cases: list[Case] = []
        for node in shape.cases:
            notes = (*expectation_notes(node, self._name), *parameter_notes(node, self._name))
            several = list(rows(node, self._name))
            wrong = [row for row in several if isinstance(row, CaseError)]
            self._add(wrong)
            if wrong and len(wrong) == len(
                several
            ):  # what no row changes is looked at all the same
                self._case(without_params(node), "", base, now, whole=False)
            for row in several:
                case = None if isinstance(row, CaseError) else self._case(*row, base, now)
                if case is not None:
                    cases.append(replace(case, notes=notes))
                    notes = ()
        return cases

    def _case(
        self,
        node: Node,
        label: str,
        base: tuple[Record, ...],
        now: datetime,
        *,
        whole: bool = True,
    ) -> Case | None:
        """A case, unless it has mistakes; of one that is not ``whole`` nothing is missing."""
        shape, mistakes = shaped_anyway(CaseShape, node, self._name)
        self._add(mistakes)
        self._repeated(node)
        self._expected(node)
        if shape is None:
            return None
        records = base if shape.store is None else self._records(shape.store)
        now = now if shape.now is None else self._moment(shape.now, node)
        if mistakes or not whole:  # a key that is misspelt is not missing
            self._add(request_mistakes(shape, node, self._path))
            return None
        if shape.expect is None and shape.after is None and shape.skip is None:
            self._mistake("the key `expect` is missing", node.place)
        request = build_request(shape, node, self._path)
        if isinstance(request, tuple):
            self._add(request)
            return None
        return Case(
            name=shape.name + label,
            place=node.place,
            request=request,
            records=records,
            now=now,
            expect=shape.expect,
            after=shape.after,
            skip=shape.skip,
            todo=shape.todo,
        )

    def _expected(self, node: Node) -> None:
        """Collect the mistakes in what a case expects, whatever else is wrong with it."""
        for key, mistakes in (("expect", expectation_mistakes), ("after", after_mistakes)):
            if isinstance(node, Entries) and key in node.entries:
                self._add(mistakes(node.entries[key], self._name))

    def _records(self, shape: StoreShape) -> tuple[Record, ...]:
        return tuple(
            _record(type, each) for key, type in TYPES.items() for each in getattr(shape, key)
        )

    def _repeated(self, node: Node) -> None:
        """Collect the ids that the store of a file or of a case has twice."""
        store = node.entries.get("store") if isinstance(node, Entries) else None
        if not isinstance(store, Entries):
            return
        for key in TYPES:
            seen: set[str] = set()
            listed = store.entries.get(key)
            for each in listed.items if isinstance(listed, Items) else ():
                id = each.entries.get("id") if isinstance(each, Entries) else None
                if not isinstance(id, Scalar):
                    continue
                if id.text in seen:
                    place = key_place(node, "store")
                    self._mistake(f"the store has two {key} with the id {id.text}", place)
                seen.add(id.text)

    def _moment(self, text: str | None, node: Node) -> datetime:
        moment = parse_iso(text or DEFAULT_NOW)
        if moment is None:
            self._mistake(f"`{text}` is no ISO 8601 date and time", key_place(node, "now"))
            moment = datetime.min.replace(tzinfo=UTC)
        return moment

    def _mistake(self, message: str, place: Place) -> None:
        self._add((mistake(message, place, self._name),))

    def _add(self, mistakes: Iterable[CaseError]) -> None:
        for each in mistakes:
            if (each.line, each.column) not in self._told:  # what follows from a mistake in YAML
                self._mistakes.setdefault(str(each), each)


def _record(type: RecordType, shape: RecordShape) -> Record:
    return Record(
        type=type,
        id=shape.id,
        fields={name: _field(name, node) for name, node in shape.fields.items()},
        types=shape.types,
        status=shape.status,
        responsible=shape.responsible,
        contacts=tuple(shape.contacts),
    )


def _field(name: str, node: Node) -> Json:
    """A field's value; the values of a multi-value field are texts, as they are written."""
    if not is_multi(name):
        return plain(node)
    items = node.items if isinstance(node, Items) else (node,)
    return [
        item.text if isinstance(item, Scalar) and item.value is not None else plain(item)
        for item in items
    ]

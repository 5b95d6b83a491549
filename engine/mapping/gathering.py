"""What the statements of a channel say, gathered in order: later ones replace earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..decision import Note, Problem
from ..language.nodes import (
    Activity,
    Comment,
    FieldItem,
    Fields,
    Name,
    Number,
    Param,
    Responsible,
    Statement,
    Status,
    Template,
    When,
)
from ..late_dataclass import dataclass, field
from ..limits import MAX_TEXT_BYTES
from ..values.value import has_value, to_text, trim
from .evaluate import Evaluator, chosen
from .events import Assigned, Taken
from .fields import mapped_field
from .mapped import (
    FieldRule,
    MappedActivity,
    MappedField,
    MappedPayload,
    Row,
    RulesByName,
    Target,
    keys_to_search,
)
from .program import Program
from .scope import Notes, path_text

_CUT: Final = f"the comment is cut at its limit of {MAX_TEXT_BYTES // 1024} KiB"


@dataclass(slots=True)
class Gathering:
    """The state of mapping one payload; `mapped` gives the finished value."""

    program: Program
    contact: dict[str, Row] = field(default_factory=dict)
    entity: dict[str, Row] = field(default_factory=dict)
    contact_update: bool = False
    status: str | None = None
    responsible: str | None = None
    comment: str | None = None
    activity: MappedActivity | None = None
    missing: list[FieldRule] = field(default_factory=list)

    def read(self, statements: Sequence[Statement], evaluator: Evaluator) -> None:
        """Take what the statements say for one scope."""
        for each in statements:
            match each:
                case When():
                    self.read(chosen(each, evaluator), evaluator)
                    continue
                case Fields():
                    self._read_fields(each, evaluator)
                case Status(value=value):
                    self.status = _word(value, evaluator)
                case Responsible(value=value):
                    self.responsible = _word(value, evaluator)
                case Comment():
                    self.comment = self._comment(each, evaluator)
                case Activity():
                    self.activity = _activity(each, evaluator)
                case _:
                    continue
            evaluator.tell(Taken(each))

    def _read_fields(self, block: Fields, evaluator: Evaluator) -> None:
        if block.target == "contact":
            self.contact_update = self.contact_update or block.update
            self._assign(block.items, "contact", self.contact, evaluator)
        else:
            self._assign(block.items, block.target, self.entity, evaluator)

    def _assign(
        self,
        items: Sequence[FieldItem],
        target: Target,
        fields: dict[str, Row],
        evaluator: Evaluator,
    ) -> None:
        program = self.program
        for each in items:
            if isinstance(each, When):
                self._assign(chosen(each, evaluator), target, fields, evaluator)
                continue
            value = evaluator.value(each.value)
            rule = program.field_rules[each.span.start]
            mapped = mapped_field(rule, value, program.region, evaluator.scope.notes)
            evaluator.tell(Assigned(each, target, mapped))
            before = fields.get(mapped.name)
            if mapped.multi:
                if rule.required and not mapped.values:
                    self.missing.append(rule)
                if isinstance(before, MappedField):
                    mapped = before.with_more(mapped)
            fields[mapped.name] = mapped

    def _comment(self, comment: Comment, evaluator: Evaluator) -> str | None:
        scope = evaluator.scope
        if comment.template is None:
            fitting = scope.around.payload_comment
            if len(fitting) < len(scope.around.payload_text):
                scope.notes.add("N207", _CUT, "@payload")
            return fitting
        value = evaluator.template(comment.template)
        if has_value(value):
            return to_text(value)
        note = _left_out(comment.template, "comment")
        if note is not None:
            scope.notes.add(note.code, note.message, note.path)
        return None

    def unmet(self) -> list[Problem]:
        """The required fields that have no value."""
        names = self.program.required
        if not (names or self.missing):
            return []
        only = self.program.only_rules
        single = [
            (name, line)
            for rows, rules in ((self.contact, only.contact), (self.entity, only.entity))
            for name in names
            if name in rows and (line := _lacking(name, rows[name], rules)) is not None
        ]
        multi = [(rule.name, rule.origin.line) for rule in self.missing]
        return [
            Problem(name, f"`{name}` is required (line {line}) and has no value")
            for name, line in (*single, *multi)
        ]

    def mapped(self, notes: Notes) -> MappedPayload:
        """The finished mapping."""
        rules = self.program.only_rules
        return MappedPayload(
            contact_rows=self.contact,
            entity_rows=self.entity,
            contact_update=self.contact_update,
            status=self.status,
            responsible=self.responsible,
            comment=self.comment,
            activity=self.activity,
            warnings=tuple(notes),
            keys=keys_to_search(self.contact, self.entity, rules),
            rules=rules,
        )


def _lacking(name: str, row: Row, rules: RulesByName) -> int | None:
    """The line of a rule whose one value is required and not there."""
    if type(row) is int:
        return None
    if isinstance(row, MappedField):
        lacks = not row.multi and not row.values and "required" in row.flags
        return row.origins[0].line if lacks else None
    rule, value = row if isinstance(row, tuple) else (rules[name], row)
    return rule.origin.line if rule.required and not has_value(value) else None


def _word(value: Name | Number | Template, evaluator: Evaluator) -> str | None:
    """The text of a status or a responsible id, None where it has no value."""
    if isinstance(value, Name):
        return value.text
    given = evaluator.value(value)
    return trim(to_text(given)) if has_value(given) else None


def _activity(activity: Activity, evaluator: Evaluator) -> MappedActivity:
    value = evaluator.template(activity.template)
    subject = to_text(value) if has_value(value) else None
    note = None if subject else _left_out(activity.template, "activity")
    return MappedActivity(subject, activity.within, activity.events, note)


def _left_out(template: Template, what: str) -> Note | None:
    """The note that a comment or an activity is not made, for its text has no value."""
    params = [part for part in template.parts if isinstance(part, Param)]
    if not params:
        return None
    path = path_text(params[0].path)
    return Note("N205", f"no {what} is made: its text has no value, for `{path}` has none", path)

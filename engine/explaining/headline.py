"""The first two sentences of an explanation: what becomes of the payload, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..language.nodes import OnFound, OnMissing
from ..language.spelling import path as path_spelled
from ..mapping.mapped import MappedPayload
from ..store import Plan
from .explanation import (
    AskedSearch,
    MappedFieldTold,
    TestedCondition,
    ToldProblem,
)
from .reading import Reader
from .searches import statement_line
from .wording import counted, keyless_words, listed, said, sentence


@dataclass(frozen=True)
class Headline:
    """Says one decision in two sentences, from what is told of it already.

    ``decision`` is its JSON, ``reason`` the reason in it.
    """

    reader: Reader
    mapped: MappedPayload
    plan: Plan
    decision: Mapping[str, Any]
    searches: Sequence[AskedSearch]
    fields: Sequence[MappedFieldTold]
    conditions: Sequence[TestedCondition]
    problems: Sequence[ToldProblem]

    def lines(self) -> tuple[str, str]:
        """What becomes of the payload, and why."""
        match self.plan.decision.action:
            case "create":
                pair = self._created()
            case "update":
                pair = self._updated()
            case "ignore":
                pair = self._ignored()
            case "reject":
                pair = self._rejected()
        return sentence(pair[0]), sentence(pair[1])

    @property
    def _kind(self) -> str:
        return self.reader.program.type

    @property
    def _none(self) -> str:
        return f"No {self._kind} would be created"

    def _created(self) -> tuple[str, str]:
        return f"A {self._kind} would be created{self._with_contact()}", self._missing()

    def _with_contact(self) -> str:
        part = self.plan.decision.contact
        if part is None or part.action == "none":
            return ", without a contact"
        if part.action == "create":
            return ", and a contact for it"
        ids = listed(part.ids[:10])
        return f" for contact{'s' if len(part.ids) > 1 else ''} {ids}"

    def _missing(self) -> str:
        """Why nothing is found."""
        search = self._entity_search()
        if search is None:
            return str(self.decision["reason"])
        if not search.asked and self.reader.program.find is not None:
            return self._nothing_to_find_by()
        if not search.asked or search.candidates:
            return search.why
        if search.contacts:
            where = f" in status {listed(search.statuses, 'or')}" if search.statuses else ""
            several = "s" if len(search.contacts) > 1 else ""
            return f"contact{several} {listed(search.contacts[:10])} has no {self._kind}{where}"
        return f"no {self._kind} has {listed(_keys(search), 'or')}"

    def _nothing_to_find_by(self) -> str:
        if any(each.candidates for each in self.searches):
            return self._entity_why()
        keyless = [
            keyless_words(each.type, key)
            for each in self.searches
            if not each.asked
            for key in each.keys
            if not key.keys
        ]
        contact = next((each for each in self.searches if each.asked), None)
        if contact is not None:
            missing = f"no contact has {listed(_keys(contact), 'or')}"
            return f"no {self._kind} can be found: {listed([missing, *keyless])}"
        if not keyless:
            return self._entity_why()
        return f"there is nothing to find a {self._kind} by: {listed(keyless)}"

    def _entity_why(self) -> str:
        search = self._entity_search()
        return str(self.decision["reason"]) if search is None else search.why

    def _updated(self) -> tuple[str, str]:
        ids = self.plan.decision.entity.ids if self.plan.decision.entity else ()
        what = f"{self._kind}{'s' if len(ids) > 1 else ''} {listed(ids[:10])}"
        writes = self.decision["entity"]["status"] is not None or any(
            each.writes for each in self.fields if each.target != "contact"
        )
        records = self.decision["entity"]["records"] or ()
        writes = writes or any(each["status"] is not None for each in records)
        verb = "would be updated" if writes else "would be found with nothing to write into it"
        return f"{what} {verb}, and no {self._kind} would be created", self._found()

    def _found(self) -> str:
        """By what the records are found, and why these."""
        search = self._entity_search()
        chosen = [] if search is None else [each for each in search.candidates if each.chosen]
        if search is None or not chosen:
            return str(self.decision["reason"])
        said_of = []
        for each in chosen[:3]:
            by = f"has {listed(each.matches)}" if each.matches else "belongs to the contact"
            if not each.matches:
                own = [id for id in each.contacts if id in search.contacts][:10]
                by = f"belongs to contact {listed(own)}" if own else "belongs to the contact"
            status = f" and is in status {each.status}" if each.status else ""
            said_of.append(f"{self._kind} {each.id} {by}{status}")
        more = f" and {len(chosen) - 3} more" if len(chosen) > 3 else ""
        several = len(search.candidates) > 1
        why = f"; of {counted(len(search.candidates), self._kind)} found it is {chosen[0].why}"
        return "; ".join(said_of) + more + (why if several and len(chosen) == 1 else "")

    def _ignored(self) -> tuple[str, str]:
        if self.mapped.outcome is not None:
            if self.reader.seen.verdict is None:
                return f"{self._none}: {self.decision['reason']}", self._empty()
            return self._verdict("ignored")
        found = any(each.chosen for search in self.searches[1:] for each in search.candidates)
        kind = OnFound if found else OnMissing
        line = statement_line(self.reader, kind)
        at = f" (line {line})" if line else ""
        if found:
            search = self.searches[1]
            ids = [each.id for each in search.candidates if each.chosen]
            what = f"{self._kind}{'s' if len(ids) > 1 else ''} {listed(ids[:10])}"
            verb = "are" if len(ids) > 1 else "is"
            return (
                f"{self._none}: {what} {verb} found, and `on found ignore`{at} leaves it as it is",
                self._found(),
            )
        return f"{self._none}: none is found, and `on missing ignore`{at} says so", self._missing()

    def _empty(self) -> str:
        each = self.reader.program.each
        if each is None:
            return "There is nothing in it to decide on"
        line = self.reader.line(each)
        rule = f"each <{path_spelled(each.path)}>"
        return f"Line {line}, `{rule}`, makes one decision for every element"

    def _rejected(self) -> tuple[str, str]:
        if self.reader.seen.verdict is not None:
            return self._verdict("rejected")
        count = len(self.problems)
        more = f", for {counted(count, 'problem')}" if count > 1 else ""
        first = self.problems[0] if self.problems else None
        because = str(self.decision["reason"]) if first is None else first.message
        if first is not None and first.line:
            because = f"{because} (line {first.line})"
        if count > 1:
            because = f"the first: {because}"
        return f"{self._none}: the payload is rejected{more}", because

    def _verdict(self, done: str) -> tuple[str, str]:
        """An `ignore` or `reject` that applied: the condition with its values."""
        decisive = next((each for each in self.conditions if each.decides), None)
        reason = str(self.decision["reason"])
        given = self.reader.seen.verdict is not None and self.reader.seen.verdict.reason is not None
        quoted = f", “{reason}”" if given and not reason.startswith("line ") else ""
        head = f"{self._none}: the payload is {done}{quoted}"
        if decisive is None:
            return head, reason
        kind = f"{decisive.kind} " if decisive.kind.endswith("when") else decisive.kind
        rule = f"line {decisive.line}, `{kind}{decisive.rule}`, applies"
        read = [
            f"`{each.param[1:-1] if each.steps else each.path}` is {said(each.result)}"
            for comparison in decisive.comparisons
            for each in comparison.params
        ]
        return head, f"{rule}: {listed(list(dict.fromkeys(read)))}" if read else rule

    def _entity_search(self) -> AskedSearch | None:
        return next((each for each in self.searches if each.type == self._kind), None)


def _keys(search: AskedSearch) -> list[str]:
    return [f"{key.field} {value}" for key in search.keys for value in key.keys]

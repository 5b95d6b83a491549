"""The words in which a difference is told, on a terminal and on a page; plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..codes import TITLES
from ..decision import Origin
from ..values.value import Json, write_json
from .changes import TRANSITIONS, How, Kind
from .difference import Difference, Group

_WORDS: Final[dict[How, str]] = {
    "changed": "changed",
    "new": "now written",
    "gone": "no longer written",
}
_TOLD: Final[dict[How, str]] = {"changed": "changed", "new": "now told", "gone": "no longer told"}
_LINKED: Final[dict[How, str]] = {
    "changed": "changed",
    "new": "now linked",
    "gone": "no longer linked",
}
_ABOUT: Final[dict[Kind, str]] = {
    "reason": "reason",
    "link": "linked contacts",
    "record": "which is updated",
    "status": "status",
    "responsible": "responsible",
    "comment": "comment",
    "activity": "activity",
}
_SECTIONS: Final[dict[Kind, str]] = {
    "action": "decisions",
    "reason": "decisions",
    "problem": "problems",
    "warning": "warnings",
    "contact": "contact",
    "link": "contact",
}
_ORDER: Final = ("decisions", "problems", "contact", "lead", "deal", "warnings")


def sections(difference: Difference) -> list[tuple[str, list[list[Group]]]]:
    """The groups under their headings, those about one thing together."""
    titled: dict[str, dict[str, list[Group]]] = {}
    for group in difference.groups:
        titled.setdefault(_section(group), {}).setdefault(heading(group), []).append(group)
    ordered = sorted(titled.items(), key=lambda each: _ORDER.index(each[0].split()[0]))
    return [(title, list(groups.values())) for title, groups in ordered]


def heading(group: Group) -> str:
    """What a group is about, in a few words."""
    match group.kind:
        case "action" | "contact" | "type":
            return f"{group.old} -> {group.new}"
        case "field":
            return group.name or ""
        case "value type":
            return f"{group.name}, value type"
        case "warning":
            return f"{group.name} {TITLES.get(group.name or '', '')}".rstrip()
        case "problem":
            return group.name or "the payload"
        case kind:
            return _ABOUT[kind]


def counted(groups: Sequence[Group]) -> str:
    """How many decisions change in which way."""
    if groups[0].kind in TRANSITIONS:
        return f"{groups[0].count:,}"
    return ", ".join(f"{group.count:,} {word(group)}" for group in groups)


def word(group: Group) -> str:
    """What happens in a group."""
    if group.kind == "link":
        return _LINKED[group.how]
    return (_TOLD if group.kind in ("problem", "warning") else _WORDS)[group.how]


def summary(difference: Difference) -> str:
    """The whole in one sentence."""
    if difference.channel is None:
        return "no channel is in both versions: nothing is compared"
    decisions = difference.same + difference.changed
    if not decisions:
        return f"no payload could be compared for {difference.channel}"
    of = f"{_many(decisions, 'decision')} of {difference.channel}"
    if difference.changed:
        changes = "changes" if difference.changed == 1 else "change"
        if not difference.same:
            return f"{of} {changes}" if decisions == 1 else f"all {of} {changes}"
        stay = "stays as it is" if difference.same == 1 else "stay as they are"
        return f"{difference.changed:,} of {of} {changes}, {difference.same:,} {stay}"
    files = "the files are the same" if difference.same_text else "though the files differ"
    return f"both versions decide alike, {files}: {of}"


def remarks(difference: Difference) -> list[str]:
    """What else is to be said: addresses of one version, payloads that cannot be read."""
    said = [f"channel {each} is only in the old rules" for each in difference.addresses.only_old]
    said += [f"channel {each} is only in the new rules" for each in difference.addresses.only_new]
    if difference.unreadable:
        said.append(f"{_many(difference.unreadable, 'payload')} could not be read:")
        said += [
            f"  {each.place.text(difference.payloads)}: {each.code}: {each.message}"
            for each in difference.unreadable_examples
        ]
        more = difference.unreadable - len(difference.unreadable_examples)
        if more:
            said.append(f"  and {more:,} more")
    return said


def left_out(difference: Difference) -> str:
    """What is not told one by one; empty text where all is."""
    count = difference.groups_left_out
    return f"and {count:,} changes of further kinds" if count else ""


def where(group: Group, difference: Difference) -> str:
    """The payload of a group's example."""
    return group.example.place.text(difference.payloads)


def sides(group: Group) -> list[tuple[str, str, str]]:
    """What each version has: its name, the value or the decision, and where it comes from."""
    example = group.example
    if group.kind in ("contact", "type"):
        return []
    if group.kind in ("action", "reason"):
        return [("old", example.old_decision, ""), ("new", example.new_decision, "")]
    if group.kind in ("problem", "warning"):
        told = (("old", example.old), ("new", example.new))
        return [(side, str(value), "") for side, value in told if value is not None]
    if group.kind == "link":
        return [("old", _ids(example.old), ""), ("new", _ids(example.new), "")]
    return [
        ("old", _value(example.old, missing=group.how == "new"), _rule(example.old_rule)),
        ("new", _value(example.new, missing=group.how == "gone"), _rule(example.new_rule)),
    ]


def around(group: Group) -> str:
    """The decision that an example stands in, where it is not the example itself."""
    return "" if group.kind in ("action", "reason") else group.example.new_decision


def _section(group: Group) -> str:
    title = _SECTIONS.get(group.kind)
    if title is not None:
        return title
    target = group.target or "deal"
    return f"{target} fields" if group.kind in ("field", "value type") else target


def _value(value: Json, *, missing: bool) -> str:
    """A value as JSON, so that a number and the text of it can be told apart."""
    if missing:
        return "not written"
    return "emptied" if value is None else write_json(value)


def _ids(ids: Json) -> str:
    return ", ".join(map(str, ids)) if isinstance(ids, list) else "none"


def _rule(rule: Origin | None) -> str:
    return "" if rule is None else f"line {rule.line}: {' '.join(rule.rule.split())}"


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"

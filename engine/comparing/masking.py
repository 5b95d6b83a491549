"""A difference that can be shared: personal data replaced by stand-ins."""

from __future__ import annotations

from dataclasses import replace

from ..explaining.masking import Mask, personal
from ..values.value import Json
from .difference import Difference, Example, Group


def masked(difference: Difference, mask: Mask) -> Difference:
    """The difference without personal data; ``mask`` has learned both versions of the channel."""
    return replace(
        difference,
        groups=tuple(_group(each, mask) for each in difference.groups),
        unreadable_examples=tuple(
            replace(each, message=mask.sentence(each.message))
            for each in difference.unreadable_examples
        ),
    )


def _group(group: Group, mask: Mask) -> Group:
    name = group.name
    if group.kind == "problem" and name is not None:
        name = mask.loose(name)
    return replace(group, name=name, example=_example(group, mask))


def _example(group: Group, mask: Mask) -> Example:
    example = group.example
    # Values come first: what they are replaced by is what the sentences about them say, too.
    old, new = (_value(group, value, example, mask) for value in (example.old, example.new))
    return replace(
        example,
        old=old,
        new=new,
        old_decision=mask.sentence(example.old_decision, example.keys),
        new_decision=mask.sentence(example.new_decision, example.keys),
    )


def _value(group: Group, value: Json, example: Example, mask: Mask) -> Json:
    match group.kind:
        case "action" | "contact" | "type" | "link" | "record" | "responsible" | "value type":
            return value
        case "reason" | "problem" | "warning":
            return mask.sentence(value, example.keys) if isinstance(value, str) else value
        case "activity" if isinstance(value, dict):
            return {**value, "subject": mask.json(value["subject"])}
        case _:
            return mask.json(value, personal(group.target or "", group.name or "", None))

"""What payloads and rules do not have in common: codes A101 to A105."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..check.walk import descend
from ..language.nodes import Node, Param, Path, Step
from ..language.spelling import path as spelled
from ..mapping.program import Program
from ..messages.suggest import closest
from .finding import Finding, many
from .observed import FieldSeen, Observed


def unused_keys(observed: Observed) -> Iterator[Finding]:
    """A101: keys of payloads that no rule reads."""
    for path, seen in observed.unread.items():
        yield Finding(
            "A101",
            "warning",
            path,
            f"`{path}` is in {many(seen.count, 'payload')}, and no rule reads it",
            seen.count,
            tuple(seen.examples[:1]),
            help="give it to a field where the CRM is to have it",
        )


def missing_params(observed: Observed) -> Iterator[Finding]:
    """A102: params that no payload has."""
    if not observed.mapped:
        return
    for path in observed.missing:
        name = spelled(path)
        meant = closest(name, observed.unread)
        advice = f"did you mean `{meant}`?" if meant else "see how the sender spells it"
        yield Finding(
            "A102",
            "warning",
            name,
            f"`{name}` is in no payload",
            sum(observed.payloads.values()) - observed.unreadable.count,
            line=_line(observed.program, path.steps),
            help=advice,
        )


def empty_fields(observed: Observed) -> Iterator[Finding]:
    """A103: fields that have no value in any payload, though a payload has what they read."""
    missing = [path.steps for path in observed.missing]
    for seen in observed.fields.values():
        if not seen.filled and not _reads_only(seen, missing):
            name = seen.assign.field.name
            yield Finding(
                "A103",
                "warning",
                f"{seen.target}.{name}",
                f"{seen.target} field {name} has no value in any payload",
                seen.assigned,
                line=_line_at(observed.program, seen.assign),
                help="see what the payloads have there; `leadlark explain` shows each filter",
            )


def rejected_payloads(observed: Observed) -> Iterator[Finding]:
    """A104: payloads that are rejected, by the param at fault."""
    for path, seen in observed.rejected.items():
        about = f" because of `{path}`" if path else ""
        yield Finding(
            "A104",
            "warning",
            path or "",
            f"{many(seen.count, 'payload')} {_is(seen.count)} rejected{about}",
            seen.count,
            tuple(seen.examples),
            help="tests belong to `ignore when`; a param that may be missing is not `required`",
        )


def unreadable_payloads(observed: Observed) -> Iterator[Finding]:
    """A105: payloads that cannot be read."""
    seen = observed.unreadable
    if seen.count:
        yield Finding(
            "A105",
            "error",
            "",
            f"{many(seen.count, 'payload')} cannot be read",
            seen.count,
            tuple(seen.examples),
            help="the service answers such a request with 400; `leadlark explain CODE` tells more",
        )


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _reads_only(seen: FieldSeen, missing: Sequence[Sequence[Step]]) -> bool:
    """Whether all that an assignment reads is in no payload, which is said of the param."""
    paths = [each.path for each in descend(seen.assign.value) if isinstance(each, Param)]
    return bool(paths) and all(_is_among(path.steps, missing) for path in paths)


def _is_among(steps: Sequence[Step], several: Sequence[Sequence[Step]]) -> bool:
    return any(_ends_with(each, steps) for each in several)


def _ends_with(whole: Sequence[Step], end: Sequence[Step]) -> bool:
    """Whether a path from the root ends in the path as it is written below ``each``."""
    return bool(end) and tuple(whole[-len(end) :]) == tuple(end)


def _line(program: Program, steps: Sequence[Step]) -> int | None:
    """The first line of the channel on which a path stands."""
    for statement in (*program.before, *program.after):
        for node in descend(statement):
            if isinstance(node, Path) and not node.root and _ends_with(steps, node.steps):
                return _line_at(program, node)
    return None


def _line_at(program: Program, node: Node) -> int:
    return program.source.position(node.span.start).line

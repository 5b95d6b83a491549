"""Statements of a channel: those that are missing, doubled or never reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..language import nodes
from ..language.layout import unclosed_braces
from ..messages.diagnostics import Diagnostic, Label
from ..messages.source import Span
from . import walk
from .context import Context

_SINGLE: Final[dict[type[nodes.Node], str]] = {
    nodes.Entity: "entity",
    nodes.Region: "region",
    nodes.Payload: "payload",
    nodes.PayloadSchema: "payload",
    nodes.Each: "each",
    nodes.Find: "find",
    nodes.OnFound: "on found",
    nodes.OnMissing: "on missing",
    nodes.ManyContacts: "many contacts",
    nodes.Status: "status",
    nodes.Responsible: "responsible",
    nodes.Comment: "comment",
    nodes.Activity: "activity",
    nodes.RequestId: "request id",
    nodes.Auth: "auth",
    nodes.Default: "default",
}
# A block whose header could not be read has no target.
_TARGETS: Final = frozenset({"contact", "lead", "deal"})
_CONDITIONAL: Final = ("status", "responsible", "comment", "activity")
_VERDICTS: Final = (nodes.Ignore, nodes.Reject)
_IN_WHEN: Final = (
    nodes.Status,
    nodes.Responsible,
    nodes.Comment,
    nodes.Activity,
    nodes.Ignore,
    nodes.Reject,
    nodes.Fields,
    nodes.When,
)


def entity_is_named(context: Context) -> Iterator[Diagnostic]:
    """E401: a channel that does not say what it creates."""
    channel = context.channel
    if context.entity is not None or context.broken or not channel.address.text:
        return
    used = {b.target for b in context.of(nodes.Fields) if isinstance(b, nodes.Fields)}
    meant = "lead" if "lead" in used and "deal" not in used else "deal"
    other = "deal" if meant == "lead" else "lead"
    yield context.report(
        "E401",
        f"channel `{channel.address.text}` does not say what it creates",
        channel.address,
        "lead or deal?",
        help=f"write `entity {meant}` as its first statement"
        if used & {"lead", "deal"}
        else f"write `entity {meant}` or `entity {other}` as its first statement",
    )


def statements_are_single(context: Context) -> Iterator[Diagnostic]:
    """E403: a second statement of a kind that counts once at its level."""
    for level in context.levels:
        seen: dict[str, nodes.Statement] = {}
        for statement in level:
            words = _words(statement)
            if words is None:
                continue
            first = seen.setdefault(words, statement)
            if first is statement:
                continue
            yield context.report(
                "E403",
                f"second `{words}` in one {'channel' if level is context.levels[0] else 'block'}",
                _head(statement, words),
                "written again",
                related=[Label(_head(first, words), "first written here")],
                help=_way_out(statement, words),
            )


def _words(statement: nodes.Statement) -> str | None:
    if isinstance(statement, nodes.Fields):
        return statement.target if statement.target in _TARGETS else None
    return _SINGLE.get(type(statement))


def _head(statement: nodes.Statement, words: str) -> Span:
    """A statement without its block: the words that it begins with, where it has one."""
    if isinstance(statement, nodes.Fields | nodes.Payload):
        start, end = statement.span.start, statement.span.end
        return Span(start, min(start + len(words), end))
    return statement.span


def _way_out(statement: nodes.Statement, words: str) -> str:
    if isinstance(statement, nodes.Fields | nodes.Payload):
        return "put all its lines into one block"
    if words in _CONDITIONAL:
        return f"leave out one, or put one into `when … {{ }}` if `{words}` depends on the payload"
    return "leave out one of the two"


def statements_stand_where_they_count(context: Context) -> Iterator[Diagnostic]:
    """E110: what holds for the whole channel in a `when`, a verdict without condition outside."""
    found = [*_unconditional(context), *_conditional(context)]
    # Where a brace is missing, statements seem to be in blocks that are not theirs.
    if found and unclosed_braces(context.text(context.channel)) <= 0:
        yield from found


def _conditional(context: Context) -> Iterator[Diagnostic]:
    for level in context.levels[1:]:
        for statement in level:
            if not isinstance(statement, _IN_WHEN):
                words = "let" if isinstance(statement, nodes.Let) else _words(statement) or ""
                yield context.report(
                    "E110",
                    f"`{words}` does not stand in a `when` block",
                    _head(statement, words),
                    "holds for the whole channel, whatever the payload is",
                    help="move it out of the block, into the channel",
                )


def _unconditional(context: Context) -> Iterator[Diagnostic]:
    for statement in context.levels[0]:
        if isinstance(statement, _VERDICTS) and statement.condition is None:
            word = "ignore" if isinstance(statement, nodes.Ignore) else "reject"
            yield context.report(
                "E110",
                f"`{word}` without a condition",
                statement,
                f"would {word} every payload",
                help=f"write `{word} when <param> …`",
            )


def branches_are_reached(context: Context) -> Iterator[Diagnostic]:
    """E404: a branch whose condition an earlier one of its chain has already."""
    for node in context.of(nodes.When):
        seen: dict[nodes.Condition, nodes.Condition] = {}
        for branch in node.branches:
            condition = branch.condition
            if condition is None or not _readable(condition):
                continue
            first = seen.setdefault(condition, condition)
            if first is not condition:
                yield context.report(
                    "E404",
                    "branch that is never reached",
                    condition,
                    "the same condition again",
                    related=[Label(first.span, "where it holds, this branch is taken")],
                    help="change the condition, or leave out the branch",
                )


def _readable(condition: nodes.Condition) -> bool:
    """Whether no part of a condition stands for text that could not be read."""
    return all(leaf.param.path.root or leaf.param.path.steps for leaf in walk.leaves(condition))

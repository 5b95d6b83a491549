"""Why a payload is rejected, each problem with the line of the rule that it offends."""

from __future__ import annotations

import re
from typing import Final

from ..decision import Decision
from ..language.nodes import Declared, Every, Key
from .explanation import ToldProblem
from .reading import Reader
from .wording import no_value_words

_INDEX: Final = re.compile(r"\[-?[0-9]+\]")


def told_problems(reader: Reader, decision: Decision, reason: str) -> tuple[ToldProblem, ...]:
    """The problems of a reject; ``reason`` is the decision's reason as it can be shared."""
    verdict = reader.seen.verdict
    lines = _lines(reader)
    told = []
    line: int | None
    for problem in decision.problems:
        if verdict is not None:
            line, message = reader.line(verdict), reason
        else:
            at = _INDEX.sub("[]", problem.path or "").casefold()
            line, why = lines.get(at, (None, ""))
            # The line is told beside the sentence, so it does not stand in it, too.
            message = reader.sentence(problem.message.replace(f" (line {line})", "")) + why
        path = problem.path
        if path is not None and reader.mask is not None:
            path = reader.mask.loose(path)
        told.append(ToldProblem(path, message, line))
    return tuple(told)


def _lines(reader: Reader) -> dict[str, tuple[int, str]]:
    """The lines of declared params by path, and of required fields without a value by name.

    Beside the line of a field stands why it has none.
    """
    found = {}
    if reader.program.schema is None:
        for declared in reader.program.declared:
            path = _plain(declared)
            if path is not None:
                found[path.casefold()] = reader.line(declared), ""
    for given in reader.seen.assignments:
        if given.assign.has("required") and not given.field.values:
            words = no_value_words(reader.params(given.assign.value))
            line = reader.line(given.assign)
            found[given.field.name.casefold()] = line, f": {words}" if words else ""
    return found


def _plain(declared: Declared) -> str | None:
    """The path as violations name it, `[]` for every element; None for paths of other steps."""
    text = ""
    for step in declared.path.steps:
        match step:
            case Key(name=name):
                text += f".{name}" if text else name
            case Every():
                text += "[]"
            case _:
                return None
    return text

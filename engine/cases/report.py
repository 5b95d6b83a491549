"""What a run of cases says: a line for each case, a diff for those that fail, and the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ..errors import CaseError
from ..messages.snippet import visible
from .model import CaseResult, Difference, Outcome

_WORDS: Final[dict[Outcome, str]] = {
    "passed": "passed",
    "failed": "FAILED",
    "skipped": "skipped",
    "todo": "to do",
    "unexpected pass": "PASSED BUT TO DO",
}
_LONGEST: Final = 400


def case_lines(result: CaseResult) -> Iterator[str]:
    """A result as lines of text; a failure shows every difference, expected above actual."""
    yield f"{_WORDS[result.outcome]}  {visible(result.path)}:{result.line}  {visible(result.name)}"
    if result.outcome == "failed":
        yield f"    decided: {_short(result.reason)}"
        for difference in result.differences:
            yield from _difference_lines(result.path, difference)
    elif result.reason and result.outcome != "passed":
        yield f"    {_short(result.reason)}"


def _difference_lines(path: str, difference: Difference) -> Iterator[str]:
    yield f"    {visible(path)}:{difference.line}  {visible(difference.path) or 'decisions'}"
    yield f"        expected  {_short(difference.expected)}"
    yield f"             got  {_short(difference.actual)}"


def summary(results: Sequence[CaseResult]) -> str:
    """How many cases had which outcome: ``3 passed, 1 failed``."""
    counts = Counter(result.outcome for result in results)
    parts = [f"{counts[outcome]} {_plural(outcome)}" for outcome in _WORDS if counts[outcome]]
    return ", ".join(parts) or "no case found"


def to_json(results: Sequence[CaseResult], errors: Sequence[CaseError]) -> dict[str, Any]:
    """A whole run as JSON values."""
    counts = Counter(result.outcome for result in results)
    return {
        "counts": {outcome: counts[outcome] for outcome in _WORDS},
        "cases": [result.to_dict() for result in results],
        "errors": [
            {
                "path": error.path,
                "line": error.line,
                "column": error.column,
                "message": error.message,
            }
            for error in errors
        ],
    }


def _plural(outcome: Outcome) -> str:
    return {"todo": "to do", "unexpected pass": "passed but to do"}.get(outcome, outcome)


def _short(text: str) -> str:
    text = visible(text.replace("\n", " "))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + f"… ({len(text):,} characters)"

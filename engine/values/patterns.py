r"""Patterns in RE2 syntax: searched in time linear in the text, whatever the pattern.

RE2 reads Unicode characters and classes (``\p{L}``, ``\p{Cyrillic}``, ``(?i)``); ``\d``,
``\w``, ``\s`` and ``\b`` mean ASCII, as its syntax page says.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from ..late_dataclass import dataclass
from .value import nfc

# A program that needs more is refused: it would be slow on every text.
_MEMORY: Final = 8 << 20

# How far RE2 compiles a pattern that turns out to need more, about.
_INSTRUCTIONS_TRIED: Final = 150_000

_LOOK_AROUND: Final = ("(?=", "(?!", "(?<=", "(?<!")

_WORDS: Final[tuple[tuple[str, str], ...]] = (
    ("missing )", "a parenthesis is not closed"),
    ("unexpected )", "a closing parenthesis has no opening one"),
    ("missing ]", "a character class is not closed by ]"),
    ("trailing \\", "the pattern ends in a backslash"),
    ("pattern too large", "the pattern repeats too much; use smaller or fewer repetitions"),
    ("no argument for repetition operator", "there is nothing to repeat before {}"),
    ("bad repetition operator", "{} is no repetition; quantifiers cannot follow each other"),
    ("invalid repetition size", "{} repeats too often; at most 1000 in all"),
    ("invalid character class range", "{} is no known class or range of characters"),
    ("invalid character class", "{} is no character class"),
    ("invalid named capture group", "{} is no name for a group"),
    ("duplicate capture group name", "the group name {} is used twice"),
    ("invalid escape sequence: \\Z", "{} is no escape; the end of the text is \\z"),
    ("invalid escape sequence: \\u", "{} is no escape; a character by its number is \\x{{263a}}"),
    ("invalid escape sequence", "{} is no escape"),
    ("invalid perl operator", "{} is no kind of group"),
    ("invalid UTF-8", "the pattern is no valid text"),
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern, equal to another one of the same text.

    Texts are searched in NFC, like all comparisons of texts; lone surrogates count as U+FFFD.
    """

    text: str

    def search(self, text: str) -> bool:
        """Whether the pattern matches anywhere in ``text``."""
        return _program(self.text).search(_readable(text)) is not None

    def extract(self, text: str) -> str | None:
        """The first match's first group, or all of it without groups; None where there is none."""
        match = _program(self.text).search(_readable(text))
        if match is None:
            return None
        found: str | None = match.group(1 if match.re.groups else 0)
        return found


def compile_pattern(text: str) -> Pattern:
    """The pattern of a text for which `pattern_problem` finds none.

    Raises:
        ValueError: the text is no supported pattern.
    """
    problem = pattern_problem(text)
    if problem is not None:
        raise ValueError(problem)
    return Pattern(text)


def pattern_problem(text: str) -> str | None:
    """Why a text is no supported pattern, in one sentence without a full stop, else None."""
    return measure(text)[0]


def measure(text: str) -> tuple[str | None, int]:
    """What `pattern_problem` says, and how many instructions it takes to find out.

    Time and memory go with the instructions of the compiled program.
    """
    try:
        size: int = _program(text).programsize
    except UnicodeEncodeError:
        return "the pattern contains half of a surrogate pair", 0
    except _re2().error as error:
        reason: bytes = error.args[0]
        tried = _INSTRUCTIONS_TRIED if reason.startswith(b"pattern too large") else len(text)
        return _sentence(reason.decode("utf-8", "replace"), text), tried
    return None, size


def _re2() -> Any:
    import re2  # noqa: PLC0415 (imported when first needed)

    return re2


@lru_cache(maxsize=256)
def _program(text: str) -> Any:
    re2 = _re2()
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return re2.compile(text, options)


def _readable(text: str) -> str:
    text = nfc(text)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _sentence(reason: str, pattern: str) -> str:
    kind, _, part = reason.partition(": ")
    if kind == "invalid perl operator" and part in _LOOK_AROUND:
        return f"look-around {part}…) is not supported: patterns run in linear time"
    if kind == "invalid escape sequence" and part[1:2].isdigit():
        return f"the back-reference {part} is not supported: patterns run in linear time"
    if kind == "invalid perl operator" and part == "(?P" and "(?P=" in pattern:
        return "the back-reference (?P=…) is not supported: patterns run in linear time"
    if kind == "invalid perl operator" and part == "(?>":
        return "atomic groups (?>…) are not supported: patterns never backtrack"
    for start, words in _WORDS:
        if reason.startswith(start):
            return words.format(part)
    return reason

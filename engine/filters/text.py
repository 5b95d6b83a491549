"""Filters that give text from text; numbers and true/false are read as their text."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ..limits import MAX_TEXT_BYTES
from ..values.patterns import Pattern, pattern_problem
from ..values.value import ABSENT, Json, Value, to_text, trim
from .rules import count, not_empty
from .spec import EVERYTHING, SCALARS, Arguments, Context, Example, FilterSpec, Parameter, States

# A word: letters and digits with their combining marks, apostrophes between them.
_LETTER: Final = r"[^\W_][\u0300-\u036f]*"
_WORD: Final = rf"(?:{_LETTER})+(?:['’](?:{_LETTER})+)*"

# The Latin prefixes of names such as O'Neil and D'Arc; contractions (it's, I'll) are shorter.
_PREFIX: Final = r"([a-z])(['’])([a-zà-öø-ÿ])(?=\w\w)"


def _trim(value: Json, arguments: Arguments, context: Context) -> Value:
    return trim(to_text(value))


TRIM: Final = FilterSpec(
    name="trim",
    doc="Removes blanks of any script, no-break and zero-width ones too, from both ends.",
    apply=_trim,
    accepts=SCALARS,
    plain=True,
    returns="text",
    examples=(
        Example("  Мария\u00a0\u200b", "", "Мария"),
        Example("two  words\n", "", "two  words"),
        Example([" a ", "b "], "", ["a", "b"]),
    ),
)


def _lower(value: Json, arguments: Arguments, context: Context) -> Value:
    return to_text(value).lower()


LOWER: Final = FilterSpec(
    name="lower",
    doc="Writes every letter small.",
    apply=_lower,
    accepts=SCALARS,
    plain=True,
    returns="text",
    examples=(Example("ИВАН Smith", "", "иван smith"), Example(True, "", "true")),
)


def _upper(value: Json, arguments: Arguments, context: Context) -> Value:
    return to_text(value).upper()


UPPER: Final = FilterSpec(
    name="upper",
    doc="Writes every letter as a capital.",
    apply=_upper,
    accepts=SCALARS,
    plain=True,
    returns="text",
    examples=(Example("rub", "", "RUB"), Example("straße", "", "STRASSE")),
)


def _title(value: Json, arguments: Arguments, context: Context) -> Value:
    return re.sub(_WORD, _capitalised, to_text(value).lower())


def _capitalised(match: re.Match[str]) -> str:
    word = match[0]
    prefix = re.match(_PREFIX, word)
    if prefix is not None:
        return prefix[1].upper() + prefix[2] + prefix[3].upper() + word[3:]
    return word[0].title() + word[1:]


TITLE: Final = FilterSpec(
    name="title",
    doc="Writes the first letter of each word as a capital and all others small.",
    apply=_title,
    accepts=SCALARS,
    plain=True,
    returns="text",
    examples=(
        Example("ИВАН петров", "", "Иван Петров"),
        Example("jean-luc o'neil", "", "Jean-Luc O'Neil"),
        Example("в'ячеслав isn't here", "", "В'ячеслав Isn't Here"),
    ),
)


def _digits(value: Json, arguments: Arguments, context: Context) -> Value:
    text = to_text(value)
    return "".join([str(unicodedata.decimal(each)) for each in text if each.isdecimal()])


DIGITS: Final = FilterSpec(
    name="digits",
    doc="Keeps the digits only, those of any script as 0 to 9.",
    apply=_digits,
    accepts=SCALARS,
    plain=True,
    returns="text",
    examples=(
        Example("№ 65-10", "", "6510"),
        Example("٣٤ ４", "", "344"),
        Example("none", "", ABSENT),
    ),
)


def _text(value: Json, arguments: Arguments, context: Context) -> Value:
    return to_text(value)


TEXT: Final = FilterSpec(
    name="text",
    doc="Gives the text that the value has inside other text.",
    apply=_text,
    accepts=EVERYTHING,
    plain=True,
    returns="text",
    whole=True,
    states=States(list="Becomes one text, the elements joined with a comma and a space."),
    examples=(
        Example(6510, "", "6510"),
        Example(True, "", "true"),
        Example(["a", "b"], "", "a, b"),
    ),
)


def _replace(value: Json, arguments: Arguments, context: Context) -> Value:
    text, old, new = to_text(value), arguments[0], arguments[1]
    # No more replacements than fill the longest text there can be: the rest would be cut off.
    most = MAX_TEXT_BYTES // len(new) + 1 if new else -1
    return text.replace(old, new, most)


REPLACE: Final = FilterSpec(
    name="replace",
    doc="Writes B wherever A stands; both are plain text, no patterns.",
    apply=_replace,
    accepts=SCALARS,
    plain=True,
    returns="text",
    parameters=(Parameter("A", "text", rule=not_empty), Parameter("B", "text")),
    examples=(
        Example("1 234,50", "',' '.'", "1 234.50"),
        Example("a.b.c", "'.' ''", "abc"),
        Example("abc", "'x' 'y'", "abc"),
    ),
)


def _truncate(value: Json, arguments: Arguments, context: Context) -> Value:
    return to_text(value)[: arguments[0]]


TRUNCATE: Final = FilterSpec(
    name="truncate",
    doc="Keeps at most the first N characters and adds nothing.",
    apply=_truncate,
    accepts=SCALARS,
    plain=True,
    returns="text",
    parameters=(Parameter("N", "number", rule=count),),
    examples=(Example("Мария", "3", "Мар"), Example("ab", "3", "ab")),
)


def _before(value: Json, arguments: Arguments, context: Context) -> Value:
    return to_text(value).partition(arguments[0])[0]


BEFORE: Final = FilterSpec(
    name="before",
    doc="Keeps what stands before the first S; without an S, the whole text.",
    apply=_before,
    accepts=SCALARS,
    plain=True,
    returns="text",
    parameters=(Parameter("S", "text", rule=not_empty),),
    examples=(
        Example("Maria Petrova Ivanovna", "' '", "Maria"),
        Example("Maria", "' '", "Maria"),
        Example(" Maria", "' '", ABSENT),
    ),
)


def _after(value: Json, arguments: Arguments, context: Context) -> Value:
    return to_text(value).partition(arguments[0])[2]


AFTER: Final = FilterSpec(
    name="after",
    doc="Keeps what stands after the first S; without an S, no value.",
    apply=_after,
    accepts=SCALARS,
    plain=True,
    returns="text",
    parameters=(Parameter("S", "text", rule=not_empty),),
    examples=(
        Example("Maria Petrova Ivanovna", "' '", "Petrova Ivanovna"),
        Example("Maria", "' '", ABSENT),
    ),
)


def _extract(value: Json, arguments: Arguments, context: Context) -> Value:
    pattern: Pattern = arguments[0]
    found = pattern.extract(to_text(value))
    return ABSENT if found is None else found


EXTRACT: Final = FilterSpec(
    name="extract",
    doc="Keeps the first group of the pattern's first match, without groups all of the match.",
    apply=_extract,
    accepts=SCALARS,
    plain=True,
    returns="text",
    parameters=(Parameter("REGEX", "pattern", rule=pattern_problem),),
    examples=(
        Example("Order #6510 of May", r"'#(\d+)'", "6510"),
        Example("a1b22", r"'\d+'", "1"),
        Example("none", r"'\d+'", ABSENT),
    ),
)

FILTERS: Final = (
    TRIM,
    LOWER,
    UPPER,
    TITLE,
    DIGITS,
    TEXT,
    REPLACE,
    TRUNCATE,
    BEFORE,
    AFTER,
    EXTRACT,
)

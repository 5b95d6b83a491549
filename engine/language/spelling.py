r"""From values, templates, paths and comparisons to the text that reads as them.

Of several ways to write the same, the plain one is taken: a name without quotes where it can
stand without, an escape only for what must be escaped or could not be seen.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, TypeAlias, assert_never

from .nodes import (
    Among,
    Argument,
    Boolean,
    Compare,
    Every,
    FieldName,
    Filter,
    Index,
    Key,
    Matches,
    Name,
    Number,
    Param,
    Path,
    Pattern,
    Presence,
    Step,
    Template,
    Text,
    Value,
    Where,
)

_NAME: Final = re.compile(r"[^\W\d]\w*")
_STATUS: Final = re.compile(r"[^\W\d]\w*(:\w+)?")
_KEY: Final = re.compile(r"[^\W\d][\w-]*")
_STEP: Final = re.compile(r"[^\W\d][\w-]*|\d+")
_QUOTED_FIELDS: Final = frozenset({"when", "else"})

_SHORT: Final = {"\n": "\\n", "\t": "\\t"}
_BIDIRECTIONAL: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN: Final = frozenset("\u200b\u2060\ufeff")
_PLAIN: Final = re.compile(r"[ !#-&(-;=-\[\]-~]*")
_SIGNS: Final = '"\\<'
_SINGLE_SIGNS: Final = "'\"\\"
_DOUBLE: Final = '"'
_PAIR: Final = re.compile(r"\\.|[\"']", re.DOTALL)


def escaped(text: str, signs: str) -> str:
    r"""The text with escapes for ``signs``, for control characters and for unseen ones."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(_escape(character, signs) for character in text)


def _escape(character: str, signs: str) -> str:
    if character in signs:
        return f"\\{character}"
    if character in _SHORT:
        return _SHORT[character]
    if character == " " or (character.isascii() and character.isprintable()):
        return character
    unseen = character in _BIDIRECTIONAL or character in _UNSEEN
    if unseen or unicodedata.category(character) in ("Cc", "Zs", "Zl", "Zp"):
        return f"\\u{{{ord(character):X}}}"
    return character


def quoted(text: str) -> str:
    """A text in double quotes."""
    return f'"{escaped(text, _SIGNS)}"'


def single(text: str) -> str:
    """A text in single quotes, as it stands inside ``<…>``.

    A double quote in it is escaped, too, so that it never seems to end the text around it.
    """
    return f"'{escaped(text, _SINGLE_SIGNS)}'"


def status(name: Name) -> str:
    """A status: bare where it can be."""
    return name.text if _STATUS.fullmatch(name.text) else quoted(name.text)


def field_name(field: FieldName) -> str:
    """A field, with its value type behind a dot."""
    bare = _NAME.fullmatch(field.name) and field.name not in _QUOTED_FIELDS
    name = field.name if bare else quoted(field.name)
    return name if field.type is None else f"{name}.{field.type}"


# Values


def value(node: Value) -> str:
    """The right side of an assignment or a comparison."""
    match node:
        case Template():
            return template(node)
        case Number():
            return number(node)
        case Boolean():
            return "true" if node.value else "false"
        case _:
            assert_never(node)


def number(node: Number) -> str:
    """A number without an exponent, its decimal places kept."""
    return format(node.value, "f") if not isinstance(node.value, int) else str(node.value)


def template(node: Template) -> str:
    """A template in double quotes."""
    return f'"{"".join(_part(part) for part in node.parts)}"'


def _part(part: Text | Param) -> str:
    match part:
        case Text():
            return escaped(part.value, _SIGNS)
        case Param():
            return param(part)
        case _:
            assert_never(part)


def _inner_template(node: Template) -> str:
    """The template of a `map` filter in its single quotes.

    The quotes' escapes are resolved before the template is read, so that its own escapes,
    which are few, stand in them escaped; every other character needs the quotes' escapes alone.
    """
    parts: list[str] = []
    for part in node.parts:
        match part:
            case Text():
                parts.append(_INNER.sub(_inner_escape, part.value))
            case Param():
                parts.append(param(part))
            case _:
                assert_never(part)
    return single("".join(parts))


_INNER: Final = re.compile(r'["\\<\r\n]')


def _inner_escape(found: re.Match[str]) -> str:
    return {"\n": "\\n", "\r": "\\u{D}"}.get(found[0], f"\\{found[0]}")


def pattern(node: Pattern, quote: str) -> str:
    """A pattern between quotes: only the quote itself needs a backslash."""
    body = _PAIR.sub(lambda found: f"\\{quote}" if found[0] == quote else found[0], node.text)
    return f"{quote}{body}{quote}"


# Params and paths


def param(node: Param) -> str:
    """``<path | filter …>``."""
    return f"<{' | '.join([path(node.path), *map(_filter, node.filters)])}>"


def path(node: Path, every: str = "[*]") -> str:
    """A path; ``every`` is how all elements of a list are written."""
    if node.root:
        return node.root + "".join(_step(step, every) for step in node.steps)
    first, *rest = node.steps
    start = _key(first.name) if isinstance(first, Key) else _step(first, every)
    return start + "".join(_step(step, every) for step in rest)


def _step(step: Step, every: str) -> str:
    match step:
        case Key():
            return f".{step.name if _STEP.fullmatch(step.name) else single(step.name)}"
        case Index():
            return f"[{step.number}]"
        case Every():
            return every
        case Where():
            return f"[{'.'.join(map(_key, step.keys))}={single(step.value)}]"
        case _:
            assert_never(step)


def _key(name: str) -> str:
    return name if _KEY.fullmatch(name) else single(name)


def _filter(node: Filter) -> str:
    return " ".join([node.name, *map(_argument, node.arguments)])


def _argument(node: Argument) -> str:
    match node:
        case Text():
            return single(node.value)
        case Number():
            return number(node)
        case Path():
            return path(node)
        case Template():
            return _inner_template(node)
        case Pattern():
            return pattern(node, "'")
        case _:
            assert_never(node)


# Comparisons


def comparison(node: Compare | Matches | Presence) -> str:
    """A condition without ``and``, ``or``, ``not`` and a list."""
    match node:
        case Compare():
            return f"{param(node.param)} {node.operator} {value(node.value)}"
        case Matches():
            return f"{param(node.param)} matches {pattern(node.pattern, _DOUBLE)}"
        case Presence():
            return f"{param(node.param)} is {'present' if node.present else 'absent'}"
        case _:
            assert_never(node)


Leaf: TypeAlias = Compare | Among | Matches | Presence
"""A condition that holds no other one."""

"""What in a case is allowed, but hardly meant: nothing is stated, or a param is misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from ..errors import CaseError
from ..messages.suggest import closest
from .located import Entries, Items, Node, Scalar, mistake
from .matching import ANY, NONE

_NAME: Final = re.compile(r"\$([^\W\d][\w-]*)")
_SHOWN: Final = 5
_MOST: Final = 20


def expectation_notes(node: Node, path: str) -> Iterator[CaseError]:
    """Notes on a case whose `expect` and `after` hold whatever is decided."""
    if not isinstance(node, Entries):
        return
    given = {key: node.entries[key] for key in ("expect", "after") if key in node.entries}
    if given and all(isinstance(each, Entries) and not each.entries for each in given.values()):
        key, value = next(iter(given.items()))
        message = f"`{key}: {{}}` holds whatever is decided, so the case tests nothing; "
        message += "leave `expect:` empty, and `leadlark test --update` fills it in"
        yield mistake(message, value.place, path)


def parameter_notes(node: Node, path: str) -> Iterator[CaseError]:
    """Notes on texts that look like params of the case and are none.

    A param that stands nowhere is no matter: it may say of a row what it is.
    """
    if not isinstance(node, Entries) or "params" not in node.entries:
        return
    listed = node.entries["params"]
    items = listed.items if isinstance(listed, Items) else ()
    names = {item.text: None for item in items if isinstance(item, Scalar)}
    used: set[str] = set()
    unknown: list[Scalar] = []
    for key, value in node.entries.items():
        for each in stand_ins(value) if key not in ("params", "each") else ():
            if each.text[1:] in names:
                used.add(each.text[1:])
            elif _NAME.fullmatch(each.text) and each.text not in (ANY, NONE):
                unknown.append(each)
    unused = [name for name in names if name not in used]
    for each in unknown[:_MOST]:
        meant = closest(each.text[1:], unused) or closest(each.text[1:], names)
        advice = f"did you mean `${meant}`?" if meant else _left(unused, names)
        message = f"`{each.text}` is no param of this case and stands for itself; {advice}"
        yield mistake(message, each.place, path)


def _left(unused: Sequence[str], names: Iterable[str]) -> str:
    listed = ", ".join(f"`${name}`" for name in islice(unused or names, _SHOWN))
    return f"nothing uses {listed}" if unused else f"its params are {listed}"


def stand_ins(node: Node) -> Iterator[Scalar]:
    """Every text that begins with `$`, in order of writing."""
    match node:
        case Scalar(value=str(text)):
            if text.startswith("$"):
                yield node
        case Items(items=items):
            for item in items:
                yield from stand_ins(item)
        case Entries(entries=entries):
            for value in entries.values():
                yield from stand_ins(value)

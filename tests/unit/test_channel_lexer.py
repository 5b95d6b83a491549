"""The colours of rule files in the documentation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import pytest
from pygments.token import Comment, Error, Keyword, Name, String

ROOT: Final = Path(__file__).parents[2]
RULE_FILES: Final = sorted((ROOT / "rules").rglob("*.channel"))


@pytest.fixture(scope="module")
def lexer() -> Any:
    sys.path.insert(0, str(ROOT / "docs" / "builder"))
    try:
        from channel_lexer import ChannelLexer  # noqa: PLC0415 (stands beside the documentation)
    finally:
        del sys.path[0]
    return ChannelLexer(stripnl=False, ensurenl=False)


@pytest.mark.parametrize("file", RULE_FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_rule_files_are_read_whole(lexer: Any, file: Path) -> None:
    """Every character of a rule file has a colour, and none is unknown."""
    text = file.read_text(encoding="utf-8")

    tokens = list(lexer.get_tokens(text))

    assert text == "".join(part for _, part in tokens)
    assert [] == [part for kind, part in tokens if kind is Error]


@pytest.mark.parametrize(
    ("text", "part", "kind"),
    [
        ("find newest in NEW\n", "newest", Keyword),
        ("find newest in NEW\n", "NEW", Name),
        ("payload {\n    find text required\n}\n", "find", Name.Variable),
        ("payload {\n    find text required\n}\n", "text", Keyword.Type),
        ('NAME = "<a | trim>"  search\n', "NAME", Name.Attribute),
        ('NAME = "<a | trim>"  search\n', "a", Name.Variable),
        ('NAME = "<a | trim>"  search\n', "trim", Name.Function),
        ('NAME = "<a | trim>"  search\n', "search", Keyword),
        ('"Order ID" = "<a>"\n', "Order ID", Name.Attribute),
        ('PHONE.MOBILE = "<a>"\n', ".MOBILE", Name.Decorator),
        ("TITLE = \"# of <'First Name'>\"\n", "# of ", String),
        ("TITLE = \"# of <'First Name'>\"\n", "'First Name'", String.Single),
        ("status NEW  # when new\n", "# when new", Comment.Single),
        ('ignore when <a> < 5 and <b> == "x"\n', "a", Name.Variable),
        ('reject when <a> matches "<b>$"\n', '"<b>$"', String.Regex),
    ],
)
def test_part_has_its_colour(lexer: Any, text: str, part: str, kind: Any) -> None:
    """Words are told apart by where they stand, as the grammar does."""
    assert (kind, part) in lexer.get_tokens(text)

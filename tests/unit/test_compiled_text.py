"""The functions that channels run as can be read."""

import ast
from pathlib import Path

import pytest

from leadlark.compiled import main

REPOSITORY = Path(__file__).parent.parent.parent
ORDER = str(REPOSITORY / "rules/reference/order.channel")


def test_functions_are_printed_as_python(capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed for a channel is Python that maps its fields."""
    assert main([ORDER, "shop-orders"]) == 0
    printed = capsys.readouterr().out
    (function,) = ast.parse(printed).body
    assert isinstance(function, ast.FunctionDef)
    assert function.name == "gather"
    assert "# shop-orders\n" in printed
    assert "entity['CURRENCY_ID'] = 'RUB'" in printed


def test_both_sides_of_each_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A channel with ``each`` has functions for what is above it and for what is below."""
    file = tmp_path / "a.channel"
    file.write_text(
        'channel a {\n  entity deal\n  let shop = "<shop>"\n  each <items>\n'
        '  deal {\n    TITLE = "<name> of <shop>"\n  }\n}\n'
    )
    assert main([str(file)]) == 0
    printed = capsys.readouterr().out
    names = [each.name for each in ast.parse(printed).body if isinstance(each, ast.FunctionDef)]
    assert ["bind", "gather"] == names
    assert ["# a, above each", "# a, below each"] == [
        line for line in printed.splitlines() if line.startswith("#")
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "usage: python -m leadlark.compiled RULES [ADDRESS]\n"),
        (["none.channel"], "none.channel: No such file or directory\n"),
        ([ORDER, "shop-order"], "no channel `shop-order`; did you mean `shop-orders`?\n"),
    ],
)
def test_what_cannot_be_printed_is_told(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files and channels that are not there are told in a sentence, with status 2."""
    assert main(arguments) == 2
    assert said == capsys.readouterr().err

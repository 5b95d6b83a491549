"""`leadlark test --coverage`: what of rule files no case reaches, and how much that is."""

from __future__ import annotations

import json
import os
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

FOLDER: Final = Path(__file__).parents[1] / "cases" / "coverage"
UPDATE: Final = os.environ.get("UPDATE_GOLDEN") == "1"


@pytest.fixture
def shop(folder: Path) -> Path:
    """The rule and case files of the coverage's golden file, beside the folder's own."""
    shutil.copytree(FOLDER, folder / "shop")
    return folder / "shop"


def coverage(out: str) -> Any:
    return json.loads(out, parse_float=Decimal)["coverage"]


@pytest.mark.usefixtures("shop")
def test_listing(leadlark):
    """Every place that no case reaches is shown with its line and what is missing there."""
    golden = FOLDER / "listing.out"

    ran = leadlark("test", "shop", "--coverage")

    assert (0, "") == (ran.status, ran.err)
    if UPDATE:
        golden.write_text(ran.out, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == ran.out


def test_everything_reached(leadlark, folder: Path):
    """A rule file of which nothing is missing is one line, and 100 % is not less than 100 %."""
    (folder / "shop.channel").write_text("channel a {\n entity lead\n lead {\n X = 1\n }\n}\n")
    (folder / "shop.test.yaml").write_text(
        "rules: shop.channel\ncases: [{name: a, json: {}, expect: {action: create}}]\n"
    )

    ran = leadlark("test", ".", "--coverage", "--fail-under", "100")

    assert (0, "") == (ran.status, ran.err)
    assert [
        "1 passed",
        "",
        "coverage",
        "shop.channel    100 %  1 of 1",
        "total           100 %  1 of 1",
    ] == ran.out.splitlines()


def test_share_below_what_is_asked_for(leadlark):
    """A share that is too small fails, and it is said by how much."""
    ran = leadlark("test", ".", "--filter", "ping", "--coverage", "--fail-under", "99.5")

    assert 1 == ran.status
    assert "leadlark: the coverage of 12.5 % is 87.0 points below 99.5 %\n" == ran.err


@pytest.mark.usefixtures("shop")
def test_json(leadlark):
    """JSON has the shares of every file and every place that is not reached."""
    shown = coverage(leadlark("test", "shop", "--coverage", "--format", "json").out)

    files = {each["path"]: each for each in shown["files"]}
    orders = files["shop/orders.channel"]
    assert [False, True] == [files["shop/unused.channel"]["used"], orders["used"]]
    assert shown["total"] == sum(each["total"] for each in shown["files"])
    assert shown["reached"] == sum(each["reached"] for each in shown["files"])
    assert {
        "line": 2,
        "column": 5,
        "kind": "row",
        "missing": "row `google` never looked up",
        "text": '"google"        -> "ADWORDS"',
    } == orders["missing"][0]


def test_json_without_coverage_has_no_such_key(leadlark):
    """Nothing is measured where nobody asks for it."""
    shown = json.loads(leadlark("test", ".", "--format", "json").out)

    assert {"counts", "cases", "errors"} == shown.keys()


@pytest.mark.usefixtures("shop")
def test_filter_counts_what_it_runs(leadlark):
    """Only the cases that are run reach anything; all rule files are listed all the same."""
    some = coverage(leadlark("test", ".", "--coverage", "--filter", "ping", "--format", "json").out)

    assert {"shop.channel", "shop/orders.channel", "shop/unused.channel"} == {
        each["path"] for each in some["files"]
    }
    assert some["reached"] < some["total"]


def test_rule_file_elsewhere(leadlark, folder: Path):
    """A rule file outside of the folders is measured; it is one, however it is named."""
    (folder / "cases").mkdir()
    text = (folder / "shop.test.yaml").read_text().replace("shop.channel", "../shop.channel")
    (folder / "cases" / "a.test.yaml").write_text(text)
    (folder / "cases" / "b.test.yaml").write_text(
        text.replace("../shop.channel", "../cases/../shop.channel")
    )

    shown = coverage(leadlark("test", "cases", "--coverage", "--format", "json").out)

    assert [("shop.channel", True)] == [(each["path"], each["used"]) for each in shown["files"]]


def test_unused_rule_file_with_mistakes(leadlark, folder: Path):
    """A rule file that cannot be measured for its mistakes fails the run with them."""
    (folder / "other.channel").write_text("channel b {\n    enttiy deal\n}\n")

    ran = leadlark("test", ".", "--coverage")

    assert 1 == ran.status
    assert "error[E" in ran.out
    assert "2 passed" in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--fail-under", "50"), "leadlark: --fail-under needs --coverage\n"),
        *(
            (
                ("--coverage", "--fail-under", text),
                f"leadlark test: argument --fail-under: '{text}' is no percentage: write a number "
                "from 0 to 100, as in 90\nSee `leadlark test --help`.\n",
            )
            for text in ("101", "nan", "90%", "abc", "")
        ),
    ],
)
def test_calls_at_fault(leadlark, arguments: tuple[str, ...], message: str):
    """A threshold that would not be looked at, or is none, is a mistake in the call."""
    ran = leadlark("test", ".", *arguments)

    assert (2, message) == (ran.status, ran.err)

"""`leadlark test`: case files run, failures shown, statuses that CI can trust."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from junitparser import JUnitXml


def test_passing_cases(leadlark):
    """Cases that pass are counted; the status is 0."""
    ran = leadlark("test", "shop.test.yaml")

    assert (0, "2 passed\n", "") == (ran.status, ran.out, ran.err)


def test_failing_case_is_shown_field_by_field(leadlark, folder: Path):
    """A failure shows place, decision, and for every field what was expected and what came."""
    path = folder / "shop.test.yaml"
    path.write_text(path.read_text().replace("Order #6510", "Order #1"))

    ran = leadlark("test", ".")

    assert 1 == ran.status
    assert [
        "FAILED  shop.test.yaml:4  a first order creates a deal",
        "    decided: create, no deal found",
        "    shop.test.yaml:8  entity.fields.TITLE",
        '        expected  "Order #1"',
        '             got  "Order #6510"',
        "1 passed, 1 failed",
    ] == ran.out.splitlines()


def test_json_of_a_run(leadlark, folder: Path):
    """JSON holds the sums, every case and every mistake."""
    path = folder / "shop.test.yaml"
    path.write_text(path.read_text().replace("Order #6510", "Order #1"))

    shown = json.loads(leadlark("test", ".", "--format", "json").out)

    assert (1, 1) == (shown["counts"]["passed"], shown["counts"]["failed"])
    assert ["failed", "passed"] == [each["outcome"] for each in shown["cases"]]
    assert ["entity.fields.TITLE"] == [each["path"] for each in shown["cases"][0]["differences"]]
    assert [] == shown["errors"]


def test_no_case_found_is_a_failure(leadlark, folder: Path):
    """Neither a folder without case files nor a filter that nothing matches passes."""
    (folder / "empty").mkdir()

    assert (1, "no case found\n") == (
        (empty := leadlark("test", "empty")).status,
        empty.out,
    )
    assert 1 == leadlark("test", ".", "--filter", "nothing like it").status


def test_filter(leadlark):
    """Only the cases whose name contains the text are run."""
    assert "1 passed\n" == leadlark("test", ".", "--filter", "PING").out


def test_case_file_with_mistakes(leadlark, folder: Path):
    """Mistakes in a case file fail the run, with line and column; other files are still run."""
    (folder / "bad.test.yaml").write_text("rules: shop.channel\ncases: [{nam: x}]\n")

    ran = leadlark("test", ".")

    assert 1 == ran.status
    assert "bad.test.yaml:2:10: unknown key `nam`; did you mean `name`?" in ran.out
    assert "2 passed" in ran.out


def test_rules_with_mistakes(leadlark, folder: Path):
    """Cases of rules that have mistakes fail with the diagnostics."""
    (folder / "shop.channel").write_text("channel a {\n    enttiy deal\n}\n")

    ran = leadlark("test", ".")

    assert 1 == ran.status
    assert "error[E" in ran.out


def test_missing_rules(leadlark, folder: Path):
    """A case file whose rule file is not there is told so at the line that names it."""
    (folder / "shop.channel").unlink()

    ran = leadlark("test", ".")

    assert 1 == ran.status
    assert "shop.test.yaml:1:1: there is no rule file shop.channel" in ran.out


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("shp.channel", "; did you mean `shop.channel`?"),
        ("shop", "; did you mean `shop.channel`?"),
        ("other", "; in its folder is `shop.channel`"),
        ("rules/shop.channel", ""),
    ],
)
def test_rules_that_were_meant(leadlark, folder: Path, name: str, advice: str):
    """A case file that names a missing rule file is told what stands beside it."""
    (folder / "shop.test.yaml").write_text(f"rules: {name}\ncases: []\n")

    ran = leadlark("test", ".")

    assert f"error  shop.test.yaml:1:1: there is no rule file {name}{advice}\n" == ran.out


def test_notes_are_told_and_fail_nothing(leadlark, folder: Path):
    """What is hardly meant is told on standard error, once, and in the JSON of a run."""
    (folder / "shop.test.yaml").write_text(
        "rules: shop.channel\ncases: [{name: x, json: {}, expect: {}}]\n"
    )

    text = leadlark("test", ".")
    data = leadlark("test", ".", "--format", "json")

    told = (
        "`expect: {}` holds whatever is decided, so the case tests nothing; leave `expect:` "
        "empty, and `leadlark test --update` fills it in"
    )
    assert (0, "1 passed\n") == (text.status, text.out)
    assert f"note  shop.test.yaml:2:37: {told}\n" == text.err
    (result,) = json.loads(data.out)["cases"]
    assert [{"line": 2, "column": 37, "message": told}] == result["notes"]


def test_rule_file_is_no_case_file(leadlark):
    """A rule file in place of its case file is a mistake in the call, told as that."""
    ran = leadlark("test", "shop.channel")

    assert 2 == ran.status
    assert "shop.channel is a rule file; name its case file (*.test.yaml) or the folder" in ran.err


def test_junit_of_a_run(leadlark, folder: Path):
    """Every case, and every mistake of a case file or its rules, is in the JUnit XML."""
    path = folder / "shop.test.yaml"
    text = path.read_text().replace("Order #6510", "Order #1")
    path.write_text(text.replace("name: a first order", 'name: "\\x01"  # '))
    (folder / "bad.test.yaml").write_text("rules: shop.channel\ncases: [{nam: x}]\n")
    (folder / "broken.channel").write_text("channel b {\n    enttiy deal\n}\n")
    (folder / "broken.test.yaml").write_text("rules: broken.channel\ncases: []\n")

    ran = leadlark("test", ".", "--junit", "results.xml")

    assert 1 == ran.status
    suites = {each.name: each for each in JUnitXml.fromfile(str(folder / "results.xml"))}
    assert {"bad.test.yaml", "broken.test.yaml", "shop.test.yaml"} == set(suites)
    failed, passed = suites["shop.test.yaml"]
    assert ["Failure"] == [type(each).__name__ for each in failed.result]
    assert ("\ufffd", "shop") == (failed.name, failed.classname)
    assert [] == passed.result
    for name in ("bad", "broken"):
        for case in suites[f"{name}.test.yaml"]:
            assert ["Error"] == [type(each).__name__ for each in case.result]
    (broken,) = suites["broken.test.yaml"]
    assert "broken.channel:2:5: E" in (broken.result[0].text or "")


def test_junit_file_that_cannot_be_written(leadlark):
    """A folder that is not there is a mistake in the call, told before anything is run."""
    ran = leadlark("test", ".", "--junit", "none/results.xml")

    assert (2, "") == (ran.status, ran.out)
    assert "leadlark: --junit none/results.xml: there is no folder none\n" == ran.err

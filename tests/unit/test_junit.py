"""JUnit XML of results: what CI servers read of each outcome."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped

from leadlark.cases import CaseResult, Difference
from leadlark.cases.junit import Fault, Suite, junit_xml

PATH: Final = "rules/shop/orders.test.yaml"
DIFFERENCES: Final = (
    Difference("action", 7, '"create"', '"ignore"'),
    Difference("entity", 8, "a map", "null"),
)
RESULTS: Final = (
    (CaseResult("one", PATH, 3, "passed", "create, no deal found"), 0.25),
    (CaseResult("two", PATH, 5, "failed", "ignore, ping", DIFFERENCES), 0.5),
    (CaseResult("three", PATH, 9, "skipped", "no time"), 0.0),
    (CaseResult("four", PATH, 11, "todo", "later", DIFFERENCES), 1.0),
    (CaseResult("five", PATH, 13, "unexpected pass", "later"), 0.125),
)
FAULT: Final = Fault("unknown key `nam`", 2, "other.test.yaml:2:3: unknown key `nam`")


def read(*suites: Suite) -> JUnitXml:
    found = JUnitXml.fromstring(junit_xml(suites))
    assert isinstance(found, JUnitXml)
    return found


def test_outcomes() -> None:
    """Failures carry the difference, skips their reason; a case to do that fails is a skip."""
    (suite,) = read(Suite(PATH, RESULTS))

    cases = {case.name: case for case in suite}
    assert ["one", "two", "three", "four", "five"] == list(cases)
    assert [] == cases["one"].result
    (failure,) = cases["two"].result
    assert isinstance(failure, Failure)
    assert 'action: expected "create", got "ignore" and 1 more' == failure.message
    assert [
        f"FAILED  {PATH}:5  two",
        "    decided: ignore, ping",
        f"    {PATH}:7  action",
        '        expected  "create"',
        '             got  "ignore"',
        f"    {PATH}:8  entity",
        "        expected  a map",
        "             got  null",
    ] == (failure.text or "").splitlines()
    for name, kind, message in (
        ("three", Skipped, "no time"),
        ("four", Skipped, "to do: later"),
        ("five", Failure, "passed, but is to do: later"),
    ):
        (result,) = cases[name].result
        assert (kind, message) == (type(result), result.message)


def test_places_and_times() -> None:
    """A case says in which file and line it stands, and how many seconds it took."""
    root = ET.fromstring(junit_xml([Suite(PATH, RESULTS)]))

    assert {
        "classname": "rules.shop.orders",
        "name": "two",
        "file": PATH,
        "line": "5",
        "time": "0.500",
    } == root.findall("testsuite/testcase")[1].attrib


def test_sums() -> None:
    """A suite has the sums of its cases, the document those of its suites."""
    root = ET.fromstring(junit_xml([Suite(PATH, RESULTS), Suite("other.test.yaml", (), (FAULT,))]))

    first, second = root
    assert {
        "name": "leadlark",
        "tests": "6",
        "failures": "2",
        "errors": "1",
        "skipped": "2",
        "time": "1.875",
    } == root.attrib
    assert {
        "name": PATH,
        "tests": "5",
        "failures": "2",
        "errors": "0",
        "skipped": "2",
        "time": "1.875",
    } == first.attrib
    assert ("1", "1") == (second.get("tests"), second.get("errors"))


def test_mistake_in_a_case_file_is_an_error() -> None:
    """What keeps a case file from being run is an error of a test case in its name."""
    (suite,) = read(Suite("./other.test.yaml", (), (FAULT,)))

    (case,) = suite
    (error,) = case.result
    assert ("other", "case file") == (case.classname, case.name)
    assert isinstance(error, Error)
    assert (FAULT.message, FAULT.text) == (error.message, error.text)


def test_nothing_was_run() -> None:
    """A run without case files is a document too."""
    assert 0 == len(list(read()))


@settings(max_examples=100)
@given(st.text(max_size=30))
def test_any_text_gives_a_document(text: str) -> None:
    """Whatever payloads, names and paths hold, the document can be read, and legal text is kept."""
    difference = Difference(text, 1, text, text)
    result = CaseResult(text, text, 1, "failed", text, (difference,))

    root = ET.fromstring(junit_xml([Suite(text, ((result, 0.0),), (Fault(text, 1, text),))]))

    case = root.find("testsuite/testcase")
    assert case is not None
    name = case.get("name")
    assert name is not None
    assert len(text) == len(name)
    assert all(after in (before, "\ufffd") for before, after in zip(text, name, strict=True))

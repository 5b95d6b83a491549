"""The results of case files as JUnit XML, as CI servers read it.

There is no standard; the elements and attributes are those that Jenkins, GitLab and GitHub
actions read: ``testsuites`` of ``testsuite`` of ``testcase`` with ``failure``, ``error`` or
``skipped``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final
from xml.etree import ElementTree as ET

from .model import CaseResult
from .reading import SUFFIX
from .report import case_lines

_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a case file could not be run as it stands: a sentence, its line, and the whole of it."""

    message: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Suite:
    """What became of one case file: its results with the seconds that each took, its faults."""

    path: str
    results: tuple[tuple[CaseResult, float], ...]
    faults: tuple[Fault, ...] = ()


def junit_xml(suites: Sequence[Suite]) -> bytes:
    """A JUnit XML document in UTF-8.

    A case that is to do and fails counts as skipped, one that passes though it is to do as a
    failure, a mistake in a case file or its rules as an error. Characters that XML cannot hold
    are replaced by U+FFFD.
    """
    root = ET.Element("testsuites", name="leadlark")
    for suite in suites:
        root.append(_suite(suite))
    for total in ("tests", "failures", "errors", "skipped"):
        root.set(total, str(sum(int(each.get(total, "0")) for each in root)))
    root.set("time", _seconds(sum(taken for each in suites for _, taken in each.results)))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(suite: Suite) -> ET.Element:
    element = ET.Element("testsuite", name=_legal(suite.path))
    for result, taken in suite.results:
        element.append(_case(suite, result, taken))
    for fault in suite.faults:
        case = _test(suite, "case file", fault.line, 0)
        _told(case, "error", fault.message, fault.text).set("type", "mistake")
        element.append(case)
    element.set("tests", str(len(element)))
    for total, name in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(total, str(len(element.findall(f"testcase/{name}"))))
    element.set("time", _seconds(sum(taken for _, taken in suite.results)))
    return element


def _case(suite: Suite, result: CaseResult, taken: float) -> ET.Element:
    case = _test(suite, result.name, result.line, taken)
    match result.outcome:
        case "failed":
            first, *others = result.differences
            more = f" and {len(others)} more" if others else ""
            message = f"{first.path or 'decisions'}: expected {first.expected}, got {first.actual}"
            text = "\n".join(case_lines(result))
            _told(case, "failure", message + more, text).set("type", "difference")
        case "unexpected pass":
            message = f"passed, but is to do: {result.reason}"
            _told(case, "failure", message, message).set("type", "unexpected pass")
        case "skipped":
            _told(case, "skipped", result.reason)
        case "todo":
            _told(case, "skipped", f"to do: {result.reason}")
        case "passed":
            pass
    return case


def _test(suite: Suite, name: str, line: int, taken: float) -> ET.Element:
    parts = PurePath(suite.path.removesuffix(SUFFIX)).parts
    classname = ".".join(part.strip("./\\") for part in parts if part.strip("./\\"))
    return ET.Element(
        "testcase",
        classname=_legal(classname),
        name=_legal(name),
        file=_legal(suite.path),
        line=str(line),
        time=_seconds(taken),
    )


def _told(case: ET.Element, name: str, message: str, text: str = "") -> ET.Element:
    element = ET.SubElement(case, name, message=_legal(message))
    element.text = _legal(text) or None
    return element


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)


def _seconds(taken: float) -> str:
    return f"{taken:.3f}"

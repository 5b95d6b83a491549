"""`leadlark check`: all diagnostics of all files, in three formats."""

from __future__ import annotations

import json
from pathlib import Path

BROKEN = 'channel a {\n    entity deal\n    deal {\n        TITLE = "<x | trimm>"\n    }\n}\n'
UNUSED = 'table unused {\n    "a" -> "b"\n}\n\nchannel b {\n    entity lead\n}\n'


def test_fine_rules(leadlark):
    """Rules without mistakes print nothing but a note, and the status is 0."""
    ran = leadlark("check", "--strict", "shop.channel")

    assert (0, "") == (ran.status, ran.out)
    assert "no problems\n" == ran.err


def test_error_is_shown_with_its_line(leadlark, folder: Path):
    """An error fails; the full format shows the line with carets under the mistake."""
    (folder / "a.channel").write_text(BROKEN)

    ran = leadlark("check", "a.channel")

    assert 1 == ran.status
    assert "error[E201]" in ran.out
    assert "a.channel:4:" in ran.out
    assert "^^^^^" in ran.out
    assert "1 error\n" == ran.err


def test_concise_format_is_a_line_each(leadlark, folder: Path):
    """The concise format gives file, line, column, code and message on one line."""
    (folder / "a.channel").write_text(BROKEN)

    ran = leadlark("check", "--format", "concise", "a.channel")

    (line,) = ran.out.splitlines()
    assert line.startswith("a.channel:4:")
    assert " error E201: " in line


def test_json_format_is_one_array(leadlark, folder: Path):
    """JSON goes alone to standard output, for no diagnostics too; the keys are the contract's."""
    (folder / "a.channel").write_text(BROKEN)

    (diagnostic,) = json.loads(leadlark("check", "--format", "json", "a.channel").out)

    assert {
        "code",
        "severity",
        "message",
        "path",
        "line",
        "column",
        "end_line",
        "end_column",
        "label",
        "related",
        "help",
        "fix",
        "url",
    } == set(diagnostic)
    assert ("E201", "error", 4) == tuple(diagnostic[key] for key in ("code", "severity", "line"))
    assert "[]\n" == leadlark("check", "--format", "json", "shop.channel").out


def test_warnings_fail_only_under_strict(leadlark, folder: Path):
    """A warning is shown, and fails the command where it is told to be strict."""
    (folder / "b.channel").write_text(UNUSED)

    assert 0 == leadlark("check", "b.channel").status
    assert 1 == leadlark("check", "--strict", "b.channel").status


def test_folder_means_every_rule_file_below(leadlark, folder: Path):
    """One run reports the mistakes of all files of a folder."""
    (folder / "deep").mkdir()
    (folder / "deep" / "a.channel").write_text(BROKEN)
    (folder / "b.channel").write_text(UNUSED)

    found = json.loads(leadlark("check", "--format", "json", ".").out)

    assert {"E201", "W210"} == {each["code"] for each in found}


def test_no_colour_in_a_pipe(leadlark, folder: Path):
    """What is no terminal gets no escape sequence."""
    (folder / "a.channel").write_text(BROKEN)

    assert "\x1b" not in leadlark("check", "a.channel").out

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


def test_github_format_is_a_command_each(leadlark, folder: Path):
    """In a workflow every diagnostic is one annotation on standard output."""
    (folder / "a.channel").write_text(BROKEN)

    ran = leadlark("check", "--format", "github", "a.channel")

    (line,) = ran.out.splitlines()
    assert line.startswith("::error file=a.channel,line=4,col=23,endLine=4,endColumn=28,title=E201")
    assert (1, "") == (ran.status, ran.err)


def test_sarif_format_is_one_log(leadlark, folder: Path):
    """SARIF goes alone to standard output, for no diagnostics too."""
    (folder / "a.channel").write_text(BROKEN)

    (run,) = json.loads(leadlark("check", "--format", "sarif", "a.channel").out)["runs"]
    (none,) = json.loads(leadlark("check", "--format", "sarif", "shop.channel").out)["runs"]

    assert ["E201"] == [each["ruleId"] for each in run["results"]]
    assert "## Why it matters" in run["tool"]["driver"]["rules"][0]["help"]["markdown"]
    assert [] == none["results"]


def test_fix_rewrites_the_file(leadlark, folder: Path):
    """What is certain is rewritten in the file and told; then the file is fine."""
    (folder / "a.channel").write_text(BROKEN)

    ran = leadlark("check", "--fix", "a.channel")

    assert BROKEN.replace("trimm", "trim") == (folder / "a.channel").read_text()
    assert (0, "") == (ran.status, ran.out)
    assert "fixed a.channel:4:23: error E201: unknown filter `trimm`" in ran.err
    assert ran.err.endswith("1 fixed\nno problems\n")
    assert "nothing fixed\n" in leadlark("check", "--fix", "a.channel").err


def test_fix_leaves_what_is_not_certain(leadlark, folder: Path):
    """What is left is reported, and fails as without `--fix`."""
    text = BROKEN.replace("trimm", "trimm | md5")
    (folder / "a.channel").write_text(text)
    (folder / "b.channel").write_text(UNUSED)

    ran = leadlark("check", "--fix", "--format", "json", "a.channel", "b.channel")

    assert 1 == ran.status
    assert ["E201", "W210"] == [each["code"] for each in json.loads(ran.out)]
    assert text.replace("trimm", "trim") == (folder / "a.channel").read_text()
    assert UNUSED == (folder / "b.channel").read_text()


def test_fix_never_makes_a_file_worse(leadlark, folder: Path):
    """A rewrite that would bring more errors is not made: the file is left as it is."""
    text = (
        "channel a {\n    entity deal\n    payload {\n        x text\n    }\n"
        '    deal {\n        TITLE = "<x> {y}"\n    }\n}\n'
    )
    (folder / "a.channel").write_text(text)

    ran = leadlark("check", "--fix", "--format", "concise", "a.channel")

    assert text == (folder / "a.channel").read_text()
    assert " warning W207: " in ran.out


def test_fix_keeps_bytes_and_mode(leadlark, folder: Path):
    """The byte order mark, line breaks, mode and links stay; nothing else is left in the folder."""
    file = folder / "a.channel"
    file.write_bytes(b"\xef\xbb\xbf" + BROKEN.replace("\n", "\r\n").encode())
    file.chmod(0o640)
    (folder / "link.channel").symlink_to(file)
    before = sorted(each.name for each in folder.iterdir())

    leadlark("check", "--fix", "link.channel")

    fixed = BROKEN.replace("trimm", "trim").replace("\n", "\r\n").encode()
    assert b"\xef\xbb\xbf" + fixed == file.read_bytes()
    assert 0o640 == file.stat().st_mode & 0o777
    assert (folder / "link.channel").is_symlink()
    assert before == sorted(each.name for each in folder.iterdir())


def test_fix_leaves_unreadable_files_alone(leadlark, folder: Path):
    """A file that is not UTF-8 keeps every byte, and the others are fixed."""
    data = BROKEN.replace("trimm", "trimm | lower").encode() + b"# \xc7\n"
    (folder / "a.channel").write_bytes(data)
    (folder / "b.channel").write_text(BROKEN.replace("channel a", "channel b"))

    ran = leadlark("check", "--fix", "--format", "concise", "a.channel", "b.channel")

    assert data == (folder / "a.channel").read_bytes()
    assert ["E111"] == [line.split()[2].rstrip(":") for line in ran.out.splitlines()]


def test_fixes_in_a_workflow_are_notices(leadlark, folder: Path):
    """Under GitHub's format nothing from a file stands on a line that is no command."""
    (folder / "##[add-path]x.channel").write_text(BROKEN)

    ran = leadlark("check", "--fix", "--format", "github", "##[add-path]x.channel")

    (line,) = ran.out.splitlines()
    assert line.startswith("::notice file=##[add-path]x.channel,line=4,")
    assert "" == ran.err

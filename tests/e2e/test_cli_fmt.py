"""`leadlark fmt`: files rewritten, compared and printed in their canonical layout."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEAT = """\
channel a {
    entity deal  # why

    deal {
        A   = 1
        BCD = 2
    }
}
"""
LOOSE = "channel a {\r\n\tentity deal # why\r\n\r\n\r\n\tdeal {\r\n\tA=1\r\n\tBCD = 2\r\n}\r\n}\r\n"
BROKEN = 'channel b {\n    entity deal\n    deal {\n        TITLE = "x\n    }\n}\n'


@pytest.fixture
def loose(folder: Path) -> Path:
    path = folder / "a.channel"
    path.write_bytes(LOOSE.encode())
    return path


def test_a_file_is_rewritten_in_place(leadlark, loose: Path):
    """The file holds its canonical text, under the mode it had; a second run changes nothing."""
    loose.chmod(0o640)

    ran = leadlark("fmt", "a.channel")

    assert (0, "") == (ran.status, ran.out)
    assert "rewrote a.channel\n1 of 1 file rewritten\n" == ran.err
    assert NEAT.encode() == loose.read_bytes()
    assert 0o640 == stat.S_IMODE(loose.stat().st_mode)

    before = loose.stat()
    ran = leadlark("fmt", "a.channel")

    assert (0, "", "0 of 1 file rewritten\n") == (ran.status, ran.out, ran.err)
    after = loose.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_link_stays_a_link(leadlark, loose: Path, folder: Path):
    """What a link leads to is rewritten, and nothing else is left in the folder."""
    (folder / "link.channel").symlink_to(loose)
    names = sorted(each.name for each in folder.iterdir())

    assert 0 == leadlark("fmt", "link.channel").status
    assert (folder / "link.channel").is_symlink()
    assert NEAT.encode() == loose.read_bytes()
    assert names == sorted(each.name for each in folder.iterdir())


def test_check_names_the_files_that_differ(leadlark, loose: Path):
    """`--check` fails where a file differs, names each such file and writes nothing."""
    leadlark("fmt", "shop.channel")

    ran = leadlark("fmt", "--check", ".")

    assert (1, "a.channel\n") == (ran.status, ran.out)
    assert "1 of 2 files would be rewritten\n" == ran.err
    assert LOOSE.encode() == loose.read_bytes()
    assert 0 == leadlark("fmt", "--check", "shop.channel").status


def test_diff_can_be_applied(leadlark, folder: Path):
    """`--diff` fails where a file differs; its output is a patch that gives the canonical text."""
    path = folder / "a.channel"
    path.write_text("channel a {\nentity deal\n\n\n}", encoding="utf-8")

    ran = leadlark("fmt", "--diff", "a.channel")

    assert 1 == ran.status
    assert [
        "--- a.channel",
        "+++ a.channel",
        "@@ -1,5 +1,3 @@",
        " channel a {",
        "-entity deal",
        "-",
        "-",
        "-}",
        "\\ No newline at end of file",
        "+    entity deal",
        "+}",
    ] == ran.out.splitlines()

    leadlark("fmt", "a.channel")
    ran = leadlark("fmt", "--diff", "a.channel")
    assert (0, "") == (ran.status, ran.out)


def test_standard_input_is_printed(leadlark):
    """`-` prints the canonical text alone, in UTF-8 whatever the locale says."""
    text = 'channel a {\n    entity deal\n    let x = "Ёлка"\n}\n'

    ran = leadlark("fmt", "-", stdin=text.replace("    ", "\t"), env={"LC_ALL": "C"})
    assert (0, text, "") == (ran.status, ran.out, ran.err)

    ran = leadlark("fmt", "--check", "-", stdin=text.replace("    ", "\t"))
    assert (1, "<stdin>\n") == (ran.status, ran.out)

    ran = leadlark("fmt", "--diff", "-", stdin=text)
    assert (0, "", "") == (ran.status, ran.out, ran.err)


@pytest.mark.parametrize("option", [(), ("--check",), ("--diff",)])
def test_a_file_with_mistakes_is_left_as_it_is(leadlark, loose: Path, folder: Path, option):
    """Mistakes of the syntax are reported as `check` does; the other files are formatted."""
    (folder / "b.channel").write_text(BROKEN, encoding="utf-8")

    ran = leadlark("fmt", *option, "a.channel", "b.channel")

    assert 1 == ran.status
    assert leadlark("check", "b.channel").out.split("\n\n")[0] in ran.err
    assert "1 error\n" in ran.err
    assert BROKEN == (folder / "b.channel").read_text(encoding="utf-8")
    assert (LOOSE if option else NEAT).encode() == loose.read_bytes()


def test_a_file_that_is_not_utf8_is_left_as_it_is(leadlark, folder: Path):
    """A file in another encoding is reported and keeps its bytes."""
    (folder / "a.channel").write_bytes(b"channel a {\n  # \xff\n}\n")

    ran = leadlark("fmt", "a.channel")

    assert 1 == ran.status
    assert "E111" in ran.err
    assert b"channel a {\n  # \xff\n}\n" == (folder / "a.channel").read_bytes()


def test_rules_that_mean_nothing_are_formatted(leadlark, folder: Path):
    """What only a check complains about is no mistake of the syntax."""
    (folder / "a.channel").write_text('channel a {\nstatus "<x | nothing>"\n}\n')

    assert 0 == leadlark("fmt", "a.channel").status
    assert "    status" in (folder / "a.channel").read_text()


def test_a_text_that_would_be_too_large_is_not_written(leadlark, folder: Path):
    """A file that grows beyond what can be read is left as it is."""
    blocks = "".join(f"when <a> is present {{ # {number}\n" for number in range(60))
    text = f"channel a {{\nentity deal\n{blocks}" + "#\n" * 20_000 + "}\n" * 61
    (folder / "a.channel").write_text(text)

    ran = leadlark("fmt", "a.channel")

    assert 1 == ran.status
    assert "a.channel: left as it is: it would be larger than 256 KiB; split it\n" in ran.err
    assert text == (folder / "a.channel").read_text()


def test_a_call_at_fault(leadlark, folder: Path):
    """No such file, no rule file in a folder and options that exclude each other end with 2."""
    (folder / "empty").mkdir()

    assert 2 == leadlark("fmt", "nowhere.channel").status
    assert "no rule file (*.channel) in empty" in leadlark("fmt", "empty").err
    assert 2 == leadlark("fmt", "--check", "--diff", "shop.channel").status


def test_rules_of_the_house_are_formatted():
    """Every ready-made channel stands in its canonical layout."""
    done = subprocess.run(
        [sys.executable, "-m", "leadlark", "fmt", "--check", "rules"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stdout)

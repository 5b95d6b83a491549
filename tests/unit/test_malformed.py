"""Mistakes that people make, as files: grammar/malformed/<CODE>/, and what they are told."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

import pytest

from leadlark.check import check
from leadlark.codes import ERRORS, WARNINGS
from leadlark.language.parser import parse
from leadlark.messages import fixing, render
from leadlark.messages.diagnostics import Diagnostic
from leadlark.messages.source import Source
from leadlark.together import check_together

ROOT: Final = Path(__file__).parents[2]
SAMPLES: Final = ROOT / "grammar" / "malformed"
MESSAGES: Final = ROOT / "tests" / "cases" / "malformed"
UPDATE: Final = os.environ.get("UPDATE_GOLDEN") == "1"

NAMES: Final = sorted(
    path.relative_to(SAMPLES).with_suffix("").as_posix() for path in SAMPLES.rglob("*.channel")
)
# A sample of several mistakes says how many they are.
COUNT: Final = re.compile(r"^# mistakes: (\d+)$", re.MULTILINE)


def diagnose(source: Source) -> list[Diagnostic]:
    """What is wrong with one file, as the loader puts it together."""
    file, parsed = parse(source)
    found = [*parsed, *check(source, file), *check_together([(source, file)])]
    return sorted(found, key=lambda each: each.order)


def sample(name: str) -> Source:
    text = (SAMPLES / f"{name}.channel").read_bytes().decode()
    return Source(f"{Path(name).name}.channel", text)


@pytest.mark.parametrize("name", NAMES)
def test_sample_has_the_code_of_its_folder(name: str) -> None:
    """The first diagnostic has the code that the folder is named after."""
    assert Path(name).parent.name == diagnose(sample(name))[0].code


@pytest.mark.parametrize("name", NAMES)
def test_one_mistake_is_told_once(name: str) -> None:
    """A sample of one mistake has one diagnostic, whatever follows the mistake."""
    source = sample(name)
    said = COUNT.search(source.text)

    assert (int(said[1]) if said else 1) == len(diagnose(source))


@pytest.mark.parametrize("name", NAMES)
def test_message_is_as_its_golden_file_has_it(name: str) -> None:
    """What a person is shown about the sample is what was read and found good."""
    shown = "\n\n".join(render.full(each) for each in diagnose(sample(name))) + "\n"
    golden = MESSAGES / f"{name}.out"
    if UPDATE:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(shown, encoding="utf-8")

    assert golden.read_text(encoding="utf-8") == shown


@pytest.mark.parametrize("name", NAMES)
def test_rewrite_mends_the_mistake(name: str) -> None:
    """The edits of a diagnostic, made, leave a file without it and with no new one."""
    source = sample(name)
    found = diagnose(source)
    for each in found:
        if not each.fix:
            continue
        text, _ = fixing.edited(source, [each])
        left = [(other.code, other.message) for other in diagnose(Source(source.name, text))]

        assert sorted((o.code, o.message) for o in found if o is not each) == sorted(left)


@pytest.mark.parametrize("name", NAMES)
def test_message_says_what_where_and_the_way_out(name: str) -> None:
    """Every diagnostic has a sentence, a place in the file and help."""
    source = sample(name)
    for each in diagnose(source):
        assert each.message
        assert 0 <= each.span.start <= each.span.end <= max(len(source.text), 1)
        assert each.help


def test_samples_and_messages_belong_together() -> None:
    """No golden message is left over, and every folder is named after a code."""
    messages = {
        path.relative_to(MESSAGES).with_suffix("").as_posix() for path in MESSAGES.rglob("*.out")
    }

    assert set(NAMES) == messages
    assert set() == {Path(name).parent.name for name in NAMES} - {*ERRORS, *WARNINGS}
    assert len(NAMES) >= 60

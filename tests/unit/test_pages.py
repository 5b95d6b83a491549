"""The page of every code: its shape, and its examples, which do what the page says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

import leadlark
from leadlark import limits, loader
from leadlark.codes import ERRORS, NOTES, PAYLOAD_ERRORS, TITLES, WARNINGS
from leadlark.messages import render
from leadlark.pages import page

FENCE: Final = re.compile(r"^```(\w+)(?: ([^\n]*))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING: Final = re.compile(r"^#+ .*$", re.MULTILINE)
TYPE: Final = re.compile(r"With the content type `(.*?)`:")
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)

# What an example stands for where it would be too large, or no text at all.
WRONG: Final[dict[str, Callable[[str], str]]] = {
    "E107": lambda text: text.replace("⟨U+202E⟩", "\u202e"),
    "E501": lambda text: text.replace("# …", "# prices of 2026\n" * 18_000 + "#"),
    "E502": lambda text: text.replace(
        "# …", "".join(f'"{number}" -> "city {number}"\n' for number in range(2, 2_001)) + "#"
    ),
    "E503": lambda text: text.replace("(((", "(" * 70).replace(")))", ")" * 70),
    "E504": lambda text: text.replace("spam1@", "|".join(f"spam{n}@" for n in range(1, 99))),
    "E505": lambda text: text.replace("dear client", "dear client " * 6_000),
    "E506": lambda text: text.replace("<m>", "<m>" * 50_000),
}
PAYLOADS: Final[dict[str, str]] = {
    "N207": '{"order_id": 1, "items": [' + ", ".join(['{"sku": "A1"}'] * 5_000) + "]}",
    "P501": '{"photo": "' + "A" * 2**21 + '"}',
    "P502": "[" + ", ".join(['{"id": 1}'] * 10_002) + "]",
    "P503": '{"a": ' * 65 + "1" + "}" * 65,
    "P504": '{"message": "' + "A" * 100_000 + '"}',
}


def fences(code: str, kind: str) -> list[str]:
    return [text for found, name, text in FENCE.findall(page(code)) if found == kind and not name]


def headings(code: str) -> list[str]:
    return HEADING.findall(FENCE.sub("", page(code)))


def diagnose(text: str, code: str, folder: Path) -> list[str]:
    """The codes of what is wrong with a rule file that stands beside the page's files."""
    for kind, name, content in FENCE.findall(page(code)):
        if kind == "json" and name:
            (folder / name).write_text(content, encoding="utf-8")
    rules = folder / "rules.channel"
    rules.write_text(text, encoding="utf-8")
    return [each.code for each in loader.check_paths([rules])]


def decide(code: str) -> leadlark.Decision:
    """The decision on the payload of a note's page, by the rules of the page."""
    (rules,) = fences(code, "channel")
    channel = next(iter(leadlark.loads(rules).values()))
    contacts = [
        leadlark.Record("contact", "1", {"PHONE": ("+74712773120",)}),
        leadlark.Record("contact", "2", {"EMAIL": ("anna@example.com",)}),
    ]
    body = PAYLOADS.get(code) or fences(code, "json")[0]
    request = leadlark.Request.from_http(body=body.encode())
    with leadlark.MemoryStore(contacts if code in ("N301", "N302") else ()) as store:
        return channel.decide(request, store, NOW)


@pytest.mark.parametrize("code", sorted(TITLES))
def test_page_has_its_shape(code: str) -> None:
    """Title, meaning, examples, and why it matters or what to do; short, without endless lines."""
    text = page(code)
    rules = ["## Wrong", "## Right", "## Why it matters"]
    payload = ["## Example", "## What to do"]

    assert [f"# {code}: {TITLES[code]}", *(rules if code[0] in "EW" else payload)] == headings(code)
    assert text.endswith("\n")
    assert len(text.splitlines()) <= 45
    assert [] == [line for line in text.splitlines() if len(line) > 100]
    assert "\u202e" not in text


def test_every_page_is_of_a_code() -> None:
    """No page is left over from a code that does not exist."""
    folder = Path(leadlark.__file__).parent / "pages"

    assert set(TITLES) == {file.stem for file in folder.glob("*.md")}


@pytest.mark.parametrize("code", sorted([*ERRORS, *WARNINGS]))
def test_wrong_example_gives_the_code(code: str, tmp_path: Path) -> None:
    """The wrong example gives the code, and nothing else of its severity."""
    wrong, _ = fences(code, "channel")
    if code == "E111":
        (tmp_path / "rules.channel").write_bytes(wrong.encode("cp1251"))
        found = [each.code for each in loader.check_paths([tmp_path])]
    else:
        found = diagnose(WRONG.get(code, str)(wrong), code, tmp_path)

    assert {code} == set(found)


@pytest.mark.parametrize("code", sorted([*ERRORS, *WARNINGS]))
def test_right_example_is_free_of_mistakes(code: str, tmp_path: Path) -> None:
    """The right example gives neither errors nor warnings."""
    _, right = fences(code, "channel")

    assert [] == diagnose(right, code, tmp_path)


@pytest.mark.parametrize("code", sorted(NOTES))
def test_example_of_a_note_gives_it(code: str) -> None:
    """The rules of a note's page are loaded, and the payload's decision carries the note."""
    assert code in [each.code for each in decide(code).warnings]


@pytest.mark.parametrize("code", sorted(PAYLOAD_ERRORS))
def test_example_of_a_payload_error_gives_it(code: str) -> None:
    """The payload of the page cannot be read, for the reason that the page explains."""
    declared = TYPE.search(page(code))
    kind = "body" if declared else "json"
    body = PAYLOADS.get(code) or fences(code, kind)[0].strip()
    headers = {"content-type": declared[1] if declared else "application/json"}

    with pytest.raises(leadlark.PayloadError) as caught:
        leadlark.Request.from_http(headers=headers, body=body.encode())

    assert code == caught.value.code


def test_diagnostics_lead_to_their_page() -> None:
    """The URL of a diagnostic in JSON is the place of its page in the repository."""
    root = Path(__file__).parents[2]
    (found,) = loader.check_paths([root / "tests" / "cases" / "diagnostics" / "E102.channel"])

    url = render.to_json(found)["url"]

    assert page("E102") == (root / url).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "limit"),
    [
        ("E501", f"{limits.MAX_RULE_FILE_BYTES // 1024} KiB"),
        ("E502", f"{limits.MAX_STATEMENTS:,} lines"),
        ("E503", f"deeper than {limits.MAX_NESTING}."),
        ("E504", f"{limits.MAX_PATTERN} characters"),
        ("E505", f"{limits.MAX_TEMPLATE_TEXT:,} characters"),
        ("E506", f"{limits.MAX_TOKENS:,} words and signs"),
        ("N207", f"{limits.MAX_TEMPLATE_TEXT // 1024} KiB"),
        ("P107", f"{limits.MAX_DIGITS:,} digits, or an exponent beyond ±{limits.MAX_EXPONENT}"),
        ("P501", f"{limits.MAX_PAYLOAD_BYTES // 1024**2} MiB"),
        ("P502", f"{limits.MAX_VALUES:,} values"),
        ("P503", f"deeper than {limits.MAX_DEPTH}."),
        ("P504", f"{limits.MAX_TEXT_BYTES // 1024} KiB"),
    ],
)
def test_page_names_the_limit(code: str, limit: str) -> None:
    """The page of a limit names the limit that is in force."""
    assert limit in page(code)

"""The checks of rule files, and a golden file of the rendered message for every code."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark import check, loader
from leadlark.check import allow
from leadlark.codes import ERRORS, WARNINGS
from leadlark.language import nodes, parser
from leadlark.messages import render
from leadlark.messages.diagnostics import Diagnostic
from leadlark.messages.source import Source, Span
from leadlark.together import check_together

SAMPLES: Final = Path(__file__).parents[1] / "cases" / "diagnostics"
UPDATE: Final = os.environ.get("UPDATE_GOLDEN") == "1"

# Samples that would be too large, or no text at all, to be kept as files.
GENERATED: Final[dict[str, Callable[[], bytes]]] = {
    "E111": lambda: "channel callback {\n    entity lead\n    # Заявки\n}\n".encode("cp1251"),
    "E501": lambda: b"# prices of 2026\n" * 16_000,
    "E502": lambda: (
        b"table cities {\n"
        + b"".join(b'    "%d" -> "city %d"\n' % (number, number) for number in range(2_001))
        + b"}\n"
    ),
    "E505": lambda: (
        b'channel callback {\n    entity lead\n    lead {\n        COMMENTS = "'
        + b"dear client " * 6_000
        + b'"\n    }\n}\n'
    ),
    "E506": lambda: (
        b'channel callback {\n    entity lead\n    lead {\n        COMMENTS = "'
        + b"<m>" * 50_000
        + b'"\n    }\n}\n'
    ),
}


def diagnose(text: str, name: str = "rules.channel") -> list[Diagnostic]:
    """Everything that is wrong with one file, as the loader would put it together."""
    source = Source(name, text)
    file, parsed = parser.parse(source)
    found = [*parsed, *check.check(source, file), *check_together([(source, file)])]
    return sorted(found, key=lambda each: each.order)


def codes(text: str) -> list[str]:
    return [each.code for each in diagnose(text)]


def channel(*lines: str) -> str:
    """A channel for deals that holds the lines, with nothing to be warned of."""
    return "\n".join(["channel shop {", "entity deal", "region RU", *lines, "}", ""])


def sample_of(code: str, folder: Path) -> Path:
    if code not in GENERATED:
        return SAMPLES / f"{code}.channel"
    path = folder / f"{code}.channel"
    path.write_bytes(GENERATED[code]())
    return path


def loaded(path: Path) -> list[Diagnostic]:
    return list(loader.check_paths([path]))


ALL_CODES: Final = sorted([*ERRORS, *WARNINGS])


@pytest.mark.parametrize("code", ALL_CODES)
def test_message_is_as_its_golden_file_has_it(code: str, tmp_path: Path) -> None:
    """What a person is shown about a sample is what was read and found good."""
    found = loaded(sample_of(code, tmp_path))
    shown = "\n\n".join(render.full(each) for each in found) + "\n"
    shown = shown.replace(f"{tmp_path}{os.sep}", "").replace(f"{SAMPLES}{os.sep}", "")
    golden = SAMPLES / f"{code}.out"
    if UPDATE:
        golden.write_text(shown, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == shown


@pytest.mark.parametrize("code", ALL_CODES)
def test_every_code_has_a_sample_that_yields_it(code: str, tmp_path: Path) -> None:
    """A code's sample yields that code, and nothing else of its severity."""
    found = {each.code for each in loaded(sample_of(code, tmp_path))}
    assert code in found
    assert {code} == found


def test_samples_are_all_of_known_codes() -> None:
    """No sample is left over from a code that does not exist."""
    assert set() == {path.stem for path in SAMPLES.iterdir()} - set(ALL_CODES)


GOOD = """
table sources {
    "google" -> "ADWORDS"
    else        "WEB"
}

channel shop-orders "Web shop orders" {
    entity deal
    region RU
    payload {
        client_phone   phone    required
        client_name    text
        order_id       integer  required
        order_amount   decimal
        billing.email  email
        items[].name   text
        items[].price  decimal
        extra          object
        utm_source     text
        is_test        any
    }
    let form = "<extra.form | parse_json>"
    ignore when <is_test> is present "test ping"
    reject when <order_amount> < 0 "negative amount"
    find newest in NEW, PREPARATION
    on found update status, fields
    on missing create
    status NEW
    responsible 12
    contact update {
        NAME         = "<client_name | trim>"
        PHONE.MOBILE = "<Client_Phone>"  search
        EMAIL        = "<billing.email>" search
        WEB          = "<@query.page>"
        WEB          = "<@header.Referer>"
    }
    deal {
        TITLE       = "Order #<order_id> <form.q3_name> <items[0].name>"
        UF_ORDER    = "<order_id>"      search required
        OPPORTUNITY = "<order_amount>"
        SOURCE_ID   = "<utm_source | lookup sources>" once
        COMMENTS    = "<items[*].name | join ', '> <items | map '<name> <price>' | join ', '>" fill
        when <@query.paid> == true {
            UF_PAID  = true
            COMMENTS = "paid"
        }
    }
}
"""


def test_a_good_file_has_no_problems() -> None:
    """A channel that uses most of the language is not complained about."""
    assert [] == [render.concise(each) for each in diagnose(GOOD)]


PAYLOAD = ("payload {", "items[].name text", "phone phone", "title text", "form any", "}")


@pytest.mark.parametrize(
    ("read", "code"),
    [
        ("<items[0].name>", None),
        ("<items[*].name>", None),
        ("<items['x'].name>", "E204"),
        ("<items>", None),
        ("<items.name>", "E204"),
        ("<Phone>", None),
        ("<phone.mobile>", "E204"),
        ("<phone[*]>", None),
        ("<form.a.b[3].c>", None),
        ("<fone>", "E204"),
        ("<title | default fone>", "E204"),
        ("<items | map '<name> <anything>'>", None),
        ("<@query.fone>", None),
        ("<@querry.fone>", "E211"),
        ("<@root.title>", "E211"),
        ("<@item>", "E211"),
    ],
)
def test_params_are_read_as_declared(read: str, code: str | None) -> None:
    """A path is held against the declarations as the payload would be read."""
    found = codes(channel(*PAYLOAD, "deal {", f'TITLE = "{read}"', "}"))
    assert ([] if code is None else [code]) == [each for each in found if each.startswith("E")]


def test_below_each_params_are_those_of_the_element() -> None:
    """Under `each`, a declared `items[].name` is `<name>`; above it the payload is read."""
    lines = (*PAYLOAD, 'let head = "<title>"', "each <items>", "deal {", 'A = "<name> <head>"')
    assert "E204" not in codes(channel(*lines, 'B = "<@root.phone> <@item.name>"', "}"))
    wrong = diagnose(channel(*lines, 'B = "<phone>"', "}"))
    assert ["E204"] == [each.code for each in wrong if each.severity == "error"]
    assert "@root.phone" in next(each.help or "" for each in wrong if each.code == "E204")


def test_without_a_declaration_any_param_may_be_read() -> None:
    """No param is checked where no payload is declared."""
    assert [] == codes(channel("deal {", 'TITLE = "<a.b[0].c | default d>"', "}"))


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ("title | tirm", "E201"),
        ("title | tirm | round 2 | lower", "E201"),
        ("flag | round 2", "E301"),
        ("things | upper", None),
        ("meta | upper", "E301"),
        ("meta | json | upper", None),
        ("title | truncate", "E302"),
        ("title | truncate '5'", "E302"),
        ("title | trim 1", "E302"),
        ("amount | divide 0", "E302"),
        ("title | phone 'XX'", "E212"),
        ("title | extract '(?<=a)b'", "E303"),
        ("title | date 'YYYY'", "E305"),
        ("title | lookup cities", "E202"),
    ],
)
def test_filters_are_checked(filters: str, code: str | None) -> None:
    """A filter's name, input and arguments are checked, and one mistake is told once."""
    declared = ("payload {", "title text", "flag bool", "things list", "meta object", "amount any")
    found = codes(channel(*declared, "}", "deal {", f'TITLE = "<{filters}>"', "}"))
    assert ([] if code is None else [code]) == [each for each in found if each.startswith("E")]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("<flag> == true", True),
        ('<flag> == "true"', True),
        ("<flag> == 1", False),
        ("<flag> > 0", False),
        ('<tags> contains "a"', True),
        ('<tags> == "a"', False),
        ('<tags> in ("a", "b")', False),
        ('<tags> matches "a"', False),
        ("<tags | count> > 2", True),
        ("<tags> is present", True),
        ("<amount> > 5", True),
        ('<amount> > "5"', True),
        ('<amount> == "many"', False),
        ('<amount> in (1, "many")', False),
        ("<title> > 5", True),
        ('<title> > "5"', False),
        ('<title> > "2026-01-31"', True),
        ('<title> > "abc"', False),
        ('<day> > "2026-01-31"', True),
        ('<day> > "31.01.2026"', False),
        ('<day> == "31.01.2026"', False),
        ('<free> > "5"', True),
        ("<free> > true", False),
        ('<free> == "<title>"', True),
    ],
)
def test_comparisons_that_cannot_hold_are_errors(condition: str, holds: bool) -> None:
    """What is false for every value of the declared type is reported, nothing else is."""
    declared = "payload {", "flag bool", "tags list", "amount decimal", "title text", "day date"
    found = codes(channel(*declared, "free any", "}", f"ignore when {condition}"))
    assert holds is ("E304" not in found)


def test_a_let_has_the_type_of_its_value() -> None:
    """Types flow through a `let`, one after the other."""
    lines = 'let a = "<x | count>"', 'let b = "<a>"', 'ignore when <b> == "many"'
    assert ["E304"] == codes(channel(*lines))


def test_a_long_chain_of_lets_is_checked() -> None:
    """A thousand lets that read one another are no deeper than one."""
    lines = [f'let a{number + 1} = "<a{number}>"' for number in range(1000)]
    assert ["W211"] == codes(channel(*lines))


@pytest.mark.parametrize(
    ("declared", "value", "warned"),
    [
        ("id integer required", "<id>", False),
        ("id integer required", "A-<id | trim>", False),
        ("id integer required", "<id | extract '[0-9]+'>", True),
        ("id integer", "<id>", True),
    ],
)
def test_a_required_key_is_always_searched(declared: str, value: str, warned: bool) -> None:
    """W203 is about channels that may search by the contact alone."""
    lines = ("contact {", 'PHONE = "<phone>" search', "}", "deal {", f'UF_ID = "{value}" search')
    found = codes(channel("payload {", declared, "phone phone", "}", "find", *lines, "}"))

    assert (["W203"] if warned else []) == found


@pytest.mark.parametrize(
    ("lines", "warned"),
    [
        (("find only in WON", "status NEW"), True),
        (("find only in WON", 'status "NEW"'), True),
        (("find only in WON, NEW", "status NEW"), False),
        (("find in WON", "status NEW"), False),
        (("find only in WON",), False),
        (("find only in WON", 'status "<stage>"'), False),
        (("find only in WON", "on missing ignore", "status NEW"), False),
        (("find only in WON", "status NEW", "when <a> == 1 {", "status WON", "}"), False),
    ],
)
def test_what_is_created_is_found_again(lines: tuple[str, ...], warned: bool) -> None:
    """W217 where no new record can be in a status that `find only in` lists."""
    fields = ("deal {", 'UF_ID = "<id>" search', "}")

    assert (["W217"] if warned else []) == codes(channel(*lines, *fields))


@pytest.mark.parametrize(
    ("declared", "read", "meant"),
    [
        ("utm_source", "utm.source", "utm_source"),
        ("utm_source", "utm.sourse", "utm_source"),
        ("billing.phone", "billing_phone", "billing.phone"),
        ("billing.phone", "billing.fone", "billing.phone"),
        ("patient.phone", "patient.fone", "patient.phone"),
        ("client_phone", "client.name", None),
        ("patient.age", "patient.name", None),
        ("total", "many", None),
    ],
)
def test_the_declared_path_that_was_meant(declared: str, read: str, meant: str | None) -> None:
    """Dots are easily taken for underscores; what is not alike enough is not suggested."""
    lines = ("payload {", f"{declared} text", "}", "deal {", f'TITLE = "<{read}>"', "}")
    (found,) = (each for each in diagnose(channel(*lines)) if each.code == "E204")

    assert (f"did you mean `{meant}`?" == found.help) is (meant is not None)


def test_a_misspelt_statement_is_not_missed() -> None:
    """What a line that cannot be read was meant to say is not said to be missing."""
    text = 'channel a {\nentity lead\nregoin RU\nlead {\nPHONE = "<phone>"\n}\n}\n'

    assert ["E102"] == codes(text)


def test_a_misspelt_table_is_not_unused() -> None:
    """The table that a `lookup` may have meant is not said to be unused."""
    table = 'table sources {\n"a" -> "b"\n}\n'
    assert ["E202"] == codes(table + channel("deal {", 'A = "<x | lookup sourcs>"', "}"))
    assert ["W210"] == codes(table + channel("deal {", 'A = "<x>"', "}"))


def test_levels_of_when_are_their_own() -> None:
    """A statement or field may be given again in a branch, once in each."""
    lines = (
        "status NEW",
        "when <a> is present {",
        "status WON",
        "} else {",
        "status LOST",
        "}",
        "deal {",
        'TITLE = "a"',
        "when <a> is present {",
        'TITLE = "b"',
        "}",
        "}",
    )
    assert [] == codes(channel(*lines))


@pytest.mark.parametrize(
    "statement",
    [
        "entity lead",
        "region DE",
        "payload strict {\n}",
        "each <items>",
        "find in NEW",
        "on missing ignore",
        "many contacts newest",
        'request id "<id>"',
        "auth shopify secret SHOP",
        "default",
    ],
)
def test_what_holds_for_the_whole_channel_is_in_no_branch(statement: str) -> None:
    """A statement that no condition can decide on is an error in a `when` block."""
    assert ["E110"] == codes(channel("when <a> == 1 {", statement, "}"))


def test_a_verdict_outside_of_when_has_a_condition() -> None:
    """`ignore` and `reject` stand alone in a branch; outside they would end every payload."""
    assert ["E110", "E110"] == codes(channel('ignore "ping"', "reject"))
    assert [] == codes(channel("when <a> == 1 {", 'ignore "ping"', "} else {", "reject", "}"))


def test_a_missing_brace_is_one_mistake() -> None:
    """Statements behind a block that is not closed are not said to be in the wrong one."""
    assert ["E104"] == codes(channel("when <a> == 1 {", "status NEW", "each <items>"))


def test_lines_that_cannot_be_read_are_not_held_against_the_rest() -> None:
    """A broken line is one diagnostic: what it would have said is not missed."""
    text = (
        'channel shop {\nentyty deal\nlet a "x"\npayload {\nb text\nc\n}\nstatus "<a> <b> <c>"\n}\n'
    )
    assert ["E102", "E101", "E101"] == codes(text)


def test_second_place_in_another_file_is_named() -> None:
    """An address used by two files shows both places."""
    text = "channel shop {\nentity deal\n}\n"
    files = [(source, parser.parse(source)[0]) for source in (Source("a", text), Source("b", text))]
    (found,) = check_together(files)
    assert ("E206", "b") == (found.code, found.source.name)
    assert ":::" in render.full(found)
    assert "a:1:9" in render.full(found)


# Comments that allow warnings


def allowed(comment: str, *found: Diagnostic, complete: bool = True) -> list[str]:
    text = f"one\n{comment}\ntwo\nthree\n"
    source = Source("rules.channel", text)
    span = Span(4, 4 + len(comment))
    lines = (nodes.CommentLine(comment, span=span),) if comment else ()
    file = nodes.File(1, (), (), comments=lines, span=Span(0, len(text)))
    here = [Diagnostic(each.code, "", source, each.span) for each in found]
    return [each.code for each in allow.apply(source, file, here, complete=complete)]


def at_line(code: str, number: int, comment: str) -> Diagnostic:
    text = f"one\n{comment}\ntwo\nthree\n"
    start = sum(len(line) + 1 for line in text.split("\n")[: number - 1])
    return Diagnostic(code, "", Source("x", text), Span(start, start))


@pytest.mark.parametrize(
    ("comment", "code", "line", "left"),
    [
        ("# leadlark: allow W201", "W201", 2, []),
        ("# leadlark: allow W201", "W201", 3, []),
        ("# leadlark: allow W201", "W201", 1, ["W201", "W214"]),
        ("# leadlark: allow W201", "W201", 4, ["W201", "W214"]),
        ("# leadlark: allow W202", "W201", 3, ["W201", "W214"]),
        ("#leadlark:allow W202, W201", "W201", 3, ["W214"]),
        ("# leadlark: allow E204", "E204", 3, ["E204", "W214"]),
        ("# leadlark: allow W999", "W201", 3, ["W201", "W214"]),
        ("# please allow W201", "W201", 3, ["W201"]),
    ],
)
def test_a_comment_silences_a_warning(comment: str, code: str, line: int, left: list[str]) -> None:
    """It does so on its line and the next, for warnings only, and is reported where it is idle."""
    assert left == allowed(comment, at_line(code, line, comment))


def test_an_idle_comment_in_a_broken_file_is_no_matter() -> None:
    """What it is about may be on a line that could not be read."""
    assert [] == allowed("# leadlark: allow W201", complete=False)


WORDS = st.sampled_from(
    [
        *("channel a {", "entity deal", "payload {", "}", "deal {", "contact update {", "find"),
        *("x text", "items[].y integer", 'let l = "<x | count>"', "each <items>", "region RU"),
        *('A = "<x.z | first | upper>" search clear', 'A = "{x} <l.q>"', "status NEW", "default"),
        *('when <x> == "" {', "} else when <x> in (1, true) {", "} else {", "on found ignore"),
        *("# leadlark: allow W201", "table t {", '"a" -> 1', "auth hmac secret S", '@!?"<'),
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=25))
def test_any_file_gives_diagnostics_only(lines: list[str]) -> None:
    """However the lines of a file are put together, checking and rendering never raise."""
    for diagnostic in diagnose("\n".join(lines)):
        assert render.full(diagnostic)
        assert render.to_json(diagnostic)

"""From text to nodes: every construct, comments, what is broken, and every mistake's place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import pytest

from leadlark.language import nodes
from leadlark.language.nodes import Every, Index, Key, Name, Number, Param, Path, Template, Text
from leadlark.language.parser import parse
from leadlark.messages.diagnostics import Diagnostic
from leadlark.messages.source import Source, Span

AT: Final = Span(0, 0)  # spans take no part in comparing nodes


def read(text: str) -> tuple[nodes.File, list[Diagnostic]]:
    file, problems = parse(Source("x.channel", text))
    return file, list(problems)


def good(text: str) -> nodes.File:
    file, problems = read(text)
    assert [] == problems
    assert () == file.broken
    return file


def statement(text: str) -> nodes.Statement:
    (channel,) = good(f"channel a {{\n{text}\n}}\n").channels
    (only,) = channel.statements
    return only


def codes(text: str) -> list[str]:
    return [each.code for each in read(text)[1]]


def name(text: str) -> Name:
    return Name(text, span=AT)


def path(*keys: str, root: str = "") -> Path:
    return Path(root, tuple(Key(key, span=AT) for key in keys), span=AT)


def param(*keys: str) -> Param:
    return Param(path(*keys), span=AT)


def text(value: str) -> Template:
    return Template((Text(value, span=AT),) if value else (), span=AT)


def template(*parts: str | Param) -> Template:
    return Template(
        tuple(Text(part, span=AT) if isinstance(part, str) else part for part in parts), span=AT
    )


def number(value: int | Decimal) -> Number:
    return Number(value, span=AT)


def true(value: bool = True) -> nodes.Boolean:
    return nodes.Boolean(value, span=AT)


PRESENT: Final = nodes.Presence(param("a"), True, span=AT)
STATUS: Final = nodes.Status(name("NEW"), span=AT)


def auth(scheme: str, **more: Any) -> nodes.Auth:
    return nodes.Auth(name(scheme), name("KEY"), span=AT, **more)


STATEMENTS: Final[dict[str, nodes.Statement]] = {
    "entity lead": nodes.Entity("lead", span=AT),
    "entity deal": nodes.Entity("deal", span=AT),
    "region RU": nodes.Region(name("RU"), span=AT),
    'payload schema "a/b.json"': nodes.PayloadSchema(name("a/b.json"), False, span=AT),
    'payload schema "b.json" strict': nodes.PayloadSchema(name("b.json"), True, span=AT),
    "payload {\n}": nodes.Payload(False, (), span=AT),
    "payload strict {\nphone phone required\na.b any\n}": nodes.Payload(
        True,
        (
            nodes.Declared(path("phone"), name("phone"), True, span=AT),
            nodes.Declared(path("a", "b"), name("any"), False, span=AT),
        ),
        span=AT,
    ),
    "payload {\nitems[].name text\n}": nodes.Payload(
        False,
        (
            nodes.Declared(
                Path("", (Key("items", span=AT), Every(span=AT), Key("name", span=AT)), span=AT),
                name("text"),
                False,
                span=AT,
            ),
        ),
        span=AT,
    ),
    'let x = "<a>"': nodes.Let(name("x"), template(param("a")), span=AT),
    "let let = 1.50": nodes.Let(name("let"), number(Decimal("1.50")), span=AT),
    "let Имя = true": nodes.Let(name("Имя"), true(), span=AT),
    "each <items>": nodes.Each(path("items"), span=AT),
    "ignore when <a> is present": nodes.Ignore(PRESENT, None, span=AT),
    'ignore when <a> is present "why <b>"': nodes.Ignore(
        PRESENT, template("why ", param("b")), span=AT
    ),
    'reject when <a> is present ""': nodes.Reject(PRESENT, text(""), span=AT),
    "find": nodes.Find("newest", False, (), span=AT),
    "find oldest": nodes.Find("oldest", False, (), span=AT),
    "find all only": nodes.Find("all", True, (), span=AT),
    'find newest only in NEW, C1:NEW, "In work"': nodes.Find(
        "newest", True, (name("NEW"), name("C1:NEW"), name("In work")), span=AT
    ),
    "find in IN": nodes.Find("newest", False, (name("IN"),), span=AT),
    "on found ignore": nodes.OnFound(True, False, False, span=AT),
    "on found update": nodes.OnFound(False, False, False, span=AT),
    "on found update status": nodes.OnFound(False, True, False, span=AT),
    "on found update fields, status": nodes.OnFound(False, True, True, span=AT),
    "on missing create": nodes.OnMissing(True, span=AT),
    "on missing ignore": nodes.OnMissing(False, span=AT),
    "many contacts link all": nodes.ManyContacts("link all", span=AT),
    "many contacts newest": nodes.ManyContacts("newest", span=AT),
    "many contacts oldest": nodes.ManyContacts("oldest", span=AT),
    "many contacts reject": nodes.ManyContacts("reject", span=AT),
    "status NEW": STATUS,
    "status C1:NEW": nodes.Status(name("C1:NEW"), span=AT),
    'status "<a>"': nodes.Status(template(param("a")), span=AT),
    "responsible 12": nodes.Responsible(number(12), span=AT),
    'responsible "<a>"': nodes.Responsible(template(param("a")), span=AT),
    "contact {\n}": nodes.Fields("contact", False, (), span=AT),
    "contact update {\n}": nodes.Fields("contact", True, (), span=AT),
    "lead {\n}": nodes.Fields("lead", False, (), span=AT),
    "deal {\n}": nodes.Fields("deal", False, (), span=AT),
    "comment payload": nodes.Comment(None, span=AT),
    'comment "x"': nodes.Comment(text("x"), span=AT),
    'activity "x"': nodes.Activity(text("x"), 60, ("create", "update"), span=AT),
    'activity "x" within 30m': nodes.Activity(text("x"), 30, ("create", "update"), span=AT),
    'activity "x" within 2d on update': nodes.Activity(text("x"), 2880, ("update",), span=AT),
    'activity "x" on create, update': nodes.Activity(text("x"), 60, ("create", "update"), span=AT),
    'request id "<@id>"': nodes.RequestId(template(Param(path(root="@id"), span=AT)), span=AT),
    "auth shopify secret KEY": auth("shopify"),
    'auth hmac sha256 hex header "X-S" secret KEY': auth(
        "hmac", algorithm="sha256", encoding="hex", place="header", key=name("X-S")
    ),
    'auth hmac sha256 base64 header "X-S" prefix "sha256=" secret KEY': auth(
        "hmac",
        algorithm="sha256",
        encoding="base64",
        place="header",
        key=name("X-S"),
        prefix="sha256=",
    ),
    'auth token header "X-Key" secret KEY': auth("token", place="header", key=name("X-Key")),
    'auth token query "key" secret KEY': auth("token", place="query", key=name("key")),
    "auth token field \"a.'b c'\" secret KEY": auth(
        "token", place="field", key=name("a.'b c'"), path=path("a", "b c")
    ),
    "default": nodes.Default(span=AT),
    "when <a> is present {\nstatus NEW\n} else when <a> is present {\n} else {\nstatus NEW\n}": (
        nodes.When(
            (
                nodes.Branch(PRESENT, (STATUS,), span=AT),
                nodes.Branch(PRESENT, (), span=AT),
                nodes.Branch(None, (STATUS,), span=AT),
            ),
            span=AT,
        )
    ),
    'when <a> is present {\nignore\nreject "no"\n}': nodes.When(
        (
            nodes.Branch(
                PRESENT,
                (nodes.Ignore(None, None, span=AT), nodes.Reject(None, text("no"), span=AT)),
                span=AT,
            ),
        ),
        span=AT,
    ),
}


@pytest.mark.parametrize("written", STATEMENTS)
def test_statements(written: str) -> None:
    """Every statement is read as the node that means it."""
    assert STATEMENTS[written] == statement(written)


def compare(operator: Any, value: nodes.Value) -> nodes.Compare:
    return nodes.Compare(param("a"), operator, value, span=AT)


ONE: Final = compare("==", number(1))
TWO: Final = compare("==", number(2))
THREE: Final = compare("==", number(3))

CONDITIONS: Final[dict[str, nodes.Condition]] = {
    "<a> == 1": ONE,
    '<a> != "x"': compare("!=", text("x")),
    "<a> < -1": compare("<", number(-1)),
    "<a> <= 1.5": compare("<=", number(Decimal("1.5"))),
    '<a> > "<b>"': compare(">", template(param("b"))),
    "<a>>=1": compare(">=", number(1)),
    "<a><1": compare("<", number(1)),
    "<a> contains true": compare("contains", true()),
    '<a> starts with "x"': compare("starts with", text("x")),
    '<a> ends with "x"': compare("ends with", text("x")),
    '<a> in ("x", 1, false)': nodes.Among(param("a"), (text("x"), number(1), true(False)), span=AT),
    '<a> in (\n"x",\n\n1\n)': nodes.Among(param("a"), (text("x"), number(1)), span=AT),
    r'<a> matches "^\d+\"<b>$"': nodes.Matches(
        param("a"), nodes.Pattern(r'^\d+"<b>$', span=AT), span=AT
    ),
    "<a> is present": PRESENT,
    "<a> is absent": nodes.Presence(param("a"), False, span=AT),
    "not <a> == 1": nodes.Not(ONE, span=AT),
    "not not <a> == 1": nodes.Not(nodes.Not(ONE, span=AT), span=AT),
    "<a> == 1 and <a> == 2 or <a> == 3": nodes.Or((nodes.And((ONE, TWO), span=AT), THREE), span=AT),
    "<a> == 1 or <a> == 2 and <a> == 3": nodes.Or((ONE, nodes.And((TWO, THREE), span=AT)), span=AT),
    "(<a> == 1 or <a> == 2) and <a> == 3": nodes.And(
        (nodes.Or((ONE, TWO), span=AT), THREE), span=AT
    ),
    "not (<a> == 1 and <a> == 2)": nodes.Not(nodes.And((ONE, TWO), span=AT), span=AT),
    "not <a> == 1 and <a> == 2": nodes.And((nodes.Not(ONE, span=AT), TWO), span=AT),
    "(\n<a> == 1 # one\n\nor <a> == 2\n)": nodes.Or((ONE, TWO), span=AT),
    "((<a> == 1))": ONE,
    "<a> == 1 or <a> == 2 or <a> == 3": nodes.Or((ONE, TWO, THREE), span=AT),
}


@pytest.mark.parametrize("written", CONDITIONS)
def test_conditions(written: str) -> None:
    """Conditions bind `not` before `and` before `or`; in parentheses lines may break."""
    assert nodes.Ignore(CONDITIONS[written], None, span=AT) == statement(f"ignore when {written}")


def where(keys: tuple[str, ...], value: str) -> nodes.Where:
    return nodes.Where(keys, value, span=AT)


A: Final = Key("a", span=AT)
PATHS: Final[dict[str, Path]] = {
    "a": path("a"),
    "your-name": path("your-name"),
    "Имя": path("Имя"),
    "when.else.search": path("when", "else", "search"),
    "a.0.b": path("a", "0", "b"),
    "'First Name'": path("First Name"),
    r"a.'it\'s (<\u{41}>)'": path("a", "it's (<A>)"),
    "a[0]": Path("", (A, Index(0, span=AT)), span=AT),
    "a[-1].b": Path("", (A, Index(-1, span=AT), Key("b", span=AT)), span=AT),
    "a[*][*].b": Path("", (A, Every(span=AT), Every(span=AT), Key("b", span=AT)), span=AT),
    "a['0']": path("a", "0"),
    "a[field.ref='phone'].n": Path(
        "", (A, where(("field", "ref"), "phone"), Key("n", span=AT)), span=AT
    ),
    "a['x y'='<b>']": Path("", (A, where(("x y",), "<b>")), span=AT),
    "@query.utm_source": path("utm_source", root="@query"),
    "@header.User-Agent": path("User-Agent", root="@header"),
    "@root.a[0]": Path("@root", (A, Index(0, span=AT)), span=AT),
    "@now": path(root="@now"),
}


@pytest.mark.parametrize("written", PATHS)
def test_paths(written: str) -> None:
    """A path is keys, indexes and conditions; what begins with `@` is never the payload."""
    expected = nodes.Let(name("x"), template(Param(PATHS[written], span=AT)), span=AT)
    assert expected == statement(f'let x = "<{written}>"')


def filtered(filter: str, *arguments: Any) -> nodes.Filter:
    return nodes.Filter(filter, arguments, name_span=AT, span=AT)


def literal(value: str) -> Text:
    return Text(value, span=AT)


FILTERS: Final[dict[str, tuple[nodes.Filter, ...]]] = {
    "| trim": (filtered("trim"),),
    "|trim|lower": (filtered("trim"), filtered("lower")),
    "| default 'none'": (filtered("default", literal("none")),),
    "| default phone": (filtered("default", path("phone")),),
    "| default @query.a": (filtered("default", path("a", root="@query")),),
    "| default 0": (filtered("default", number(0)),),
    "| at -1": (filtered("at", number(-1)),),
    "| round 2": (filtered("round", number(2)),),
    "| lookup sources": (filtered("lookup", path("sources")),),
    r"| replace 'a\'b' '\n'": (filtered("replace", literal("a'b"), literal("\n")),),
    r"| extract '#(\d+)\'x'": (filtered("extract", nodes.Pattern(r"#(\d+)'x", span=AT)),),
    "| map '<name> × <n | round 1>'": (
        filtered(
            "map",
            template(
                param("name"), " × ", Param(path("n"), (filtered("round", number(1)),), span=AT)
            ),
        ),
    ),
    r"| map '<a | default \'x\'>'": (
        filtered(
            "map",
            template(Param(path("a"), (filtered("default", literal("x")),), span=AT)),
        ),
    ),
    "| xyzzy 'a'": (filtered("xyzzy", literal("a")),),
}


@pytest.mark.parametrize("written", FILTERS)
def test_filters(written: str) -> None:
    """Filters follow their path from left to right, each with its arguments."""
    only = Param(path("a"), FILTERS[written], span=AT)
    assert nodes.Let(name("x"), template(only), span=AT) == statement(f'let x = "<a {written}>"')


TEMPLATES: Final[dict[str, Template]] = {
    '""': text(""),
    '"a"': text("a"),
    '"a <b> c"': template("a ", param("b"), " c"),
    '"<a><b>"': template(param("a"), param("b")),
    r'"\"\\\n\t\<a>\u{41}"': text('"\\\n\t<a>A'),
    '"# no comment { }"': text("# no comment { }"),
    '"it\'s > 1 | 2"': text("it's > 1 | 2"),
    '"Ёлка №1 🙂"': text("Ёлка №1 🙂"),
    '"a\tb"': text("a\tb"),
}


@pytest.mark.parametrize("written", TEMPLATES)
def test_templates(written: str) -> None:
    """Text is one part wherever escapes stand in it; only `<…>` is read."""
    assert nodes.Comment(TEMPLATES[written], span=AT) == statement(f"comment {written}")


def assign(field: nodes.FieldName, value: nodes.Value, *flags: Any) -> nodes.Assign:
    return nodes.Assign(field, value, tuple(nodes.Flag(flag, span=AT) for flag in flags), span=AT)


def field(word: str, type: str | None = None) -> nodes.FieldName:
    return nodes.FieldName(word, type, span=AT)


ASSIGNMENTS: Final[dict[str, nodes.Assign]] = {
    'TITLE = "x"': assign(field("TITLE"), text("x")),
    "ufCrm_1 = 1": assign(field("ufCrm_1"), number(1)),
    "Имя = -1.0": assign(field("Имя"), number(Decimal("-1.0"))),
    'A="x"': assign(field("A"), text("x")),
    '"Order ID" = false': assign(field("Order ID"), true(False)),
    '"when" = 1': assign(field("when"), number(1)),
    "deal = 1": assign(field("deal"), number(1)),
    "status = 1": assign(field("status"), number(1)),
    'PHONE.MOBILE = "<a>" search': assign(field("PHONE", "MOBILE"), template(param("a")), "search"),
    '"E MAIL".WORK = ""': assign(field("E MAIL", "WORK"), text("")),
    'A = "<a>" search required': assign(field("A"), template(param("a")), "search", "required"),
    'A = "<a>" fill once clear': assign(field("A"), template(param("a")), "fill", "once", "clear"),
    'search = "<a>" search': assign(field("search"), template(param("a")), "search"),
}


@pytest.mark.parametrize("written", ASSIGNMENTS)
def test_assignments(written: str) -> None:
    """Fields may bear the names of keywords; flags follow the value."""
    expected = nodes.Fields("deal", False, (ASSIGNMENTS[written],), span=AT)
    assert expected == statement(f"deal {{\n{written}\n}}")


def test_conditional_fields() -> None:
    """`when` in a field block holds fields, and such blocks again."""
    inner = assign(field("A"), number(1))
    nested: nodes.When[nodes.FieldItem] = nodes.When(
        (nodes.Branch(PRESENT, (inner,), span=AT),), span=AT
    )
    when: nodes.When[nodes.FieldItem] = nodes.When(
        (nodes.Branch(PRESENT, (inner, nested), span=AT), nodes.Branch(None, (), span=AT)), span=AT
    )
    written = (
        "lead {\nwhen <a> is present {\nA = 1\nwhen <a> is present {\nA = 1\n}\n} else {\n}\n}"
    )
    assert nodes.Fields("lead", False, (when,), span=AT) == statement(written)


def test_a_file_has_tables_and_channels() -> None:
    """Tables and channels stand in any order; an edition stands first or is left out."""
    file = good(
        'channel a-1 "First" {\n}\n'
        'table t {\n"a", "b" -> "x"\n"c" -> 1\n"d" -> true\nelse ""\n}\n'
        "channel 2b {\n}\n"
        "table table {\n}\n"
    )
    rows = (
        nodes.Row((name("a"), name("b")), text("x"), span=AT),
        nodes.Row((name("c"),), number(1), span=AT),
        nodes.Row((name("d"),), true(), span=AT),
    )
    assert 1 == file.edition
    assert None is file.edition_span
    assert (
        nodes.Channel(name("a-1"), "First", (), span=AT),
        nodes.Channel(name("2b"), "", (), span=AT),
    ) == file.channels
    assert (
        nodes.Table(name("t"), rows, text(""), span=AT),
        nodes.Table(name("table"), (), None, span=AT),
    ) == file.tables


def test_the_edition_is_read() -> None:
    """`leadlark 1` is this language; any other number is an error at its place."""
    assert 1 == good("leadlark 1\n").edition
    assert ["E112"] == codes("leadlark 2\nchannel a {\n}\n")
    assert Span(9, 10) == read("leadlark 2\n")[1][0].span


def test_comments_are_kept() -> None:
    """Every comment keeps its text and place; in a text a `#` begins none."""
    written = '# one\n\nchannel a { # two\n  comment "# no" # three\n}\n#'
    file = good(written)

    assert ["# one", "# two", "# three", "#"] == [each.text for each in file.comments]
    for comment in file.comments:
        assert comment.text == written[comment.span.start : comment.span.end]


LAYOUTS: Final = (
    "channel a {\r\n  status NEW\r\n}\r\n",
    "\ufeffchannel a {\n  status NEW\n}",
    "\n\n\tchannel\ta\t{\t# x\n\n\n\tstatus\tNEW\t\n\n}\n\n",
    "channel a{\nstatus NEW\n}",
)


@pytest.mark.parametrize("written", LAYOUTS)
def test_layout_is_free(written: str) -> None:
    """Line ends, a byte order mark, blanks, tabs and blank lines mean nothing."""
    assert (nodes.Channel(name("a"), "", (STATUS,), span=AT),) == good(written).channels


@pytest.mark.parametrize(
    ("before", "column"),
    [
        ("", 1),
        ("\t", 2),
        ("    ", 5),
        ('comment "Имя"; ', 14),
        ('comment "ｗｉｄｅ"; ', 15),
        ('comment "e\u0301\u0301"; ', 14),
        ('comment "🙂"; ', 12),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_places_count_characters(before: str, column: int, end: str, mark: str) -> None:
    """A mistake is at the line and column of its first character, whatever stands before it."""
    source = Source("x", f"{mark}channel a {{{end}# Ёлка{end}{before}xyzzy{end}}}{end}")
    _, (problem,) = parse(source)

    place = source.position(problem.span.start)
    assert (3, column) == (place.line, place.column)


SPANS: Final[dict[str, type[nodes.Node]]] = {
    "entity deal": nodes.Entity,
    "deal": nodes.Name,
    "<a | trim>": nodes.Param,
    "a.b[0]": nodes.Path,
    '"<a.b[0]> x"': nodes.Template,
    "<a.b[0]> == 1": nodes.Compare,
    "<c> is absent": nodes.Presence,
    "<a.b[0]> == 1 and (<c> is absent)": nodes.And,
    "| default 'x'": nodes.Filter,
    "PHONE.WORK": nodes.FieldName,
    'PHONE.WORK = "<p>" search': nodes.Assign,
    "search": nodes.Flag,
}


def test_nodes_know_their_places() -> None:
    """The span of a node covers what means it: no more than its line, no less than itself."""
    written = (
        "channel a {\n"
        "  entity deal # no\n"
        '  let x = "<a | trim>"\n'
        "  ignore when <a.b[0]> == 1 and (<c> is absent)\n"
        '  contact {\n    PHONE.WORK = "<p>" search   # no\n  }\n}\n'
    )
    (channel,) = good(written).channels

    def at(node: Any) -> str:
        return written[node.span.start : node.span.end]

    entity, let, ignore, contact = channel.statements
    assert isinstance(let, nodes.Let)
    assert isinstance(ignore, nodes.Ignore)
    assert isinstance(contact, nodes.Fields)
    (phone,) = contact.items
    assert isinstance(phone, nodes.Assign)
    assert isinstance(let.value, Template)
    assert let.value.only is not None
    assert written.rstrip() == at(channel)
    assert "entity deal" == at(entity)
    assert ("x", '"<a | trim>"', "<a | trim>") == (at(let.name), at(let.value), at(let.value.only))
    assert "trim" == written[slice(*_ends(let.value.only.filters[0].name_span))]
    assert "<a.b[0]> == 1 and (<c> is absent" == at(ignore.condition)
    assert 'PHONE.WORK = "<p>" search' == at(phone)
    assert ("PHONE.WORK", "search") == (at(phone.field), at(phone.flags[0]))
    assert contact.span.end == written.index("  }\n}") + 3


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


MANY: Final = """\
channel a {
    entiti deal
    region RU
    status x y
    find nevest
    contact {
        NAME = <name>
        PHONE == "<phone>"
        EMAIL = "<email
        WEB = "<web>" serach
        IM = "<im>"
    }
    ignore when <a> = 1
    comment "\\q <b | default>"
    deal {
        TITLE = "x
    }
    activity "Call" within soon
}

tabel t {
    "a" -> "b"
}
"""


def test_all_mistakes_are_reported_and_nothing_else() -> None:
    """Each line that cannot be read gives one diagnostic; the lines between them are read."""
    source = Source("x", MANY)
    file, problems = parse(source)

    assert [
        (2, "E102"),
        (4, "E101"),
        (5, "E101"),
        (7, "E109"),
        (8, "E101"),
        (9, "E108"),
        (10, "E101"),
        (13, "E101"),
        (14, "E106"),
        (16, "E103"),
        (18, "E101"),
        (21, "E102"),
    ] == [(source.position(each.span.start).line, each.code) for each in problems]
    (channel,) = file.channels
    kinds = [type(each).__name__ for each in channel.statements]
    assert ["Region", "Fields", "Comment", "Fields"] == kinds
    (kept,) = file.tables
    assert 1 == len(kept.rows)
    contact = channel.statements[1]
    assert isinstance(contact, nodes.Fields)
    assert (assign(field("IM"), template(param("im"))),) == contact.items


def test_broken_statements_are_kept_as_spans() -> None:
    """What could not be read is known by its place, so that nothing is said to be missing."""
    file, _ = read(MANY)
    broken = [MANY[span.start : span.end].strip() for span in file.broken]

    assert "entiti deal" == broken[0]
    assert "status x y" == broken[1]
    assert "NAME = <name>" in broken
    assert "tabel t {" in broken


@pytest.mark.parametrize(
    ("header", "inside"),
    [
        ("channel A B {", "status NEW"),
        ("contact x {", "A = 1"),
        ("deal update {", "A = 1"),
        ("payload stict {", "a text"),
        ("when <a> = 1 {", "status NEW"),
        ("whne <a> == 1 {", "status NEW"),
        ("dael {", "A = 1"),
        ("xyzzy {", "anything at all { goes"),
    ],
)
def test_a_broken_header_opens_its_block(header: str, inside: str) -> None:
    """The lines of a block whose header cannot be read are not held against the rest."""
    before, after = ("", "") if header.startswith("channel") else ("channel a {\n", "}\n")
    closing = "}\n" * (1 + inside.count("{"))
    written = f"{before}{header}\n{inside}\n{closing}{after}channel z {{\n}}\n"
    file, problems = read(written)

    assert 1 == len(problems)
    assert "z" == file.channels[-1].address.text


def test_a_broken_header_keeps_its_place() -> None:
    """The node of a block whose header cannot be read begins where the header does."""
    written = "channel a {\n  ontact {\n    A = 1\n  }\n}\n"
    (channel,) = read(written)[0].channels

    (block,) = channel.statements
    assert written.index("ontact") == block.span.start
    assert block.span.end == written.index("  }") + 3


def test_mistakes_have_an_end() -> None:
    """Of a file of mistakes the first thousand are told, those inside one text too."""
    assert 500 == len(codes("channel a {\n" + "xyzzy\n" * 1_500 + "}\n"))
    quoted = "\\q" * 5_000
    assert 500 == len(codes(f"channel a {{\ncomment \"<a | default '{quoted}'>\"\n}}\n"))


def test_words_in_maps_count_as_others_do() -> None:
    """A limit that is exceeded inside a `map` is told once."""
    maps = "| map '<b>'" * 12_000
    assert ["E506"] == codes(f'channel a {{\ncomment "<a {maps}>"\n}}\n')

"""What each command of the command line takes."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError

TYPE_CHECKING = False  # `typing` and `pathlib` take long to import for what prints help
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Final, TypeAlias

    Declare: TypeAlias = Callable[[ArgumentParser], None]

MAX_JOBS: Final = 61
"""The most worker processes; Windows cannot wait for more at a time."""

_SHOWN: Final = "how results are shown"


def _path(text: str) -> Path:
    from pathlib import Path  # noqa: PLC0415 (imported when first needed)

    return Path(text)


def _check(check: ArgumentParser) -> None:
    check.add_argument(
        "paths", metavar="PATH", nargs="+", type=_path, help="a rule file, or a folder of them"
    )
    check.add_argument(
        "--format",
        choices=("full", "concise", "json", "github", "sarif"),
        default="full",
        help="how diagnostics are shown",
    )
    check.add_argument("--strict", action="store_true", help="warnings fail, too")
    check.add_argument(
        "--fix", action="store_true", help="make the rewrites that are certain, in the files"
    )


def _fmt(fmt: ArgumentParser) -> None:
    fmt.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        help="a rule file, or a folder of them; or - to print what standard input becomes",
    )
    shown = fmt.add_mutually_exclusive_group()
    shown.add_argument(
        "--check", action="store_true", help="name the files that differ, write nothing"
    )
    shown.add_argument("--diff", action="store_true", help="show what differs, write nothing")


def _rules(parser: ArgumentParser) -> None:
    parser.add_argument(
        "rules", metavar="RULES", type=_path, help="a rule file, or a folder of them"
    )


def _payloads(parser: ArgumentParser) -> None:
    parser.add_argument(
        "payloads",
        metavar="PAYLOAD",
        nargs="*",
        help="a .json, .ndjson, .jsonl or .form file, or - for standard input; "
        "may be left out with --query",
    )


def _cache(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--no-cache",
        dest="cache",
        action="store_false",
        help="check the rules anew, without those that the cache folder keeps",
    )


def _request(parser: ArgumentParser) -> None:
    """What surrounds the payloads: channel, store, time, headers, query."""
    parser.add_argument(
        "--channel", metavar="ADDRESS", help="where the rules hold several channels"
    )
    parser.add_argument(
        "--store", metavar="URL", default="memory:", help="such as sqlite:///crm.db; else in memory"
    )
    parser.add_argument(
        "--now", metavar="TIME", help="ISO 8601, in UTC if it names no offset; else the clock"
    )
    parser.add_argument(
        "--header",
        metavar="'NAME: VALUE'",
        action="append",
        default=[],
        help="may be repeated; the charset of a Content-Type is that of the payload files",
    )
    parser.add_argument("--query", metavar="'k=v&…'", help="the query string of the request")
    _cache(parser)


def _page(parser: ArgumentParser) -> None:
    """What a result that can be a page takes."""
    parser.add_argument("--format", choices=("text", "json", "html"), default="text", help=_SHOWN)
    parser.add_argument(
        "--output", metavar="FILE", type=_path, help="write the result there, such as a page"
    )
    parser.add_argument(
        "--mask",
        action="store_true",
        help="replace personal data, equal values by equal ones, so that the result can be shared",
    )


def _processes(text: str) -> int:
    """A number of processes."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_JOBS):
        raise ArgumentTypeError(f"{text!r} is no number from 1 to {MAX_JOBS}")
    return int(text)


def _percentage(text: str) -> float:
    """A share in percent."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 100:
        raise ArgumentTypeError(
            f"{text!r} is no percentage: write a number from 0 to 100, as in 90"
        )
    return share


def _run(run: ArgumentParser) -> None:
    _rules(run)
    _payloads(run)
    _request(run)
    run.add_argument("--dry-run", action="store_true", help="decide, write nothing")
    run.add_argument(
        "--jobs",
        metavar="N",
        type=_processes,
        default=1,
        help="how many processes read large files; the results are the same, in the same order",
    )
    run.add_argument("--format", choices=("text", "json"), default="text", help=_SHOWN)


def _explain(explain: ArgumentParser) -> None:
    explain.add_argument(
        "subject",
        metavar="RULES|CODE",
        help="a rule file or a folder of them; or a code such as E101, W201, P101 or N201",
    )
    _payloads(explain)
    _request(explain)
    _page(explain)


def _test(test: ArgumentParser) -> None:
    test.add_argument(
        "paths", metavar="PATH", nargs="+", type=_path, help="a case file, or a folder of them"
    )
    test.add_argument("--filter", metavar="TEXT", default="", help="cases whose name contains it")
    test.add_argument("--format", choices=("text", "json"), default="text", help=_SHOWN)
    test.add_argument(
        "--coverage", action="store_true", help="list what of the rules no case reaches"
    )
    test.add_argument(
        "--fail-under",
        metavar="PERCENT",
        type=_percentage,
        help="with --coverage: a smaller share, of 0 to 100, is a failure",
    )
    test.add_argument(
        "--junit", metavar="FILE", type=_path, help="write the results there as JUnit XML"
    )
    test.add_argument(
        "--update", action="store_true", help="write what is decided into the failing expectations"
    )
    test.add_argument(
        "--watch", action="store_true", help="run again whenever a rule or case file changes"
    )
    _cache(test)


def _new(new: ArgumentParser) -> None:
    new.add_argument(
        "samples",
        metavar="SAMPLE",
        nargs="+",
        help="a .json, .ndjson, .jsonl or .form file of sample payloads, or -",
    )
    new.add_argument("--entity", choices=("lead", "deal"), help="what a request becomes")
    new.add_argument("--channel", metavar="ADDRESS", help="else named after the first sample")
    new.add_argument("--region", metavar="CC", help="the country of phones without a country code")
    new.add_argument(
        "--output", metavar="FOLDER", type=_path, default=".", help="else the current folder"
    )
    new.add_argument("--force", action="store_true", help="replace files that are there")
    new.add_argument("--format", choices=("text", "json"), default="text", help=_SHOWN)


def _diff(diff: ArgumentParser) -> None:
    diff.add_argument("old", metavar="OLD", type=_path, help="the rules as they are")
    diff.add_argument("new", metavar="NEW", type=_path, help="the rules as they would be")
    _payloads(diff)
    _request(diff)
    _page(diff)


def _audit(audit: ArgumentParser) -> None:
    _rules(audit)
    _payloads(audit)
    _request(audit)
    audit.add_argument("--strict", action="store_true", help="warnings fail, too")
    audit.add_argument("--mask", action="store_true", help="replace personal data")
    audit.add_argument("--format", choices=("text", "json"), default="text", help=_SHOWN)


def _database(parser: ArgumentParser) -> None:
    """What a command on a whole database takes."""
    parser.add_argument(
        "--store",
        metavar="URL",
        required=True,
        help="the database, such as sqlite:///crm.db or postgresql://HOST/NAME",
    )
    parser.add_argument("--region", metavar="CC", help="the country of phones without country code")


def _import(load: ArgumentParser) -> None:
    load.add_argument(
        "files", metavar="FILE", nargs="+", help="a .csv or .ndjson file, or - for standard input"
    )
    _database(load)
    load.add_argument(
        "--type", choices=("contact", "lead", "deal"), help="what records are that do not say so"
    )
    load.add_argument(
        "--column",
        metavar="HEADER=NAME",
        action="append",
        default=[],
        help="what a column of CSV is, as in ID=id or Phone=PHONE.MOBILE; may be repeated",
    )
    load.add_argument(
        "--delimiter", choices=(",", ";", "tab"), help="of CSV; else what the header has most of"
    )
    load.add_argument("--encoding", default="utf-8", help="of the files, such as windows-1251")
    load.add_argument("--format", choices=("text", "json"), default="text", help=_SHOWN)


def _db(db: ArgumentParser) -> None:
    db.add_argument(
        "action",
        choices=("upgrade", "check", "export"),
        help="give the tables this version; look for damage; write all records as NDJSON",
    )
    _database(db)
    db.add_argument("--output", metavar="FILE", type=_path, help="where export writes the records")
    db.add_argument("--format", choices=("text", "json"), default="text", help=_SHOWN)


def _serve(serve: ArgumentParser) -> None:
    """Settings without a default of their own: the environment and the file come after them."""
    shown = (
        ("rules", "PATH", "a rule file, or a folder of them; ./rules unless set"),
        ("store", "URL", "the store, such as sqlite:///leadlark.db, which it is unless set"),
        ("journal", "URL", "the journal's database: that of the store"),
        ("host", "H", "the address to listen on; 127.0.0.1 unless set"),
        ("port", "P", "the port to listen on; 8080 unless set"),
        ("workers", "N", "processes; more than one needs PostgreSQL"),
        ("secrets", "FILE", "the file of secrets; see `leadlark secret`"),
        ("trust-proxy", "ADDRESSES", "proxies whose X-Forwarded-For is believed"),
        ("max-body", "BYTES", "the largest body"),
        ("max-decisions", "N", "the decisions that one request may ask for; 1000 unless set"),
        ("head-seconds", "S", "the time in which the head of a request has to come"),
        ("body-seconds", "S", "the time in which its body has to come"),
        ("idle-seconds", "S", "the time a connection stays open without a request"),
        ("stop-seconds", "S", "the time that accepted requests have when the service stops"),
        ("channel-rate", "RATE", "requests a channel takes, such as 6000/minute, or off"),
        ("source-rate", "RATE", "requests of one network address, such as 200/second, or off"),
        ("waiting", "N", "requests that are taken at the same time; 1000 unless set"),
        ("keep-bodies", "DAYS", "how long the journal keeps bodies; 14 unless set"),
        ("keep-rows", "DAYS", "how long it keeps rows and request ids; for ever unless set"),
        ("log-level", "LEVEL", "debug, info, warning or error"),
    )
    serve.add_argument(
        "--config", metavar="FILE", type=_path, help="settings as TOML; ./leadlark.toml unless set"
    )
    for name, metavar, text in shown:
        serve.add_argument(f"--{name}", metavar=metavar, help=text)


def _secret(secret: ArgumentParser) -> None:
    secret.add_argument(
        "action",
        choices=("set", "list", "retire", "remove"),
        help="keep a value, read from standard input; name what is kept; give up a former value; "
        "forget a secret",
    )
    secret.add_argument(
        "names", metavar="NAME", nargs="*", help="of one secret, as `auth … secret NAME` has it"
    )
    secret.add_argument(
        "--keep-old",
        action="store_true",
        help="set: the value so far holds as well, until `secret retire NAME`",
    )
    secret.add_argument(
        "--file", metavar="FILE", type=_path, help="set: read the value from a file instead"
    )
    secret.add_argument(
        "--secrets",
        metavar="FILE",
        type=_path,
        help="the file of secrets; else LEADLARK_SECRETS, else one of the user's data",
    )
    secret.add_argument("--format", choices=("text", "json"), default="text", help=_SHOWN)


def _count(text: str) -> int:
    """A number of rows, or a row's own."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) < 2**63):
        raise ArgumentTypeError(f"{text!r} is no number from 1")
    return int(text)


def _journal(journal: ArgumentParser) -> None:
    journal.add_argument(
        "action",
        metavar="list|show|replay|purge",
        choices=("list", "show", "replay", "purge"),
        help="list decisions, the newest first; show a request with all that became of it; decide "
        "requests again and compare; empty and drop what is old",
    )
    journal.add_argument(
        "deliveries",
        metavar="DELIVERY",
        nargs="*",
        help="show, replay: the `request` of an answer or a unique beginning of it, or the number "
        "of a row",
    )
    journal.add_argument(
        "--store", metavar="URL", required=True, help="the database, such as sqlite:///leadlark.db"
    )
    journal.add_argument(
        "--rules",
        metavar="PATH",
        type=_path,
        help="show, replay: the rules to explain or decide by",
    )
    journal.add_argument("--channel", metavar="ADDRESS", help="decisions of this channel")
    journal.add_argument(
        "--action",
        metavar="ACTION",
        dest="actions",
        action="append",
        default=[],
        choices=("create", "update", "ignore", "reject", "unreadable"),
        help="these decisions: create, update, ignore, reject or unreadable; may be repeated",
    )
    journal.add_argument(
        "--since", metavar="TIME", help="received then or later: 2h, 3d, 2026-01-31T09:30"
    )
    journal.add_argument("--until", metavar="TIME", help="received before then")
    journal.add_argument(
        "--text", metavar="TEXT", help="with this text in body, query or decision, as received"
    )
    journal.add_argument(
        "--limit", metavar="N", type=_count, help="at most so many; 50 rows for list"
    )
    journal.add_argument(
        "--before", metavar="NUMBER", type=_count, help="list: rows below this one, the next page"
    )
    journal.add_argument(
        "--apply",
        action="store_true",
        help="replay: carry out what would be decided otherwise; of named requests all",
    )
    journal.add_argument("--yes", action="store_true", help="replay --apply: do not ask")
    journal.add_argument(
        "--bodies-older-than",
        metavar="AGE",
        help="purge: empty what was received before, as in 14d",
    )
    journal.add_argument(
        "--rows-older-than",
        metavar="AGE",
        help="purge: drop rows, and with them the request ids that repetitions are known by",
    )
    journal.add_argument(
        "--mask",
        action="store_true",
        help="show, replay: replace personal data; list always does",
    )
    _cache(journal)
    journal.add_argument("--format", choices=("text", "json"), default="text", help=_SHOWN)


def _erase(erase: ArgumentParser) -> None:
    person = erase.add_mutually_exclusive_group(required=True)
    person.add_argument("--phone", metavar="NUMBER", help="of the person, in any spelling")
    person.add_argument("--email", metavar="ADDRESS", help="of the person")
    _database(erase)
    erase.add_argument("--yes", action="store_true", help="do not ask; it cannot be undone")
    erase.add_argument("--format", choices=("text", "json"), default="text", help=_SHOWN)


COMMANDS: Final[Mapping[str, tuple[str, Declare]]] = {
    "check": ("report every mistake in rule files", _check),
    "fmt": ("give rule files their canonical layout", _fmt),
    "run": ("decide each payload and apply the decision", _run),
    "explain": ("tell how a decision comes about, or what a code means", _explain),
    "test": ("run case files", _test),
    "new": ("draft a channel and its case file from sample payloads", _new),
    "diff": ("compare what two versions of rules decide", _diff),
    "audit": ("look for weak points of rules in recorded payloads", _audit),
    "import": ("load existing contacts, leads and deals into a database", _import),
    "db": ("upgrade, check or export the database of a store", _db),
    "secret": ("keep the secrets that senders prove themselves with", _secret),
    "serve": ("take requests over HTTP", _serve),
    "journal": ("look into requests that were taken, decide them again, clean up", _journal),
    "erase": ("remove a person from store, journal and keys", _erase),
}
"""Each command: one line of help, and what it takes."""

MODULES: Final[Mapping[str, str]] = {"import": "importing"}
"""The modules of commands whose names Python keeps to itself."""

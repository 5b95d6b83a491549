"""What the command line takes; nothing but argparse is imported for it."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import NoReturn

EXITS = """\
exit status:
  0  fine
  1  the input is at fault: diagnostics, a failed case, a rejected payload
  2  the call is at fault: an unknown option, no such file
  3  the environment is at fault: no database, no network
"""


class _Parser(ArgumentParser):
    """A parser whose complaint is one sentence and a hint."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\nSee `{self.prog} --help`.\n")


def parser() -> ArgumentParser:
    """The parser of the whole command line; ``command`` names the module that runs it."""
    top = _Parser(
        prog="leadlark",
        description="Rules that decide what an incoming web request becomes in a CRM.",
        epilog=EXITS,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="store_true", help="print the version")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, help: str) -> ArgumentParser:
        return commands.add_parser(
            name,
            help=help,
            description=help[0].upper() + help[1:] + ".",
            epilog=EXITS,
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    check = command("check", "report every mistake in rule files")
    check.add_argument(
        "paths", metavar="PATH", nargs="+", type=Path, help="a rule file, or a folder of them"
    )
    check.add_argument("--format", choices=("full", "concise", "json"), default="full")
    check.add_argument("--strict", action="store_true", help="warnings fail, too")

    run = command("run", "decide each payload and apply the decision")
    run.add_argument("rules", metavar="RULES", type=Path, help="a rule file, or a folder of them")
    run.add_argument(
        "payloads",
        metavar="PAYLOAD",
        nargs="*",
        help="a .json, .ndjson, .jsonl or .form file, or - for standard input; "
        "may be left out with --query",
    )
    run.add_argument("--channel", metavar="ADDRESS", help="where the rules hold several channels")
    run.add_argument(
        "--store", metavar="URL", default="memory:", help="such as sqlite:///crm.db; else in memory"
    )
    run.add_argument("--dry-run", action="store_true", help="decide, write nothing")
    run.add_argument(
        "--now", metavar="TIME", help="ISO 8601, in UTC if it names no offset; else the clock"
    )
    run.add_argument(
        "--header", metavar="'NAME: VALUE'", action="append", default=[], help="may be repeated"
    )
    run.add_argument("--query", metavar="'k=v&…'", help="the query string of the request")
    run.add_argument("--format", choices=("text", "json"), default="text")

    test = command("test", "run case files")
    test.add_argument(
        "paths", metavar="PATH", nargs="+", type=Path, help="a case file, or a folder of them"
    )
    test.add_argument("--filter", metavar="TEXT", default="", help="cases whose name contains it")
    test.add_argument("--format", choices=("text", "json"), default="text")
    return top

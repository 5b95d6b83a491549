"""What the command line takes; nothing but argparse is imported for it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
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


def parsers() -> tuple[ArgumentParser, Mapping[str, ArgumentParser]]:
    """The parser of the whole command line, and that of each command by its name.

    ``command`` names the module that runs it.
    """
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
    check.add_argument(
        "--format", choices=("full", "concise", "json", "github", "sarif"), default="full"
    )
    check.add_argument("--strict", action="store_true", help="warnings fail, too")
    check.add_argument(
        "--fix", action="store_true", help="make the rewrites that are certain, in the files"
    )

    fmt = command("fmt", "give rule files their canonical layout")
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

    explain = command("explain", "explain a code of a message")
    explain.add_argument(
        "code", metavar="CODE", help="such as E101, W201, P101 or N201, in capitals or small"
    )
    explain.add_argument("--format", choices=("text", "json"), default="text")

    test = command("test", "run case files")
    test.add_argument(
        "paths", metavar="PATH", nargs="+", type=Path, help="a case file, or a folder of them"
    )
    test.add_argument("--filter", metavar="TEXT", default="", help="cases whose name contains it")
    test.add_argument("--format", choices=("text", "json"), default="text")
    return top, commands.choices


def parse(arguments: Sequence[str]) -> Namespace:
    """Read a command line; options may stand before, between and behind its paths."""
    top, commands = parsers()
    if not arguments or arguments[0].startswith("-"):
        options = top.parse_args(arguments)
        if not options.version:
            top.error("no command given")
        return options
    command = commands.get(arguments[0])
    if command is None:
        return top.parse_args(arguments)  # which says that there is no such command
    options = command.parse_intermixed_args(arguments[1:])
    options.command, options.version = arguments[0], False
    return options

"""The command line: its commands, each with one line of help; argparse alone is imported for it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from typing import NoReturn

from .options import COMMANDS

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
    for name, (help, declare) in COMMANDS.items():
        declare(
            commands.add_parser(
                name,
                help=help,
                description=help[0].upper() + help[1:] + ".",
                epilog=EXITS,
                formatter_class=RawDescriptionHelpFormatter,
                allow_abbrev=False,
            )
        )
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

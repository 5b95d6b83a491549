"""The command line: its commands, each with one line of help; argparse alone is imported for it."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter

from .options import COMMANDS

TYPE_CHECKING = False  # `typing` takes longer to import than all that is in here
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import NoReturn

EXITS = """\
exit status:
  0  fine
  1  the input is at fault: diagnostics, a failed case, a rejected payload
  2  the call is at fault: an unknown option, no such file
  3  the environment is at fault: no database, no network
"""


class _Formatter(RawDescriptionHelpFormatter):
    """As wide as the terminal; asked for its width, argparse imports `shutil` and much with it."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


class _Parser(ArgumentParser):
    """A parser whose complaint is one sentence and a hint."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\nSee `{self.prog} --help`.\n")


def parse(arguments: Sequence[str]) -> Namespace:
    """Read a command line; options may stand before, between and behind its paths."""
    if not arguments or arguments[0] not in COMMANDS:
        top = _top()
        options = top.parse_args(arguments)  # complains of a command that there is not
        if not options.version:
            top.error("no command given")
        return options
    command = _command(arguments[0])
    options, more = command.parse_known_args(arguments[1:])
    if more:  # perhaps paths behind an option that stands behind paths
        options = command.parse_intermixed_args(arguments[1:])
    options.command, options.version = arguments[0], False
    return options


def parsers() -> tuple[ArgumentParser, Mapping[str, ArgumentParser]]:
    """The parser of the command line without a command, and that of each command by its name."""
    return _top(), {name: _command(name) for name in COMMANDS}


def _top() -> ArgumentParser:
    """The parser that knows the commands by name; what they take is not declared for it."""
    top = _Parser(
        prog="leadlark",
        description="Rules that decide what an incoming web request becomes in a CRM.",
        epilog=EXITS,
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="store_true", help="print the version")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", prog="leadlark")
    for name, (help, _) in COMMANDS.items():
        commands.add_parser(name, help=help, formatter_class=_Formatter)
    return top


def _command(name: str) -> ArgumentParser:
    help, declare = COMMANDS[name]
    parser = _Parser(
        prog=f"leadlark {name}",
        description=help[0].upper() + help[1:] + ".",
        epilog=EXITS,
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    declare(parser)
    return parser


def _columns() -> int:
    """The width of the terminal that standard output is, or what ``COLUMNS`` says; else 80."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(1).columns or 80  # 1 is standard output
    except (OSError, ValueError):
        return 80

"""The page of the command line, made of what argparse is told."""

from __future__ import annotations

from argparse import Action, ArgumentParser
from collections.abc import Iterator
from typing import Final

from leadlark.cli.arguments import parsers

HEAD: Final = """\
# The command line

`leadlark COMMAND …`. What every command has in common:

- **Results go to standard output**, everything else (warnings, progress, what went wrong) to
  standard error. Colours appear on a terminal only, and not where `NO_COLOR` is set.
- **Options** may stand before, between and behind the paths. `--format json` gives results to
  programs.
- **Rules are checked once.** `run`, `explain`, `diff`, `audit` and `test` keep what they read of
  rule files without errors in the folder of the user's caches (`$XDG_CACHE_HOME/leadlark`, else
  `~/.cache/leadlark`, or what the platform has), and a file that has not changed is not read
  again. `LEADLARK_CACHE` names another folder, or none if it is empty; `--no-cache` does without
  for a call. What is damaged or another user's is not believed, and the folder can be deleted at
  any time.
- `leadlark --version` prints the version, `leadlark COMMAND --help` what the command takes.

## Exit status

| status | means |
|---|---|
| 0 | all is fine |
| 1 | the input is at fault: mistakes in rules, a failed case, a rejected payload, a difference |
| 2 | the call is at fault: an unknown option, a file that is not there |
| 3 | the environment is at fault: a store out of reach, a disk that is full |
| 70 | LeadLark is at fault: a bug, which the message asks to be reported |
| 130 | the command was interrupted by Ctrl-C; `test --watch` ends with the status of its last run |
| 141 | the reader of the output closed it, as `head` does |

Of several payloads or files the worst one gives the status.

## Payload files

| ending | holds |
|---|---|
| `.json` | one payload, or an array of payloads that are decided one by one |
| `.ndjson`, `.jsonl` | one payload a line |
| `.form` | the body of a url-encoded form |
| `-` | standard input, read as the body of a request without a content type |

Standard input that begins with a line that is an object, and has others, is read as lines. A file
of lines may be of any size, because it is read line by line; a payload has at most 1 MiB, and so
has a file that is read as a whole: `jq -c '.[]' orders.json > orders.ndjson` makes lines of an
array.

`--query` alone is a request without a body, whose query string is the payload. `--header` and
`--query` beside payload files surround every payload of the call. Files are read as UTF-8, or in
the charset of such a header: `--header 'Content-Type: application/json; charset=windows-1251'`.

## Stores

| URL | is |
|---|---|
| `memory:` | an empty store in memory: nothing is kept; what counts where no store is named |
| `sqlite:///crm.db` | an SQLite file in the current folder, made where it is not there |
| `sqlite:////var/lib/crm.db` | one by its absolute path |
| `postgresql://USER:PASSWORD@HOST/NAME` | a database on a PostgreSQL server |

Commands that write nothing (`explain`, `run --dry-run`, `diff`, `audit`) do not make the file.
What stores there are, and how they are filled, kept and checked: [stores](stores.md).
"""

MORE: Final = {
    "check": "Every diagnostic is told with its place and the way out; see "
    "[codes of messages](diagnostics.md). `--format github` writes annotations of GitHub Actions, "
    "`sarif` a log in SARIF 2.1.0.",
    "fmt": "What the layout is: [layout](language.md#layout).",
    "run": "Without `--store` nothing is kept. A reject is printed like any other decision, and "
    "the status is 1; so is a payload that cannot be read, and neither stops the others. With "
    "`--format json` there is one decision a line, as "
    "[`decision.json`](../engine/schemas/decision.json) describes it, with the `place` of its "
    "payload. `--jobs` begins to help where mapping takes its time or nothing is applied "
    "(`--dry-run`): decisions that are applied are made in order by one process, because a later "
    "one may find what an earlier one made.",
    "explain": "With a code: its page. With rules and payloads: how each decision comes about; "
    "nothing is written. See [explaining a decision](explain.md).",
    "test": "How case files are written: [case files](cases.md).",
    "new": "The draft and its case file are a beginning: every guess is marked in it. See "
    "[a draft from payloads](new.md).",
    "diff": "Both versions decide every payload on the same records; nothing is written. The "
    "status is 1 where anything changes. See [previewing a change of rules](diff.md).",
    "audit": "Nothing is written. See [looking for weak points](audit.md).",
    "import": "What is there already is not added twice, so an import can be repeated. The status "
    "is 1 where a line could not be added. See [import](stores.md#import).",
    "secret": "A value comes from standard input or `--file`, or is asked for on a terminal; it is "
    "never shown. See [senders' proof and secrets](intake/proof.md#secrets).",
    "journal": "See [the journal](intake/journal.md). The status of `replay` is 1 where anything "
    "would be decided otherwise.",
    "erase": "See [erase a person](intake/journal.md#erase-a-person). The status is 1 where nobody "
    "is found.",
    "serve": "See [the intake service](intake/index.md).",
    "db": "`check` ends with the status 1 where something is wrong. See "
    "[back up](stores.md#back-up), [check](stores.md#check) and [upgrade](stores.md#upgrade).",
}
"""What an option's line does not say, or where it is told at length."""


def commands_page() -> str:
    """The page of every command with every option."""
    _, commands = parsers()
    sections = ("\n".join(_section(name, parser)) for name, parser in commands.items())
    return "\n".join((HEAD, *sections))


def _section(name: str, parser: ArgumentParser) -> Iterator[str]:
    actions = parser._actions  # noqa: SLF001 (argparse has no public way to list them)
    arguments = [each for each in actions if not each.option_strings]
    options = [
        each for each in actions if each.option_strings and "--help" not in each.option_strings
    ]
    yield f"## {name}\n"
    said = " ".join(_argument(each) for each in arguments)
    yield f"```sh\nleadlark {name} {said}{' [OPTION…]' if options else ''}\n```\n"
    yield f"{parser.description} {MORE[name]}\n"
    yield "| argument | is |"
    yield "|---|---|"
    yield from (f"| `{_cell(_name(each))}` | {_cell(each.help)} |" for each in arguments)
    yield ""
    if options:
        yield "| option | does |"
        yield "|---|---|"
        yield from (f"| `{_option(each)}` | {_meaning(each)} |" for each in options)
        yield ""


def _argument(action: Action) -> str:
    match action.nargs:
        case "*":
            return f"[{_name(action)}…]"
        case "+":
            return f"{_name(action)}…"
        case _:
            return _name(action)


def _name(action: Action) -> str:
    return "|".join(map(str, action.choices)) if action.choices else str(action.metavar)


def _option(action: Action) -> str:
    name = max(action.option_strings, key=len)
    if action.choices:
        return f"{name} {_cell('|'.join(map(str, action.choices)))}"
    return f"{name} {_cell(action.metavar)}" if action.metavar else name


def _meaning(action: Action) -> str:
    said = [_cell(action.help)] if action.help else []
    if action.choices and action.default:
        said.append(f"`{action.default}` where it is left out")
    return "; ".join(said)


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|")

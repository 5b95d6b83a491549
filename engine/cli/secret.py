"""``leadlark secret``: the secrets of senders kept, named, replaced, forgotten.

A value comes from standard input or a file, never from the command line, which other users of the
machine can read, and it is never shown.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from getpass import getpass
from pathlib import Path

from ..messages.snippet import visible
from ..messages.suggest import closest
from ..proof.names import VARIABLE, canonical, is_name
from ..proof.strength import fault
from ..secrets.keeping import MAX_BYTES, Kept, changing, read
from ..secrets.place import file_of
from ..secrets.sources import Secrets, from_environment
from ..values.value import Json, write_json
from . import terminal
from .status import CallError, Status


def run(options: Namespace) -> Status:
    """Do what the call says with the secrets."""
    action: str = options.action
    if action != "set" and (options.keep_old or options.file is not None):
        raise CallError(f"--keep-old and --file are for secret set, not for secret {action}")
    if action == "list":
        if options.names:
            raise CallError("secret list takes no name: it names all secrets")
        return _list(options)
    if options.format == "json":
        raise CallError(f"--format json is for secret list, not for secret {action}")
    named = _name(action, options.names)
    name, file = canonical(named), file_of(options.secrets, os.environ)
    match action:
        case "set":
            return _set(name, file, options.file, keep=options.keep_old)
        case "retire":
            return _retire(name, file)
        case _:
            return _remove(name, file)


def _name(action: str, names: list[str]) -> str:
    if not names:
        raise CallError(f"secret {action} needs the name of a secret, as in `auth … secret NAME`")
    if len(names) > 1 and action == "set":
        raise CallError(
            "a value is never an argument, where others can read it: leave it out, and it is asked "
            "for on a terminal, or read from standard input or --file"
        )
    if len(names) > 1:
        raise CallError(f"secret {action} takes the name of one secret")
    if not is_name(names[0]):
        raise CallError(
            f"{names[0]!r} cannot be the name of a secret: it has letters, digits and `_`, and no "
            "digit at its start"
        )
    return names[0]


def _set(name: str, file: Path, source: Path | None, *, keep: bool) -> Status:
    held = read(file).get(name, ())  # what stands against it is told before a value is asked for
    if keep and len(held) > 1:
        raise CallError(
            f"{name} has a former value already; run `leadlark secret retire {name}` first"
        )
    value = _value(name, source)
    wrong = fault(value)
    if wrong is not None:
        raise CallError(f"what was given for {name} {wrong}; nothing was changed")
    with changing(file) as kept:
        former = kept.get(name, ())[:1] if keep else ()
        if former == (value,):
            raise CallError(f"this is the value that {name} has already; nothing was changed")
        kept[name] = (value, *former)
    _say(name, f"is kept in {visible(str(file))}")
    if former:
        terminal.note(
            f"Its former value holds as well. Once the sender uses the new one: "
            f"leadlark secret retire {name}"
        )
    _tell_shadow(name)
    return Status.FINE


def _value(name: str, source: Path | None) -> str:
    """The value, without the line break that ends it."""
    if source is None and sys.stdin.isatty():
        return getpass(f"The value of {name} (it is not shown): ")
    if source is None:
        data = sys.stdin.buffer.read(MAX_BYTES)
    else:
        with source.open("rb") as stream:
            data = stream.read(MAX_BYTES)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise CallError(f"what was given for {name} is no text in UTF-8") from None
    return text.removesuffix("\n").removesuffix("\r")


def _retire(name: str, file: Path) -> Status:
    with changing(file) as kept:
        _known(name, kept, file)
        if len(kept[name]) == 1:
            raise CallError(f"{name} has no former value; nothing was changed")
        kept[name] = kept[name][:1]
    _say(name, "has one value now: the former one holds no longer")
    _tell_shadow(name)
    return Status.FINE


def _remove(name: str, file: Path) -> Status:
    with changing(file) as kept:
        _known(name, kept, file)
        del kept[name]
    _say(name, f"is no longer in {visible(str(file))}")
    _tell_shadow(name)
    return Status.FINE


def _known(name: str, kept: Kept, file: Path) -> None:
    if name not in kept:
        meant = closest(name, kept)
        hint = f"did you mean {meant}?" if meant else "`leadlark secret list` names those that are"
        raise CallError(f"{name} is not in {visible(str(file))}; {hint}")


def _list(options: Namespace) -> Status:
    secrets = Secrets(options.secrets)
    found = [(name, origin, len(secrets.of(name)) > 1) for name, origin in secrets.names()]
    if options.format == "json":
        listed: list[Json] = [
            {"name": name, "from": origin, "former": former} for name, origin, former in found
        ]
        terminal.write_json(write_json({"file": str(secrets.path), "secrets": listed}))
        return Status.FINE
    width = max((len(name) for name, _, _ in found), default=0)
    for name, origin, former in found:
        rest = ", with a former value" if former else ""
        terminal.write([("name", f"{visible(name):<{width}}"), ("plain", f"  {origin}{rest}")])
    if not found:
        terminal.note(
            f"No secrets: neither in the environment nor in {visible(str(secrets.path))}. "
            "`leadlark secret set NAME` keeps one."
        )
    return Status.FINE


def _tell_shadow(name: str) -> None:
    if name in from_environment(os.environ):
        terminal.note(f"{VARIABLE}{name} is set here: where it is, the file's value is not used.")


def _say(name: str, sentence: str) -> None:
    terminal.write([("name", visible(name)), ("plain", f" {sentence}")])

"""``leadlark db``: the database of a store upgraded, checked, exported."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from ..adapters.bulk import Bulk, open_bulk
from ..adapters.statements import RECORD_TYPES
from ..adapters.version import VERSION
from ..errors import StoreError
from ..importing.checking import Checked, check
from ..importing.json_lines import line_of
from ..messages.snippet import visible
from ..values.value import write_json
from . import terminal
from .importing import count_of, region_of
from .output import store_files, writable
from .paths import replaced
from .progress import Told, stages
from .status import CallError, Status


def run(options: Namespace) -> Status:
    """Do what the call says with a database."""
    action: str = options.action
    if options.output is not None and action != "export":
        raise CallError(f"--output is for db export, not for db {action}")
    if options.region is not None and action != "check":
        raise CallError(f"--region is for db check, not for db {action}")
    match action:
        case "upgrade":
            return _upgrade(options)
        case "check":
            return _check(options)
        case _:
            return _export(options)


def _upgrade(options: Namespace) -> Status:
    try:
        from ..adapters.migrations.upgrade import upgrade  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError as error:
        raise StoreError(
            f"db upgrade needs the package {error.name}; install it with `pip install alembic`"
        ) from error
    done = upgrade(options.store)
    if options.format == "json":
        versions = {"before": done.before, "after": done.after}
        terminal.write_json(write_json({"store": done.name, **versions}))
    elif done.before == done.after:
        _say(done.name, "good", f"its tables have version {done.after} already")
    else:
        _say(done.name, "good", f"its tables had version {done.before} and have {done.after} now")
    return Status.FINE


def _check(options: Namespace) -> Status:
    region = region_of(options)
    with closing(open_bulk(options.store)) as bulk, stages() as drawn:
        checked = check(bulk, region, drawn.stage("", bulk.count()))
        name = bulk.name
    if options.format == "json":
        terminal.write_json(write_json(_to_dict(name, checked)))
    else:
        _tell(name, checked)
    return Status.FINE if checked.fine else Status.INPUT


def _to_dict(name: str, checked: Checked) -> dict[str, Any]:
    return {
        "store": name,
        "version": VERSION,
        "records": checked.records,
        "faults": list(checked.faults),
        "missing_keys": checked.missing,
        "stray_keys": checked.stray,
        "undecided": checked.undecided,
        "examples": [
            {
                "type": each.type,
                "id": each.id,
                "field": each.key.field,
                "value": each.key.value,
                "wrong": "missing" if each.missing else "stray",
            }
            for each in checked.examples
        ],
    }


def _tell(name: str, checked: Checked) -> None:
    style, verdict = ("good", "nothing is wrong") if checked.fine else ("bad", "it is damaged")
    _say(name, style, f"version {VERSION}, {count_of(checked.records, 'record')}: {verdict}")
    for fault in checked.faults:
        terminal.write([("bad", f"  {visible(fault)}")])
    if checked.missing:
        keys = count_of(checked.missing, "search key")
        terminal.write([("bad", f"  {keys} of values missing: records are not found by them")])
    if checked.stray:
        keys = count_of(checked.stray, "search key")
        terminal.write([("bad", f"  {keys} of no value: records are found by them wrongly")])
    for each in checked.examples:
        wrong = "is missing" if each.missing else "is of no value"
        key = f"{visible(each.key.field)} {visible(each.key.value)}"
        terminal.write([("plain", f"    {each.type} {each.id}: {key} {wrong}")])
    if checked.undecided:
        of = count_of(checked.undecided, "record")
        terminal.write(
            [("plain", f"  {of} with phones without a country code not looked at; add --region")]
        )
    if checked.missing or checked.stray:
        terminal.write(
            [("help", "  Export the records and import them into a new database: that makes keys.")]
        )


def _export(options: Namespace) -> Status:
    target: Path | None = options.output
    if target is not None:
        writable("--output", target, store_files(options.store))
    with closing(open_bulk(options.store)) as bulk, stages(streams=target is None) as drawn:
        told = drawn.stage("", bulk.count())
        if target is None:
            for _, line in _lines(bulk, told):
                terminal.write_json(line)
            return Status.FINE
        done = 0
        with replaced(target) as stream:
            for number, line in _lines(bulk, told):
                done = number
                stream.write(f"{line}\n".encode())
    terminal.note(f"{count_of(done, 'record')} written to {visible(str(target))}")
    return Status.FINE


def _lines(bulk: Bulk, told: Told) -> Iterator[tuple[int, str]]:
    """The lines of all records, contacts first, numbered from 1, as of one moment."""
    done = 0
    with bulk.snapshot():
        for type in RECORD_TYPES:
            for held in bulk.read(type):
                done += 1
                told(done)
                yield done, line_of(held)


def _say(name: str, style: str, sentence: str) -> None:
    terminal.write([("name", visible(name)), ("plain", ": "), (style, sentence)])

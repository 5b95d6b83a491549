"""``leadlark explain``: how decisions come about, or the page of a code."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..codes import TITLES
from ..messages.suggest import closest
from ..pages import page
from ..values.value import Json
from ..values.value import write_json as json_text
from . import terminal
from .status import CallError, Status

if TYPE_CHECKING:
    from ..channel import Channel
    from ..errors import PayloadError
    from ..explaining.explanation import Explanation
    from ..request.payload import Request
    from ..store import Store

_CODE: Final = re.compile(r"[A-Z][0-9]{3}")


def run(options: Namespace) -> Status:
    """Print the explanation of each payload, or the page of a code."""
    if options.output is not None:
        from .output import store_files, writable  # noqa: PLC0415 (imported when first needed)

        read = (options.subject, *options.payloads, *store_files(options.store))
        writable("--output", options.output, read)
    if options.payloads or options.query is not None:
        return _explain(options)
    code = options.subject.strip().upper()
    if code in TITLES:
        return _page(code, options)
    if not _CODE.fullmatch(code) and Path(options.subject).exists():
        raise CallError(
            f"{options.subject}: name a payload to explain, such as order.json, - or --query"
        )
    meant = closest(code, TITLES)
    advice = f"did you mean {meant}?" if meant else "codes look like E101, W201, P101 or N201"
    raise CallError(f"no message has the code {options.subject!r}; {advice}")


def _page(code: str, options: Namespace) -> Status:
    """The page of a code: laid out on a terminal, as its Markdown everywhere else."""
    text = page(code)
    if options.format == "html":
        raise CallError("the page of a code is text; leave out --format html")
    if options.format == "json":
        shown: dict[str, Json] = {"code": code, "title": TITLES[code], "page": text}
        _emit(options, [json_text(shown)])
    elif options.output is None and terminal.wants_colour(sys.stdout):
        terminal.write_markdown(text)
    else:
        _emit(options, [text.rstrip("\n")])
    return Status.FINE


def _explain(options: Namespace) -> Status:
    from .payloads import moment, requests, size_of  # noqa: PLC0415 (imported when first needed)
    from .progress import progress  # noqa: PLC0415 (imported when first needed)
    from .rules import rules_at  # noqa: PLC0415 (imported when first needed)
    from .stores import store_to_read  # noqa: PLC0415 (imported when first needed)

    now = moment(options) or datetime.now(UTC)
    streams = options.output is None and options.format != "html"
    with progress(size_of(options.payloads), streams=streams) as seen:
        sent = requests(options, seen)
        rules = rules_at(Path(options.subject), cache=options.cache)
        if rules is None:
            return Status.INPUT
        channel = rules.only(options.channel)
        with store_to_read(options.store) as store:
            told = _all(channel, store, sent, now, mask=options.mask)
            return _write(options, told)


def _all(
    channel: Channel,
    store: Store,
    sent: Iterable[tuple[str, Request | PayloadError]],
    now: datetime,
    *,
    mask: bool,
) -> Iterator[Explanation]:
    """The explanations of all payloads in order; a payload that cannot be read has one, too."""
    from ..errors import PayloadError  # noqa: PLC0415 (imported when first needed)
    from ..explaining.masking import Mask  # noqa: PLC0415 (imported when first needed)
    from ..explaining.telling import (  # noqa: PLC0415 (imported when first needed)
        explain,
        explain_error,
    )
    from ..request.place import labelled  # noqa: PLC0415 (imported when first needed)

    hidden = Mask(channel.region) if mask else None
    if hidden is not None:
        hidden.learn(channel.program)
    for name, request in labelled(sent):
        if isinstance(request, PayloadError):
            yield replace(explain_error(channel, request, now, mask=hidden), source=name)
            continue
        for each in explain(channel, request, store, now, mask=hidden):
            yield replace(each, source=name)


def _write(options: Namespace, several: Iterable[Explanation]) -> Status:
    """Write the explanations in the form asked for; the status of the worst."""
    from .explain_text import segments  # noqa: PLC0415 (imported when first needed)

    worst = Status.FINE
    texts: list[str] = []
    kept: list[Explanation] = []
    count = -1
    for count, each in enumerate(several):
        if each.action in ("reject", "unreadable"):
            worst = Status.INPUT
        if options.format == "html":
            kept.append(each)
        elif options.format == "json":
            _each(options, texts, each.to_json())
        elif options.output is None:
            terminal.write([*([("plain", "\n\n")] if count else []), *segments(each)])
        else:
            text = "".join(text for _, text in segments(each))
            texts.append(text if not count else f"\n\n{text}")
    if count < 0:
        terminal.note("leadlark: the files hold no payload, so there is nothing to explain")
    if options.format == "html":
        from ..reports.explanations import explanations_page  # noqa: PLC0415 (needed now)

        texts = [explanations_page(kept)]
    if options.output is not None or options.format == "html":
        _emit(options, texts)
    return worst


def _each(options: Namespace, texts: list[str], text: str) -> None:
    """Print a line as soon as there is one, unless all go into a file."""
    if options.output is None:
        terminal.write_json(text)
    else:
        texts.append(text)


def _emit(options: Namespace, texts: Iterable[str]) -> None:
    """Write texts to the file that the call names, else to standard output."""
    text = "\n".join(texts)
    if options.output is None:
        terminal.write_line(text)
        return
    from .output import write_result  # noqa: PLC0415 (imported when first needed)

    write_result(options.output, f"{text}\n".encode() if text else b"")

"""``leadlark diff``: what two versions of rules decide differently on recorded payloads."""

from __future__ import annotations

import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from ..comparing.compare import compare, matched
from ..comparing.difference import Difference
from ..request.place import placed
from . import terminal
from .output import store_files, writable, write_result
from .payloads import moment, requests, size_of
from .progress import progress
from .rules import rules_at
from .status import Status
from .stores import store_to_read


def run(options: Namespace) -> Status:
    """Print what changes; the status is 0 only where all was compared and nothing does."""
    now = moment(options) or datetime.now(UTC)
    with progress(size_of(options.payloads), streams=False) as seen:
        sent = requests(options, seen)
        read = (options.old, options.new, *options.payloads, *store_files(options.store))
        if options.output is not None:
            writable("--output", options.output, read)
        old, new = (rules_at(path, cache=options.cache) for path in (options.old, options.new))
        if old is None or new is None:
            return Status.INPUT
        versions, addresses = matched(old, new, options.channel)
        if versions is None:
            difference = Difference(None, addresses)
        else:
            with store_to_read(options.store) as store:
                difference = compare(*versions, placed(sent), store.search, now, addresses)
    if options.mask and versions is not None:
        from ..comparing.masking import masked  # noqa: PLC0415 (imported when first needed)
        from ..explaining.masking import Mask  # noqa: PLC0415 (imported when first needed)

        mask = Mask()
        for channel in versions:
            mask.learn(channel.program)
        difference = masked(difference, mask)
    _show(difference, options.format, options.output)
    return Status.FINE if difference.is_same and not difference.unreadable else Status.INPUT


def _show(difference: Difference, format: str, output: Path | None) -> None:
    if format == "text" and output is None:
        from .diff_text import segments  # noqa: PLC0415 (imported when first needed)

        terminal.write(segments(difference), sys.stdout)
        return
    text = _text(difference, format)
    if output is None:
        write = terminal.write_json if format == "json" else terminal.write_line
        write(text)
        return
    write_result(output, f"{text}\n".encode())


def _text(difference: Difference, format: str) -> str:
    if format == "json":
        from ..values.value import write_json  # noqa: PLC0415 (imported when first needed)

        return write_json(difference.to_dict())
    if format == "html":
        from ..reports.difference import difference_page  # noqa: PLC0415 (imported when first needed)

        return difference_page(difference)
    from .diff_text import segments  # noqa: PLC0415 (imported when first needed)

    return "".join(text for _, text in segments(difference))

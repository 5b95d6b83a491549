"""``leadlark audit``: weak points of rules that recorded payloads show."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime

from ..auditing.audit import audit
from ..explaining.masking import Mask
from ..request.place import placed
from ..values.value import write_json
from . import terminal
from .audit_text import segments
from .payloads import moment, requests, size_of
from .progress import stages
from .rules import rules_at
from .status import Status
from .stores import store_to_read


def run(options: Namespace) -> Status:
    """Print what is found; an error fails, with ``--strict`` a warning, too."""
    now = moment(options) or datetime.now(UTC)
    with stages() as drawn:
        seen = drawn.stage("reading", size_of(options.payloads), in_bytes=True)
        sent = requests(options, seen)
        rules = rules_at(options.rules, cache=options.cache)
        if rules is None:
            return Status.INPUT
        channel = rules.only(options.channel)
        with store_to_read(options.store) as store:
            result = audit(
                channel,
                placed(sent),
                store.search,
                now,
                trying=lambda most: drawn.stage("repeating and reordering", most),
            )
    if options.mask:
        mask = Mask()
        mask.learn(channel.program)
        result = result.masked(mask)
    if options.format == "json":
        terminal.write_json(write_json(result.to_dict()))
    else:
        terminal.write(segments(result))
    # What looked at nothing must not pass for rules without weak points.
    failed = (
        not result.payloads or result.has("error") or (options.strict and result.has("warning"))
    )
    return Status.INPUT if failed else Status.FINE

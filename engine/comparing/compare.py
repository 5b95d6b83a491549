"""The same payloads decided by two versions of rules, on the same records at the same time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import zip_longest

from ..channel import Channel, Rules
from ..deciding.decide import decide
from ..decision import Decision
from ..errors import PayloadError
from ..request.payload import Request
from ..request.place import Sent, Unreadable
from ..store import Found, Search, settle
from .changes import changes
from .difference import MAX_UNREADABLE, Addresses, Difference
from .tally import Made, Tally


def matched(
    old: Rules, new: Rules, address: str | None = None
) -> tuple[tuple[Channel, Channel] | None, Addresses]:
    """The two versions of a channel, and the addresses that only one version has.

    With an ``address`` only that channel is looked at; without one it is the only one that both
    have, None if there is none.

    Raises:
        UnknownChannelError: Neither version has that address, or several are in both and none
            is named.
    """
    looked_at = list(dict.fromkeys((*old, *new)))
    if address is not None:
        if address not in looked_at:
            Rules({**old.channels, **new.channels}).only(address)  # raises, with what is known
        looked_at = [address]
    addresses = Addresses(
        tuple(sorted(each for each in looked_at if each not in new)),
        tuple(sorted(each for each in looked_at if each not in old)),
    )
    both = [each for each in looked_at if each in old and each in new]
    if len(both) > 1:
        Rules({each: new[each] for each in both}).only()  # raises, with the addresses
    return ((old[both[0]], new[both[0]]) if both else None), addresses


def compare(
    old: Channel,
    new: Channel,
    sent: Sent,
    search: Callable[[Search], Found],
    now: datetime,
    addresses: Addresses | None = None,
) -> Difference:
    """What the two versions of a channel decide differently on payloads as recorded.

    Payloads are taken one by one and not kept. ``search`` is asked every question once a payload,
    so both versions see the same records; nothing is written.
    """
    tally = Tally()
    payloads: Counter[str] = Counter()
    unreadable: list[Unreadable] = []
    failed = same = changed = 0
    for place, request in sent:
        payloads[place.file] += 1
        try:
            if isinstance(request, PayloadError):
                raise request
            answered = _remembering(search)
            pairs = list(
                zip_longest(
                    _decisions(old, request, answered, now),
                    _decisions(new, request, answered, now),
                )
            )
        except PayloadError as error:
            failed += 1
            if len(unreadable) < MAX_UNREADABLE:
                unreadable.append(Unreadable(place, error.code, str(error)))
            continue
        for index, (before, after) in enumerate(pairs):
            found = changes(_decision(before), _decision(after))
            same, changed = (same, changed + 1) if found else (same + 1, changed)
            where = place.inside(index, len(pairs))
            for change in found:
                tally.add(change, where, before, after)
    return Difference(
        channel=new.address,
        addresses=addresses or Addresses(),
        same_text=old.program.rules == new.program.rules,
        payloads=payloads,
        unreadable=failed,
        unreadable_examples=tuple(unreadable),
        same=same,
        changed=changed,
        groups=tally.groups(),
        groups_left_out=tally.left_out,
    )


def _decision(made: Made | None) -> Decision | None:
    return None if made is None else made.decision


def _decisions(
    channel: Channel, request: Request, search: Callable[[Search], Found], now: datetime
) -> Sequence[Made]:
    return [
        Made(settle(decide(channel.program, mapped, now), search).decision, mapped)
        for mapped in channel.map_all(request, now)
    ]


def _remembering(search: Callable[[Search], Found]) -> Callable[[Search], Found]:
    """The same search, each question asked once."""
    answers: dict[Search, Found] = {}

    def answered(asked: Search) -> Found:
        if asked not in answers:
            answers[asked] = search(asked)
        return answers[asked]

    return answered

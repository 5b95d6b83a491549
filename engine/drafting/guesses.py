"""What the fields of samples mean: values."""

from __future__ import annotations

from dataclasses import dataclass

from .fields import Answers, Field, Listing
from .meanings import Meaning


@dataclass(frozen=True, slots=True)
class Advertising:
    """The fields that tell one thing of advertising, and the CRM field that it is written into."""

    crm: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Guesses:
    """What the samples' fields mean; of each meaning the field that is read first stands first.

    ``others`` are phones and e-mails that are none of the client's, or of somebody else beside
    the client. ``passed`` are fields that are read for no meaning, though some samples have it
    nowhere else: the meaning, and the field.
    """

    phones: tuple[Field, ...] = ()
    emails: tuple[Field, ...] = ()
    others: tuple[Field, ...] = ()
    first: tuple[Field, ...] = ()
    middle: tuple[Field, ...] = ()
    last: tuple[Field, ...] = ()
    full: tuple[Field, ...] = ()
    key: tuple[Field, ...] = ()
    key_meaning: Meaning | None = None
    amount: tuple[Field, ...] = ()
    bare_key: bool = False
    odd_amount: Field | None = None
    currency: tuple[Field, ...] = ()
    comment: tuple[Field, ...] = ()
    advertising: tuple[Advertising, ...] = ()
    passed: tuple[tuple[str, Field], ...] = ()
    tests: tuple[Field, ...] = ()
    secrets: tuple[Field, ...] = ()
    answers: tuple[Answers, ...] = ()
    listings: tuple[Listing, ...] = ()
    region: str | None = None
    region_told: bool = False

    @property
    def mapped(self) -> tuple[Field, ...]:
        """The fields that a channel writes into the CRM."""
        names = (*self.first, *self.middle, *self.last, *self.full)
        return (*self.phones, *self.emails, *names, *self.said)

    @property
    def said(self) -> tuple[Field, ...]:
        """Those of them that are about what the client wants."""
        paid = (*self.amount, *self.currency)
        told = (field for each in self.advertising for field in each.fields)
        return (*self.key, *paid, *self.comment, *told)

    @property
    def weight(self) -> int:
        """How much is known; a bare `id` may be that of anything."""
        return 2 * len(self.telling) - self.bare_key

    @property
    def telling(self) -> tuple[Field, ...]:
        """Those without which a payload says nothing of a client or an order."""
        names = (*self.first, *self.last, *self.full)
        return (*self.key, *self.phones, *self.emails, *names, *self.amount, *self.comment)

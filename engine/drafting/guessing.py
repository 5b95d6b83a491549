"""From the fields of samples to what each of them means: the guesses of a draft.

The shape of values decides before names do: what reads as an e-mail address is one whatever its
key. Of several fields that can mean the same, those are taken that together cover the samples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from ..mapping.scope import elements
from ..values.phones import phone_text
from ..values.value import has_value, to_text, trim
from . import matching
from .fields import Field, Fields
from .guesses import Advertising, Guesses
from .meanings import KEEPERS, NEUTRAL, PEOPLE, UTM, Meaning, word_list
from .regions import guess_region, languages_of

_MOST: Final = 3  # fields that are read for one value, one where the other is missing
_MOST_CONTACTS: Final = 4  # phones, or e-mails, of one person

Rank: TypeAlias = tuple[int, ...]
Ranked: TypeAlias = "list[tuple[Rank, Field]]"


def guess(fields: Fields, region: str | None, texts: Iterable[str]) -> Guesses:
    """What the fields mean.

    ``region`` is the country of phones where it is known; ``texts`` are keys and values whose
    letters tell the language of the samples.
    """
    return _Guessing(fields.fields, languages_of(texts), region).all(fields)


class _Guessing:
    """Fields are taken one meaning after the other; what is taken means nothing else."""

    def __init__(
        self, fields: Sequence[Field], languages: Sequence[str], region: str | None
    ) -> None:
        self._left = list(fields)
        self._languages = languages
        self._told = region
        self._passed: list[tuple[str, Field]] = []

    def all(self, fields: Fields) -> Guesses:
        tests = self._tests()
        secrets = self._take("secret", self._ranked("secret", _is_secret))
        emails, others = self._contacts("email", matching.is_email)
        candidates = [each for each in self._left if self._may_be_phone(each)]
        region = self._told or guess_region(_texts(candidates), self._languages)
        phones, more = self._contacts(
            "phone", matching.is_phone, lambda each: matching.phone_like(each, region)
        )
        key, meaning = self._key(
            frozenset(at for field in (*phones, *emails) for at in field.values)
        )
        near = {each.parent for each in (*phones, *emails)}
        last, middle, first, full = self._names(near)
        odd, amount = self._amount()
        paid = self._take("currency", self._ranked("currency", _is_currency)) if amount else ()
        comment = self._take("comment", self._ranked("comment", _is_comment))
        advertising = tuple(self._advertising())
        return Guesses(
            phones=phones,
            emails=emails,
            others=(*others, *more),
            first=first,
            middle=middle,
            last=last,
            full=full,
            key=key,
            key_meaning=meaning,
            bare_key=bool(key) and matching.is_bare_id(key[0]),
            amount=amount,
            odd_amount=odd,
            currency=paid,
            comment=comment,
            advertising=advertising,
            passed=tuple(self._passed),
            tests=tests,
            secrets=secrets,
            answers=fields.answers,
            listings=fields.listings,
            region=region,
            region_told=self._told is not None,
        )

    # Choosing

    def _ranked(self, meaning: Meaning, test: Callable[[Field, frozenset[str]], bool]) -> Ranked:
        """The fields left that can have a meaning, the likeliest first."""
        found: Ranked = []
        for place, field in enumerate(self._left):
            match = matching.named(field, meaning)
            if match is not None and test(field, match[2]):
                empty = 0 if field.values else 1
                found.append(((empty, match[0], field.depth, place), field))
        return sorted(found, key=lambda each: each[0])

    def _take(
        self,
        meaning: str,
        ranked: Ranked,
        most: int = _MOST,
        within: frozenset[int] | None = None,
    ) -> tuple[Field, ...]:
        """The first field, and those that have values in samples where it has none.

        ``within`` are the samples that these may be taken for, all where it is left out. What
        cannot be read beside the others is passed over, and told as having the ``meaning``.
        """
        taken: list[Field] = []
        passed: list[tuple[str, Field]] = []
        covered: set[int] = set()
        for _, field in ranked:
            more = set(field.values) - covered
            more &= more if within is None else within
            if taken and not more:
                continue
            # One path of a spelling that no filter's argument has can be read, in front.
            if len(taken) < most and (field.plain or all(each.plain for each in taken)):
                taken.append(field)
                covered |= set(field.values)
            else:
                passed.append((meaning, field))
        self._passed += [each for each in passed if set(each[1].values) - covered]
        for field in taken:
            self._left.remove(field)
        return tuple(sorted(taken, key=lambda each: each.plain))

    # Meanings

    def _tests(self) -> tuple[Field, ...]:
        def flag(field: Field, left: frozenset[str]) -> bool:
            values = [trim(to_text(value)).casefold() for value in field.values.values()]
            direct = field.direct and not field.listed
            return (
                direct
                and not left - word_list(NEUTRAL)
                and all(
                    each in ("true", "false", "test", "ping", "1", "0", "yes", "no")
                    for each in values
                )
            )

        return self._take("test", self._ranked("test", flag), 1)

    def _may_be_phone(self, field: Field) -> bool:
        if matching.is_phone(field):
            return True
        match = matching.named(field, "phone")
        return match is not None and not matching.about(match[2])

    def _contacts(
        self,
        meaning: Meaning,
        by_value: Callable[[Field], bool],
        plausible: Callable[[Field], bool] | None = None,
    ) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
        """The phones or e-mails of the client, and those of others."""
        mine: Ranked = []
        others: list[Field] = []
        for place, field in enumerate(self._left):
            match = matching.named(field, meaning)
            sure = by_value(field)
            by_name = match is not None and not matching.about(match[2])
            fitting = not field.values if plausible is None else plausible(field)
            if not sure and not (by_name and fitting):
                continue
            if matching.is_others(field):
                others.append(field)
                continue
            rank = (not field.values, match is None, field.depth, place)
            mine.append((tuple(map(int, rank)), field))
        mine.sort(key=lambda each: each[0])
        taken = [field for _, field in mine[:1]]
        covered = {at for field in taken for at in field.values}
        for _, field in mine[1:]:
            beside = field.parent == taken[0].parent
            elsewhere = bool(field.values) and not set(field.values) & covered
            if len(taken) < _MOST_CONTACTS and (beside or elsewhere):
                taken.append(field)
                covered |= set(field.values)
            else:
                others.append(field)
        gone = {id(field) for field in (*taken, *others)}
        self._left = [each for each in self._left if id(each) not in gone]
        return tuple(taken), tuple(others)

    def _names(
        self, near: set[str]
    ) -> tuple[tuple[Field, ...], tuple[Field, ...], tuple[Field, ...], tuple[Field, ...]]:
        """Last, middle, first and full names; those beside the phone or e-mail come first."""

        def ranked(meaning: Meaning) -> Ranked:
            found = self._ranked(meaning, matching.is_name)
            return sorted(found, key=lambda each: (each[1].parent not in near, each[0]))

        last = self._take("last name", ranked("last name"))
        middle = self._take("middle name", ranked("middle name"))
        first = self._take("first name", ranked("first name"))
        full = ranked("full name")
        if not near:  # a bare `name` is a person's only beside a phone or an e-mail
            full = [each for each in full if each[1].words & word_list(PEOPLE)]
        if not first:
            taken = self._take("name", full)
            return (last, middle, taken, ()) if last else (last, middle, (), taken)
        have = {at for field in first for at in field.values}
        full = [each for each in full if set(each[1].values) - have]
        # Read behind first names, a whole one is an argument of a filter.
        self._passed += [("name", field) for _, field in full if not field.plain]
        full = [each for each in full if each[1].plain]
        return last, middle, first, self._take("name", full)

    def _amount(self) -> tuple[Field | None, tuple[Field, ...]]:
        """An amount that is named so but no plain number, and amounts that are."""
        amount = self._take("amount", self._ranked("amount", matching.is_amount))
        odd = None
        if not amount:
            named = self._ranked("amount", lambda field, left: bool(field.values) and not left)
            odd = named[0][1] if named else None
        return odd, amount

    def _key(self, people: frozenset[int]) -> tuple[tuple[Field, ...], Meaning | None]:
        """The fields that tell requests apart; ``people`` are the samples that name a client."""
        meanings: tuple[Meaning, ...] = ("order", "request", "transaction", "event")
        found: list[tuple[Rank, Field, Meaning]] = []
        for order, meaning in enumerate(meanings):
            for rank, field in self._ranked(meaning, _is_key):
                found.append(((order, *rank), field, meaning))
        for place, field in enumerate(self._left):
            if matching.is_bare_id(field) and matching.is_id(field) and matching.differs(field):
                number = int("number" in field.words)
                found.append(((2, 0, number, field.depth, place), field, "request"))
        found.sort(key=lambda each: each[0])
        if not found:
            return (), None
        taken = self._take("number", [(rank, field) for rank, field, _ in found], within=people)
        meaning = next(each for _, field, each in found if field is taken[0])
        return taken, meaning

    def _advertising(self) -> Iterator[Advertising]:
        """What is told of advertising: in ``utm_source``, or in the ``source`` of a ``utm``."""
        for name in UTM:
            ranked: Ranked = [
                ((int(not field.values), field.depth, place), field)
                for place, field in enumerate(self._left)
                if not field.listed and _tells_utm(field, name)
            ]
            crm = f"UTM_{name.upper()}"
            fields = self._take(crm, sorted(ranked, key=lambda each: each[0]))
            if fields:
                yield Advertising(crm, fields)


def _is_secret(field: Field, left: frozenset[str]) -> bool:
    long = all(len(to_text(value)) >= 6 for value in field.values.values())
    plain = not left - word_list(NEUTRAL) - word_list(KEEPERS)
    outer = field.depth == 1 or "auth" in field.around
    return bool(field.values) and long and plain and not field.listed and outer


def _is_key(field: Field, left: frozenset[str]) -> bool:
    about_other = matching.is_own_id(left) or matching.about(left - {"id"})
    paid = matching.named(field, "amount") is not None  # such as `order_total`
    return not about_other and not paid and matching.is_id(field)


def _tells_utm(field: Field, name: str) -> bool:
    return field.words == {"utm", name} or (field.words == {name} and "utm" in field.around)


def _is_currency(field: Field, _: frozenset[str]) -> bool:
    return matching.is_currency(field)


def _is_comment(field: Field, left: frozenset[str]) -> bool:
    texts = all(isinstance(value, str) for value in field.values.values())
    others = matching.about(left) or matching.is_others(field)
    return texts and not others and not field.listed


def _texts(fields: Iterable[Field]) -> list[str]:
    return [
        phone_text(each)
        for field in fields
        for value in field.values.values()
        for each in elements(value)
        if has_value(each) and not isinstance(each, bool)
    ]

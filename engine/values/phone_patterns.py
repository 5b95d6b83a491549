"""Digits to E.164 by compiled patterns: one of all valid numbers for each region.

This is what ``parse``, ``is_valid_number`` and ``format_number`` of phonenumbers answer for a
text of digits, worked out from the same metadata (`numbering`) in a few matches. Its steps are
those of libphonenumber: an international prefix, the region's own calling code, the national
prefix; then the number must be valid. Patterns are compiled when a number first needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import groupby
from typing import Final, TypeAlias

from .numbering import Numbers, Plan, calling_codes, plan_of

_SHORTEST: Final = 2  # digits of a national number; one more is needed behind a plus
_LONGEST: Final = 60  # digits of a text
_NEVER: Final = "(?!)"

Matching: TypeAlias = Callable[[str], "re.Match[str] | None"]


def is_international(digits: str) -> bool:
    """Whether digits begin with a calling code that exists."""
    return _code_at(digits[:3]) is not None


def international(digits: str) -> str | None:
    """E.164 of the number that digits are when ``+`` stands before them, or None."""
    code = _code_at(digits[:3]) if len(digits) > _SHORTEST else None
    return None if code is None else code.e164(digits[code.size :])


def dialled(digits: str, region: str) -> str | None:
    """E.164 of the number that digits are when they are dialled in a region, or None.

    The region is one of the metadata. Its international prefix may stand before the digits, and
    its own calling code where they are no number of the region with it.
    """
    return _dialling(region).e164(digits)


class CallingCode:
    """A calling code of ``size`` digits and the valid numbers of the regions that share it."""

    __slots__ = ("_main", "_plus", "_regions", "size")

    def __init__(self, code: str) -> None:
        self.size = len(code)
        self._plus = f"+{code}"
        self._regions = calling_codes()[code]
        self._main = _dialling(self._regions[0])

    def e164(self, digits: str) -> str | None:
        """E.164 of the digits behind the code; the main region's prefix may come first."""
        return self.e164_of(self._main.drop_prefix(digits)) if len(digits) >= _SHORTEST else None

    def e164_of(self, number: str) -> str | None:
        """E.164 of a national number that is valid in the first region it can belong to.

        Leading digits say what belongs to a region that has some, otherwise its valid numbers do.
        """
        for region in self._regions:
            leading = _leading_digits(region)
            if leading is None or leading(number):
                if _valid(region)(number):
                    return self._plus + number
                if leading is not None:
                    return None
        return None


class Dialling:
    """How digits that are dialled in a region become a number."""

    __slots__ = (
        *("_captured", "_code", "_general", "_international"),
        *("_kept", "_long", "_national", "_transform"),
    )

    def __init__(self, plan: Plan) -> None:
        national = _compile(plan.national_prefix or _NEVER)
        lengths, local = plan.general.lengths, plan.local_lengths
        self._code = plan.code
        self._international = _compile(plan.international_prefix or _NEVER).match
        self._national = national.match
        self._captured = national.groups
        self._transform = plan.transform
        self._general = _compile(_whole(plan.general.pattern)).match
        self._long = frozenset(range(lengths[-1] + 1, _LONGEST)).difference(local)
        self._kept = self._long.union(lengths).difference(local)

    def e164(self, digits: str) -> str | None:
        """E.164 of the number reached by dialling the digits, or None."""
        prefix = self._international(digits)
        if prefix is not None and not digits.startswith("0", prefix.end()):
            return international(digits[prefix.end() :])
        if digits.startswith(self._code):
            number = digits[len(self._code) :]
            national = self._national(number)
            number = number if national is None else self._without(national, number)
            if len(digits) in self._long or (self._general(number) and not self._general(digits)):
                return _code(self._code).e164(number)
        return _code(self._code).e164_of(self.drop_prefix(digits))

    def drop_prefix(self, digits: str) -> str:
        """The digits without a national prefix, where so many digits may be a number."""
        prefix = self._national(digits)
        if prefix is None:
            return digits
        number = self._without(prefix, digits)
        return number if len(number) in self._kept else digits

    def _without(self, prefix: re.Match[str], digits: str) -> str:
        """The digits without the prefix, unless only with it they are a number."""
        number = digits[prefix.end() :]
        if self._transform is not None and prefix[self._captured] is not None:
            number = prefix.expand(self._transform) + number
        return digits if self._general(digits) and not self._general(number) else number


@cache  # of three digits: no code is longer, and none is the beginning of another
def _code_at(digits: str) -> CallingCode | None:
    codes = calling_codes()
    beginnings = (digits[:size] for size in (1, 2, 3))
    return next((_code(each) for each in beginnings if each in codes), None)


_code = cache(CallingCode)


@cache
def _dialling(key: str) -> Dialling:
    return Dialling(plan_of(key))


@cache
def _leading_digits(key: str) -> Matching | None:
    pattern = plan_of(key).leading_digits
    return None if pattern is None else _compile(pattern).match


@cache
def _valid(key: str) -> Matching:
    """Matches what is in the general set of a region and in one of the kinds."""
    plan = plan_of(key)
    kinds = (
        # The general set has been looked at before: its lengths need no second look.
        _whole(kind.pattern) if kind.lengths == plan.general.lengths else _of(kind)
        for kind in plan.kinds
    )
    return _compile(f"(?={_of(plan.general)})(?:{'|'.join(kinds) or _NEVER})").match


def _of(numbers: Numbers) -> str:
    """The pattern of a set of numbers; without lengths, those of any length."""
    whole = _whole(numbers.pattern)
    runs = groupby(enumerate(numbers.lengths), lambda pair: pair[1] - pair[0])
    lengths = [[length for _, length in run] for _, run in runs]
    digits = "|".join(f"[0-9]{{{run[0]},{run[-1]}}}" for run in lengths)
    return rf"(?=(?:{digits})\Z){whole}" if digits else whole


def _whole(pattern: str) -> str:
    return rf"(?:{pattern})\Z"


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)

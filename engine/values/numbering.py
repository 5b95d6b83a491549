"""Numbering plans: what libphonenumber's metadata say of a region's numbers, as plain data.

`phonenumbers` carries these metadata. A plan keeps what decides whether digits are a number of
the region and how it is written in E.164; its patterns are text, so that plans can be stored and
used again without importing the library (`plans_as_json`, `use_plans`).
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from ..late_dataclass import dataclass

# `phonenumbers` is imported where it is first needed: that takes about as long as Python's start.

_WORLD = "001"  # the region of codes that belong to no country, such as 800 (UN M.49)
_KINDS: Final = (
    *("mobile", "fixed_line", "toll_free", "premium_rate", "shared_cost"),
    *("personal_number", "voip", "pager", "uan", "voicemail"),
)
"""The kinds of valid numbers, frequent ones first."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A set of national numbers: a pattern of all their digits, and how many these may be."""

    pattern: str
    lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The numbers of one region and how they are dialled there.

    ``code`` is the calling code. The prefixes are patterns of the first digits dialled, with
    ``transform`` as the replacement of a national one that captures digits. A number that begins
    with ``leading_digits`` belongs to the region, among those that share the code. ``general``
    covers all numbers, ``local_lengths`` are those of numbers dialled without an area code, and
    what is in none of ``kinds`` is no valid number.
    """

    code: str
    international_prefix: str | None
    national_prefix: str | None
    transform: str | None
    leading_digits: str | None
    general: Numbers
    local_lengths: tuple[int, ...]
    kinds: tuple[Numbers, ...]


_regions: dict[str, tuple[str, ...]] = {}  # by calling code, the main region first
_plans: dict[str, Plan] = {}  # by region, or by a code that belongs to no country


def calling_codes() -> dict[str, tuple[str, ...]]:
    """The keys of the plans that share a calling code, by code; the main region comes first.

    The plan of a code that belongs to no country has the code itself as its key.
    """
    if not _regions:
        from phonenumbers import COUNTRY_CODE_TO_REGION_CODE  # noqa: PLC0415 (imported when first needed)

        _regions.update(
            (str(code), tuple(str(code) if region == _WORLD else region for region in regions))
            for code, regions in COUNTRY_CODE_TO_REGION_CODE.items()
        )
    return _regions


@cache
def regions() -> frozenset[str]:
    """The ISO 3166 codes, in capitals, of the countries with known numbers."""
    keys = (key for regions in calling_codes().values() for key in regions)
    return frozenset(key for key in keys if key.isalpha())


def plan_of(key: str) -> Plan:
    """The plan of a region (ISO 3166, in capitals), or of a calling code of no country."""
    plan = _plans.get(key)
    if plan is None:
        plan = _plans[key] = _read_plan(key)
    return plan


def plans_as_json() -> dict[str, Any]:
    """All calling codes and the plans read so far, as JSON data for `use_plans`.

    They hold for one version of phonenumbers.
    """
    from dataclasses import asdict  # noqa: PLC0415 (imported when first needed)

    return {
        "codes": {code: list(keys) for code, keys in calling_codes().items()},
        "plans": {key: asdict(plan) for key, plan in _plans.items()},
    }


def use_plans(data: dict[str, Any]) -> None:
    """Take plans from `plans_as_json` instead of from phonenumbers of the same version.

    Plans that are not among them are read from phonenumbers when they are first needed. Raises
    ValueError for data of another shape, and changes nothing then.
    """
    try:
        codes = {code: tuple(keys) for code, keys in data["codes"].items()}
        plans = {key: _plan(**plan) for key, plan in data["plans"].items()}
    except (AttributeError, LookupError, TypeError) as error:
        raise ValueError("these are no numbering plans") from error
    if not plans.keys() <= {key for keys in codes.values() for key in keys}:
        raise ValueError("these are numbering plans of other codes")
    _regions.update(codes)
    _plans.update(plans)


def _plan(**values: Any) -> Plan:
    general, kinds = values.pop("general"), values.pop("kinds")
    values["local_lengths"] = tuple(values["local_lengths"])
    sets = tuple(_numbers(**each) for each in kinds)
    return Plan(general=_numbers(**general), kinds=sets, **values)


def _numbers(pattern: str, lengths: list[int]) -> Numbers:
    return Numbers(pattern, tuple(lengths))


def _read_plan(key: str) -> Plan:
    from phonenumbers import PhoneMetadata  # noqa: PLC0415 (imported when first needed)

    metadata: Any = (  # what every region has may be None by its type
        PhoneMetadata.metadata_for_nongeo_region(int(key))
        if key.isdigit()
        else PhoneMetadata.metadata_for_region(key)
    )
    kinds = [
        getattr(metadata, kind)
        for kind in _KINDS
        # Where mobile and fixed lines have one pattern, the library looks at that of fixed lines.
        if kind != "mobile" or not metadata.same_mobile_and_fixed_line_pattern
    ]
    return Plan(
        code=str(metadata.country_code),
        international_prefix=metadata.international_prefix,
        national_prefix=metadata.national_prefix_for_parsing or None,
        transform=metadata.national_prefix_transform_rule or None,
        leading_digits=metadata.leading_digits,
        general=_described(metadata.general_desc),
        local_lengths=tuple(metadata.general_desc.possible_length_local_only),
        kinds=tuple(_described(kind) for kind in kinds if kind and kind.national_number_pattern),
    )


def _described(description: Any) -> Numbers:
    return Numbers(description.national_number_pattern, tuple(description.possible_length))

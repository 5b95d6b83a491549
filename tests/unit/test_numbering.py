"""Numbering plans: what is kept of the metadata, stored and taken again."""

import json
import subprocess
import sys
from dataclasses import asdict

import phonenumbers
import pytest

from leadlark.values.numbering import calling_codes, plan_of, plans_as_json, regions, use_plans

DE = asdict(plan_of("DE"))


def test_regions():
    """The regions are those that the library supports."""
    assert frozenset(phonenumbers.SUPPORTED_REGIONS) == regions()


def test_every_plan_has_kinds():
    """Every region and every code of no country has valid numbers, of the code it stands under."""
    for code, keys in calling_codes().items():
        for key in keys:
            assert code == plan_of(key).code
            assert plan_of(key).kinds
            assert plan_of(key).general.lengths


def test_captured_digits():
    """A national prefix with a replacement captures the digits that this needs."""
    plan = plan_of("AG")
    assert ("268\\1", "([457]\\d{6})$|1") == (plan.transform, plan.national_prefix)


def test_plans_are_json():
    """Plans come back from JSON as they were."""
    before = {key: plan_of(key) for keys in calling_codes().values() for key in keys}
    use_plans(json.loads(json.dumps(plans_as_json())))
    assert before == {key: plan_of(key) for key in before}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"codes": [], "plans": {}},
        {"codes": {"7": ["RU"]}, "plans": {"DE": DE}},
        {"codes": {"7": ["RU"]}, "plans": {"RU": {**DE, "general": None}}},
        {"codes": {"7": ["RU"]}, "plans": {"RU": {**DE, "more": 1}}},
        {"codes": {"7": ["RU"]}, "plans": {"RU": {"code": "7"}}},
        {"codes": {"7": ["RU"]}, "plans": {"RU": None}},
    ],
    ids=str,
)
def test_other_data(data):
    """Data of another shape are refused and change nothing."""
    before = dict(calling_codes())
    with pytest.raises(ValueError, match="numbering plans"):
        use_plans(data)
    assert before == calling_codes()


def test_stored_plans_need_no_library():
    """With plans that were stored, regular phones are read without phonenumbers."""
    assert plan_of("RU").code == "7"  # a plan is stored once it has been read
    program = """
import json, sys
from leadlark.values.numbering import use_plans
from leadlark.values.phones import is_region, split_phones
use_plans(json.load(sys.stdin))
phones = [*split_phones("8 (471) 277-31-20", "RU"), *split_phones("0049 30 123456", None)]
print([phone.text for phone in phones], is_region("RU"), split_phones("8 471", "RU"))
print("phonenumbers" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(plans_as_json()),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "['+74712773120', '+4930123456'] True None\nFalse\n"

"""The patterns in front of phonenumbers and email-validator answer what these libraries answer."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest
from strategies import ROOT

from leadlark.values.emails import parse_email, parse_email_by_library
from leadlark.values.phones import split_phones, split_phones_by_library


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """bench/values.py, which makes the inputs and can make a million of them."""
    spec = importlib.util.spec_from_file_location("bench_values", ROOT / "bench" / "values.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_inputs_of_all_regions(bench: ModuleType) -> None:
    """Valid, changed and random phones of all regions, and e-mails, are read as before."""
    assert 0 == bench.differences(count=10_000, seed=1)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        pytest.param(text, region, id=f"{text!a} {region}")
        for text, region in (
            ("+8 903 123-45-67", "RU"),  # no calling code: read again without its plus
            ("+8 903 123-45-67", None),
            ("+7 903 123-45-67", "XX"),
            ("+7 903 123-45-67", "ru"),
            ("8 903 123-45-67", "ru"),
            ("00", "DE"),
            ("0000", "DE"),
            ("+00 7 903 123-45-67", "DE"),
            ("+00 7 903 123-45-67", None),
            ("0 07 903 123-45-67", None),
            ("(00) 7 903 123-45-67", None),
            ("810 0 903 123 45 67", "RU"),
            ("7 8 903 123-45-67", "RU"),
            ("457 1234", "AG"),  # the area code is put before it
            ("0343 15 555 1212", "AR"),
            ("0800 123456", "001"),
            ("+800 1234 5678", None),
            ("+ (7) 903\u2011123\u201345\u201567", "RU"),
            ("\x1f+7\xa0903 123-45-67\x85", "RU"),
            ("+7 903 123\x1f45 67", "RU"),
            ("1" * 45, "RU"),
            ("1 " * 22, "RU"),
            ("8 903 123-45-67\n8 903 123-45-68", "RU"),
            ("²²²²²²", "RU"),
        )
    ],
)
def test_phones(text: str, region: str | None) -> None:
    """Rare forms of regular spellings are read as the library reads them."""
    assert split_phones_by_library(text, region) == split_phones(text, region)


@pytest.mark.parametrize(
    "text",
    [
        *("INFO@Example.COM", "Info.Team@example.com", "sales@example.test", "a@b.Local"),
        *("\u017f@example.com", "a@\u212aelvin.com", "a@exam\u017fle.com", "a@b.xn--p1ai"),
        *("a@b.c1", "a@1.c", "a@b", "a@b.c.", "a@-b.com", "a@ab--cd.com", "a@axn--b.com"),
        *("a@" + "b" * 60 + ".c", "a@" + "b" * 61 + ".c", "a@" + "b" * 64 + ".com"),
        *("a" * 200 + "@example.com", "a" * 250 + "@example.com", "mailto:a@b.com?x=@"),
        *("mailto:a%40example.com", "a%40example.com", "a＠example.com", "a@b.com\x1f"),
    ],
    ids=ascii,
)
def test_emails(text: str) -> None:
    """Rare forms of addresses are read as the library reads them."""
    assert parse_email_by_library(text) == parse_email(text)

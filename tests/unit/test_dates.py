"""Dates: what ISO 8601 text is read, formats, and the properties of reading and writing."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark.values.dates import (
    check_format,
    check_input_format,
    format_date,
    is_iso_date,
    parse_iso,
    utc_text,
)

MOMENTS = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001 (hypothesis adds the offset)
    max_value=datetime(9998, 12, 31),  # noqa: DTZ001
    timezones=st.builds(
        timezone, st.integers(-14 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes))
    ),
)
DATE_LIKE = st.text("0123456789-:TZ+. ,/JanMay%", max_size=40)
ANY_TEXT = st.text(st.characters(), max_size=120) | DATE_LIKE
FORMAT = st.text("%YymdHIMSfpjzZAaBb -:.%%Q", max_size=20) | st.text(st.characters(), max_size=250)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-31", "2026-01-31T00:00:00Z"),
        ("20260131", "2026-01-31T00:00:00Z"),
        (" 2026-01-31\n", "2026-01-31T00:00:00Z"),
        ("2026-01-31T09", "2026-01-31T09:00:00Z"),
        ("2026-01-31T09:30", "2026-01-31T09:30:00Z"),
        ("2026-01-31 09:30:15", "2026-01-31T09:30:15Z"),
        ("2026-01-31T09:30:15Z", "2026-01-31T09:30:15Z"),
        ("2026-01-31t09:30:15z", "2026-01-31T09:30:15Z"),
        ("2026-01-31T09:30:15.999999999Z", "2026-01-31T09:30:15Z"),
        ("2026-01-31T09:30:15,5+03:00", "2026-01-31T06:30:15Z"),
        ("2026-01-31T09:30-0330", "2026-01-31T13:00:00Z"),
        ("20260131T093015Z", "2026-01-31T09:30:15Z"),
        ("20260131T0930+03", "2026-01-31T06:30:00Z"),
        ("2026-01-01T01:00:00+03:00", "2025-12-31T22:00:00Z"),
        ("2024-02-29", "2024-02-29T00:00:00Z"),
        ("0001-01-01", "0001-01-01T00:00:00Z"),
    ],
)
def test_iso(text, utc):
    """A calendar date alone is its midnight; without an offset it is in UTC."""
    moment = parse_iso(text)
    assert moment is not None
    assert utc == utc_text(moment)
    assert is_iso_date(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026", "2026-01", "202601", "6510", "74712773120", "31.01.2026", "01/31/2026"),
        *("2026-02-29", "2026-13-01", "0000-01-01", "2026-1-31", "2026-0131", "2026-W05-6"),
        *("2026-031", "2026-01-31T", "2026-01-31T24:00", "2026-01-31T09:60", "2026-01-31T9:30"),
        *("2026-01-31T09:30:60", "2026-01-31T09:30:15.", "2026-01-31T09:3015", "2026-01-31Z"),
        *("2026-01-31T09:30+24:00", "2026-01-31T09:30+3", "2026-01-31T09:30 Europe/Moscow"),
        *("0001-01-01T00:00+03:00", "9999-12-31T23:00-03:00", "２０２６-01-31", "2026-01-31x"),
        "2026-01-31T09:30:15." + "0" * 100,
        "2026-01-31" * 6_000,
    ],
    ids=lambda text: ascii(text)[:40],
)
def test_not_iso(text):
    """Weeks, reduced dates, days that do not exist and years beyond 1 to 9999 are not read."""
    assert parse_iso(text) is None
    assert not is_iso_date(text)


def test_utc_text_of_naive_moment():
    """A moment without an offset is in UTC."""
    assert utc_text(datetime(2026, 1, 1, 1)) == "2026-01-01T01:00:00Z"  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "fmt", "input_format", "written"),
    [
        ("2026-01-31", "%d.%m.%Y", None, "31.01.2026"),
        (
            "2026-01-31T21:05:07.5+03:00",
            "%H:%M:%S.%f %z %Z",
            None,
            "21:05:07.500000 +0300 UTC+03:00",
        ),
        ("2026-01-31T00:05", "%I:%M %p, %j, %y%%", None, "12:05 AM, 031, 26%"),
        ("2026-01-31T12:05", "%I %p %Z", None, "12 PM UTC"),
        ("2026-03-02", "%A %a %B %b", None, "Monday Mon March Mar"),
        ("0033-03-02", "%Y", None, "0033"),
        ("2026-03-02", "Tag %d\n", None, "Tag 02\n"),
        ("31.01.2026", "%Y-%m-%d", "%d.%m.%Y", "2026-01-31"),
        (" 1.2.2026 ", "%Y-%m-%d", "%d.%m.%Y", "2026-02-01"),
        ("Jan 5, 2026 3:04 pm", "%Y-%m-%d %H:%M", "%b %d, %Y %I:%M %p", "2026-01-05 15:04"),
        ("MARCH  5 26", "%Y-%m-%d", "%B %d %y", "2026-03-05"),
        ("5 sep 69", "%Y-%m-%d", "%d %B %y", "1969-09-05"),
        (
            "Monday, 02 Mar 2026 10:00:00 GMT",
            "%Y-%m-%dT%H",
            "%A, %d %b %Y %H:%M:%S %Z",
            "2026-03-02T10",
        ),
        ("12 a.m. 01/02/2026", "%H %d", "%I %p %m/%d/%Y", "00 02"),
        ("20260131 0930 +0300", "%d %H:%M %z", "%Y%m%d %H%M %z", "31 09:30 +0300"),
        ("2024 366", "%Y-%m-%d", "%Y %j", "2024-12-31"),
        ("100% 2026-01-31 .25", "%d %f", "100%% %Y-%m-%d .%f", "31 250000"),
    ],
    ids=ascii,
)
def test_format(text, fmt, input_format, written):
    """Names are English, numbers padded, the offset the one that was sent."""
    assert written == format_date(text, fmt, input_format)


@pytest.mark.parametrize(
    ("text", "input_format"),
    [
        ("31.01.2026", None),
        ("2026-01-31", "%d.%m.%Y"),
        ("31.02.2026", "%d.%m.%Y"),
        ("0 2026", "%j %Y"),
        ("366 2025", "%j %Y"),
        ("366 9999", "%j %Y"),
        ("01.01.2026 13 PM", "%d.%m.%Y %I %p"),
        ("01.01.2026 0 AM", "%d.%m.%Y %I %p"),
        ("1 aprıl 2026", "%d %B %Y"),
        ("1 янв 2026", "%d %b %Y"),
        ("0.1.2026", "%d.%m.%Y"),
        ("01.01.2026" + " " * 65_536 + "x", "%d.%m.%Y"),
        ("01.01", "%d.%m"),
    ],
    ids=lambda text: ascii(text)[:30],
)
def test_not_read(text, input_format):
    """A text that is no date in its format is not written in another."""
    assert format_date(text, "%Y-%m-%d", input_format) is None


@pytest.mark.parametrize(
    ("fmt", "writing", "reading"),
    [
        ("%d.%m.%Y", None, None),
        ("%j/%y", None, None),
        ("%d %b %Y 100%% %%", None, None),
        ("%H:%M", None, "does not name year, month and day"),
        ("%m/%Y", None, "does not name year, month and day"),
        ("%d.%m.%Y %d", None, "%d stands twice"),
        ("", "names no part of a date", "names no part of a date"),
        ("dd.mm.yyyy", "names no part of a date", "names no part of a date"),
        ("100%%", "names no part of a date", "names no part of a date"),
        ("%d.%m.%Y %s", "%s is no part", "%s is no part"),
        ("%-d.%m.%Y", "%- is no part", "%- is no part"),
        ("%Y%", "% is no part", "% is no part"),
        ("%Y" * 200, "longer than 200", "longer than 200"),
    ],
)
def test_check_format(fmt, writing, reading):
    """What makes a format unusable, for writing and for reading, is said in a sentence."""
    for expected, actual in ((writing, check_format(fmt)), (reading, check_input_format(fmt))):
        assert (expected is None) is (actual is None)
        assert actual is None or expected in actual
    assert writing is None or format_date("2026-01-31", fmt) is None


@settings(deadline=None)
@given(MOMENTS)
def test_iso_reads_back(moment):
    """What Python writes in ISO 8601 is read as the same moment, and so is its UTC text."""
    assert moment == parse_iso(moment.isoformat())
    text = utc_text(moment)
    assert moment.astimezone(UTC).replace(microsecond=0) == parse_iso(text)
    assert text == utc_text(parse_iso(text))


@settings(deadline=None)
@given(
    MOMENTS,
    st.sampled_from(
        ("%Y-%m-%d %H:%M:%S.%f %z", "%a %d %b %Y %I:%M:%S %p %f%z", "%f %S %M %H %j %Y %z")
    ),
)
def test_format_reads_back(moment, fmt):
    """A date written in a full format and read in it is the date."""
    written = format_date(moment.isoformat(), fmt)
    assert written is not None
    assert moment.isoformat(timespec="microseconds") == re.sub(
        r"(\d\d)(\d\d)$",
        r"\1:\2",
        format_date(written, "%Y-%m-%dT%H:%M:%S.%f%z", fmt),
    )


@settings(deadline=None, max_examples=200)
@given(ANY_TEXT, FORMAT, st.none() | FORMAT)
def test_any_text(text, fmt, input_format):
    """No text and no format raises; a format that is refused writes and reads nothing."""
    moment = parse_iso(text)
    assert (moment is not None) is is_iso_date(text)
    assert moment is None or parse_iso(utc_text(moment)) is not None
    written = format_date(text, fmt, input_format)
    if check_format(fmt) or (input_format is not None and check_input_format(input_format)):
        assert written is None

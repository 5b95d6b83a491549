"""Throws broken rule files and requests at LeadLark and counts what it survives.

    python bench/fuzz.py --seconds 300 --seed 1

Rule files are the repository's own ones with characters, words and lines changed, or words of the
language in any order; they are parsed, checked and rendered, and those without errors are
formatted and decide requests. Requests are bodies of every kind, whole and damaged; they are
decided on channels that use all of the language. Anything but a diagnostic, a decision or a
`LeadLarkError` is printed with the input that caused it, and the exit status is 1. The same seed
gives the same inputs.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus

import leadlark
from leadlark.language.parser import parse
from leadlark.language.printer import print_file
from leadlark.messages.render import concise, full, to_json

ROOT: Final = Path(__file__).parent.parent
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
EVERYTHING: Final = ROOT / "tests" / "properties" / "everything.channel"
SHOWN: Final = 4_000
SLOW: Final = 2.0
COMPARED: Final = 0.2
"""The share of requests that are mapped by the evaluator as well."""

WORD: Final = re.compile(r"\w+|[^\w\s]|\s+")
_SIGNS: Final = """
    { } ( ) [ ] < > | , . : = == != <= >= -> " ' @ # * \\ \\" \\n \\u{20AC} \\u{110000} ; $ ` ~
    0 -1 12.50 1h 99999999999999999999 "" "x" "<a>" "<a|trim>" '' 'x' "<a[*].b" <a.'b'> [] [*]
    [0] [-1] [a='b'] Имя ｗｉｄｅ 🙂 \u200b \u202e \x00 \x1b \ufeff \u0301 \ud800
"""
SIGNS: Final = (*_SIGNS.split(), "\r", "\xa0")
TEXTS: Final = (
    "",
    " ",
    "0",
    "x",
    "<name>",
    "<@payload>",
    "<name | default 'x'>",
    "{{7*7}}",
    '"',
    "'",
    "\\",
    "\\u{41}",
    "\n",
    "\t",
    "Мария",
    "é",
    "e\u0301",
    "\u0301" * 50,
    "🙂",
    "\u202e",
    "8 (471) 277-31-20",
    "+74712773120;ext=5",
    "tel:+74712773120",
    "+7 471 277-31-20, 84712773121",
    "a@пример.рф",
    "A@EXAMPLE.COM",
    "2024-02-30",
    "2024-02-29T10:00:00+03:00",
    "31.12.2025",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "1e9",
    "-0",
    "6510",
    "6510.0",
    "٣٤",
    "NaN",
    '{"a": [1, {"b": null}]}',
    "[" * 60,
    "a" * 300 + "!",
    "1,2;3\n4",
    "1" * 500,
    "spam",
    "ping",
    "vip",
    "no",
    "bad",
    "paid",
    "true",
    "WON",
)
_KEYS: Final = """
    phone name order.id amount agreed born email items answers billing extra raw tags secret need
    id test owner type sku price NAME Phone form your-name Имя q3_name order first a[b] field ref
    phone_number text 0 a
"""
KEYS: Final = (*_KEYS.split(), "", "First Name", "First\u00a0Name")
TYPES: Final = (
    "",
    "application/json",
    "application/json; charset=utf-16",
    "application/json; charset=cp1251",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=koi8-r",
    "multipart/form-data; boundary=xx",
    "multipart/form-data",
    "text/plain",
    "application/octet-stream",
    "text/html",
    "application/json; charset=rot13",
    "multipart/form-data; boundary=",
    "application/json;;;=\x00",
    "*/*",
    "é",
)


class Source:
    """Inputs out of one random generator."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        files = [*ROOT.glob("rules/**/*.channel"), *ROOT.glob("tests/**/*.channel")]
        self.files = [path.read_text(encoding="utf-8") for path in sorted(files)]
        self.files += [EVERYTHING.read_text(encoding="utf-8")] * (len(self.files) // 2)
        self.words = sorted({word for text in self.files for word in WORD.findall(text)})

    def rules(self) -> str:
        """A rule file, hardly ever a good one."""
        pick = self.random
        if pick.random() < 0.15:
            return "".join(pick.choices([*self.words, *SIGNS, "\n", " "], k=pick.randrange(200)))
        text = pick.choice(self.files)
        for _ in range(pick.choice((1, 1, 1, 2, 3, 8, 40))):
            text = self._changed(text)
        return text

    def _changed(self, text: str) -> str:
        pick = self.random
        unit = pick.choice(("character", "word", "word", "line", "line"))
        parts = {
            "character": list,
            "word": WORD.findall,
            "line": lambda text: text.splitlines(keepends=True),
        }[unit](text)
        if not parts:
            return pick.choice(SIGNS)
        at, other = pick.randrange(len(parts)), pick.randrange(len(parts))
        match pick.randrange(6):
            case 0:
                del parts[at]
            case 1:
                parts.insert(at, parts[at])
            case 2:
                parts[at], parts[other] = parts[other], parts[at]
            case 3:
                parts.insert(at, pick.choice(SIGNS))
            case 4:
                parts[at] = pick.choice(self.words)
            case 5:
                low, high = sorted((at, other))
                parts[low : min(high, low + 5)] = parts[at : at + 3] * pick.choice((0, 2, 5))
        return "".join(parts)

    def value(self, depth: int = 0) -> Any:
        """A JSON value."""
        pick = self.random
        kind = pick.random()
        if depth < 4 and kind < 0.15:
            return [self.value(depth + 1) for _ in range(pick.randrange(4))]
        if depth < 4 and kind < 0.3:
            return {pick.choice(KEYS): self.value(depth + 1) for _ in range(pick.randrange(5))}
        if kind < 0.5:
            numbers = (0, -1, 7, 6510, 10**30, 1.5, -0.0, 1e300, 1e-300, 74712773120)
            return pick.choice((*numbers, None, True, False))
        if kind < 0.6:
            return "".join(chr(pick.randrange(0x3000)) for _ in range(pick.randrange(9)))
        return pick.choice(TEXTS)

    def payload(self) -> dict[str, Any]:
        """An object of keys that the channels read."""
        keys = self.random.sample(KEYS, self.random.randrange(14))
        return {key: self.value(1) for key in keys}

    def request(self) -> dict[str, Any]:
        """What `Request.from_http` is given."""
        pick = self.random
        payload = self.payload()
        body, content_type = self._body(payload)
        for _ in range(pick.choice((0, 0, 0, 0, 0, 1, 3))):
            body = self._damaged(body)
        if pick.random() < 0.15:
            content_type = pick.choice(TYPES)
        query = self._pairs(self.payload()) if pick.random() < 0.3 else b""
        headers = {"Content-Type": content_type, "X-Request": pick.choice(TEXTS)}
        return {"query": query, "headers": headers, "body": body}

    def _body(self, payload: dict[str, Any]) -> tuple[bytes, str]:
        kind = self.random.random()
        if kind < 0.5:
            several = [payload, self.payload()] if self.random.random() < 0.1 else payload
            return json.dumps(several).encode(), "application/json"
        if kind < 0.8:
            return self._pairs(payload), "application/x-www-form-urlencoded"
        parts = "".join(
            f'--xx\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in payload.items()
        )
        return f"{parts}--xx--\r\n".encode("utf-8", "replace"), "multipart/form-data; boundary=xx"

    def _pairs(self, payload: dict[str, Any]) -> bytes:
        pairs = [
            f"{quote_plus(key)}{self.random.choice(('', '', '[]', '[a]', '[0][b]'))}="
            + quote_plus(str(value), errors="replace")
            for key, value in payload.items()
        ]
        return "&".join(pairs).encode()

    def _damaged(self, body: bytes) -> bytes:
        pick = self.random
        at = pick.randrange(len(body) + 1)
        end = min(len(body), at + pick.choice((0, 1, 5, 100)))
        put = pick.choice((b"", b"\x00", b"\xff", b"[", b"]", b"}", b'"', b"%", b"&", b"\r\n--xx"))
        return body[:at] + put + body[end:]


def read_rules(text: str) -> leadlark.Rules | None:
    """Parse, check, compile and format; every diagnostic has its place and can be shown."""
    try:
        rules = leadlark.loads(text, str(EVERYTHING.parent / "fuzzed.channel"))
    except leadlark.RuleError as error:
        diagnostics = error.diagnostics
        rules = None
    else:
        diagnostics = rules.warnings
        hold_layout(text)
    for each in diagnostics:
        # The last line's break counts as a place, even if it is not written.
        assert 0 <= each.span.start <= each.span.end <= len(each.source.text) + 1, each
    for each in diagnostics[:20]:
        full(each), concise(each), json.dumps(to_json(each))
    return rules


def hold_layout(text: str) -> None:
    """The canonical layout says the same and stays as it is."""
    source = leadlark.Source("fuzzed.channel", text)
    file, _ = parse(source)
    printed = leadlark.Source("fuzzed.channel", print_file(source, file))
    again, problems = parse(printed)
    assert problems == ()
    assert file == again
    assert print_file(printed, again) == printed.text


def decide(
    channels: Sequence[leadlark.Channel],
    arguments: dict[str, Any],
    store: leadlark.Store,
    *,
    compared: bool,
) -> str:
    """Read the request and process it on channels.

    Where it is ``compared``, compiled rules mean what nodes mean.
    """
    try:
        request = leadlark.Request.from_http(method="POST", **arguments)
    except leadlark.PayloadError:
        return "refused"
    for channel in channels:
        for decision in channel.process_all(request, store, NOW):
            decision.to_dict()
        if not compared:
            continue
        evaluated = channel.map_all(request, NOW, watch=[].append)
        for mapped, expected in zip(channel.map_all(request, NOW), evaluated, strict=True):
            assert mapped.contact_fields == expected.contact_fields
            assert mapped.entity_fields == expected.entity_fields
            assert mapped.outcome == expected.outcome
            assert mapped.reason == expected.reason
            assert mapped.problems == expected.problems
            assert mapped.warnings == expected.warnings
            assert mapped.status == expected.status
            assert mapped.comment == expected.comment
    return "decided"


def main() -> int:
    """Run for the time given; 1 where anything was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--requests", type=int, default=5, help="sent to known channels for each rule file"
    )
    options = parser.parse_args()
    source = Source(options.seed)
    known = [
        channel
        for path in (EVERYTHING, *sorted(ROOT.glob("rules/**/*.channel")))
        for channel in leadlark.load(path).values()
    ]
    counts: Counter[str] = Counter()
    slowest: tuple[float, str] = (0.0, "")
    failures: Counter[str] = Counter()
    end = time.monotonic() + options.seconds

    def tried(name: str, given: object, work: Callable[[], Any]) -> Any:
        nonlocal slowest
        begin = time.process_time()
        try:
            return work()
        except Exception as error:
            place = str(traceback.extract_tb(error.__traceback__)[-1])
            failures[f"{type(error).__name__} at {place}"] += 1
            if failures[f"{type(error).__name__} at {place}"] == 1:
                print(f"--- {name}\n{ascii(given)[:SHOWN]}\n{traceback.format_exc()}", flush=True)
            return None
        finally:
            taken = time.process_time() - begin
            counts[name] += 1
            slowest = max(slowest, (taken, f"{name}: {ascii(given)[:200]}"))
            if taken > SLOW:
                print(f"--- slow, {taken:.1f} s: {name}\n{ascii(given)[:SHOWN]}", flush=True)

    store = leadlark.MemoryStore()

    def sent(channels: Sequence[leadlark.Channel], shown: str) -> None:
        given = source.request()
        compared = source.random.random() < COMPARED
        work = partial(decide, channels, given, store, compared=compared)
        outcome = tried("requests", (shown, given), work)
        if outcome is not None:
            counts[f"requests {outcome}"] += 1

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was tried is told
    with suppress(KeyboardInterrupt):
        while time.monotonic() < end:
            if counts["rule files"] % 100 == 0:
                store = leadlark.MemoryStore()
            text = source.rules()
            rules = tried("rule files", text, partial(read_rules, text))
            if rules:
                counts["rule files without errors"] += 1
                sent(tuple(rules.values()), text)
            for _ in range(options.requests):
                channel = source.random.choice(known)
                sent((channel,), channel.address)
    print(", ".join(f"{name}: {count:,}" for name, count in sorted(counts.items())))
    print(f"slowest: {slowest[0]:.2f} s, {slowest[1]}")
    print(f"failures: {sum(failures.values())}")
    for place, count in failures.items():
        print(f"{count:8,} {place}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

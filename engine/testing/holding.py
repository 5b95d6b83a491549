"""Which values a store holds."""

# ruff: noqa: SIM300 (what is expected stands first, as in all tests)

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import pytest

from ..errors import StoreError
from ..store import Key, Task, Write
from ..values.value import Json
from .suite import CONTACT, DEAL, ORDER, StoreSuite, by_key, deals_of, written

STORABLE: Final[tuple[Json, ...]] = (
    True,
    False,
    0,
    2**63,
    -(10**400),
    Decimal("3500.00"),
    Decimal("0.10000000000000000000000000000000000001"),
    Decimal("1E+3"),
    "",
    " blanks around ",
    "Мария Ёлкина, 東京, 👩\u200d👧, \u200fעברית",
    "e\u0301 is kept apart from \u00e9",
    "line\r\nbreak\ttab\u2028\u0085\ufeff\x01",
    "'; DROP TABLE deal; -- \" ? :1 %s {} \\ \\u0000 <b>",
    "long " * 20_000,
    ["a", 1, None, ["nested"]],
    {"key": {"ключ": Decimal("1.50")}, "": []},
)
UNSTORABLE: Final[tuple[Any, ...]] = (
    "a\0b",
    "\ud800",
    ["a", "\0"],
    {"\0": 1},
    Decimal("NaN"),
    Decimal("-Infinity"),
    1.5,
    10**5000,
    b"bytes",
)


class ValueContract(StoreSuite):
    """Values come back as they were, or are refused by every store alike."""

    @pytest.mark.parametrize("value", STORABLE, ids=lambda value: type(value).__name__)
    def test_a_value_comes_back_as_it_was(self, value: Json) -> None:
        """Text keeps every character, a number every digit, and each its type."""
        with self.open_store([]) as store:
            fields = {"UF": value, "Имя поля 'x'": value}
            text = str(value)[:1000]
            write = Write("deal", None, fields, keys=(ORDER,), status=text, comment=text)
            decision = store.transact(written(write))
            (found,) = by_key(store, "deal", ORDER)
            assert repr(fields) == repr(dict(found.fields))
            assert text == found.status
            assert decision.entity is not None
            assert [text] == list(self.comments(store, "deal", decision.entity.ids[0]))

    def test_keys_are_compared_character_by_character(self) -> None:
        """A store neither folds case nor normalises keys: that is done before they get there."""
        values = ("e\u0301", "\u00e9", "\u00c9", "E", "e", " e", "6510", "06510", "6510.0")
        writes = [Write("deal", None, {"UF": each}, keys=(Key("UF", each),)) for each in values]
        with self.open_store([]) as store:
            store.transact(written(*writes))
            for value in values:
                found = by_key(store, "deal", Key("UF", value))
                assert [value] == [record.fields["UF"] for record in found]

    @pytest.mark.parametrize("value", UNSTORABLE, ids=lambda value: type(value).__name__)
    def test_a_value_that_some_store_cannot_hold_is_refused(self, value: Any) -> None:
        """Such a value in any field refuses the whole plan, in every store alike."""
        contact = Write("contact", None, {"NAME": "new"}, keys=(ORDER,))
        with self.open_store([CONTACT, DEAL]) as store:
            for write in (Write("deal", None, {"UF": value}), Write("deal", "5", {"UF": value})):
                with pytest.raises(StoreError, match="UF"):
                    store.transact(written(Write("deal", "5", {}), write, contact=contact))
            assert [] == by_key(store, "contact", ORDER)
            assert [DEAL] == by_key(store, "deal", ORDER)

    @pytest.mark.parametrize("text", ["\0", "a\udfffb"])
    def test_text_that_some_store_cannot_hold_is_refused_everywhere(self, text: str) -> None:
        """NUL and lone surrogates get into no part of a record, its comments and its tasks."""
        writes = [
            Write("deal", None, {text: 1}),
            Write("deal", None, append={"WEB": (text,)}),
            Write("deal", None, append={"WEB": ("x",)}, types={"WEB": (text,)}),
            Write("deal", None, keys=(Key("UF", text),)),
            Write("deal", None, keys=(Key(text, "1"),)),
            Write("deal", None, status=text),
            Write("deal", None, responsible=text),
            Write("deal", None, comment=text),
            Write("deal", None, task=Task(text, "", None)),
            Write("deal", None, task=Task("", "", text)),
            Write("deal", text, {}),
        ]
        with self.open_store([CONTACT]) as store:
            for write in writes:
                with pytest.raises(StoreError):
                    store.transact(written(write, links=("1",)))
            assert [] == deals_of(store, "1")

"""Stores by URL."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadlark.adapters.memory import MemoryStore
from leadlark.adapters.opening import open_store
from leadlark.errors import StoreError


def test_memory_is_an_empty_store_of_its_own() -> None:
    """Each memory: store begins empty."""
    with open_store("memory:") as store:
        assert isinstance(store, MemoryStore)
        assert () == store.records("contact")


def test_a_relative_path_is_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three slashes begin a relative path, taken as written."""
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///my%20crm?.db").close()
    assert (tmp_path / "my%20crm?.db").exists()


def test_an_absolute_path_has_a_fourth_slash(tmp_path: Path) -> None:
    """Four slashes begin an absolute path."""
    path = tmp_path / "crm.db"
    open_store(f"sqlite:///{path}").close()
    assert path.exists()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql://u:secret@host:port/crm", "the store URL is not understood"),
        ("postgres://u:secret/@[host/crm", "the store URL is not understood"),
        ("bitrix24+https://host/rest/1/secret/", "bitrix24"),
        ("mysql://u:secret@host/crm", "unknown kind of store 'mysql'"),
        ("crm.db", "sqlite:///FILE"),
        ("", "memory:"),
        ("memory:x", "unknown kind"),
        ("sqlite:crm.db", "sqlite:///FILE"),
        ("sqlite://crm.db", "sqlite:///FILE"),
        ("sqlite:///", "sqlite:///FILE"),
        ("sqlite:///:memory:", "memory:"),
    ],
)
def test_other_urls_are_told_what_is_understood(url: str, message: str) -> None:
    """A URL that names no store is a store error that says the way out and shows no secret."""
    with pytest.raises(StoreError, match=message) as caught:
        open_store(url)
    assert "secret" not in str(caught.value)

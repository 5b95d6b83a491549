"""The cache of checked rule files: what is kept, what is believed, and what is left alone."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from leadlark import RuleError, load, loads
from leadlark.caching import checked, folder
from leadlark.caching.folder import MAX_BYTES, MAX_FILES, Folder, user_folder
from leadlark.language import parser

RULES: Final = """\
channel shop {
    entity lead
    region RU
    let unused = "<name>"
    find newest in NEW
    lead {
        TITLE = "<name>"
        PHONE = "<phone>" search
    }
}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "shop.channel"
    path.write_text(RULES, encoding="utf-8")
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "caches" / "leadlark"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are parsed from now on."""
    names: list[str] = []
    before = parser.parse
    monkeypatch.setattr(
        parser, "parse", lambda source: (names.append(source.name), before(source))[1]
    )
    return names


def test_kept_and_used(rules: Path, cache: Path, parsed: list[str]) -> None:
    """A file is parsed once; its rules and warnings are the same the second time."""
    first, second = load(rules, cache=cache), load(rules, cache=cache)

    assert [str(rules)] == parsed
    assert first == second
    assert first.warnings
    assert 1 == len(list(cache.iterdir()))


def test_kept_by_content(rules: Path, cache: Path, parsed: list[str]) -> None:
    """Warnings name the file that was loaded, whatever it was called; a changed file is new."""
    load(rules, cache=cache)
    other = rules.with_name("other.channel")
    rules.rename(other)
    (warning, *_) = load(other, cache=cache).warnings
    other.write_text(RULES.replace("NEW", "OPEN"), encoding="utf-8")
    load(other, cache=cache)

    assert str(other) == warning.source.name
    assert [str(rules), str(other)] == parsed


def test_only_when_asked(rules: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    """`load` and `loads` write nothing by themselves; ``cache=True`` is the user's folder."""
    monkeypatch.setenv("LEADLARK_CACHE", str(cache))
    load(rules)
    loads(RULES)

    assert not cache.exists()
    load(rules, cache=True)
    assert cache.exists()


def test_errors_are_told_each_time(rules: Path, cache: Path, parsed: list[str]) -> None:
    """A file with errors is not kept."""
    rules.write_text(RULES.replace("entity lead", "entity leda"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(RuleError, match="E101"):
            load(rules, cache=cache)

    assert 2 == len(parsed)
    assert not cache.exists()


def test_what_files_have_in_common_is_checked_each_time(rules: Path, cache: Path) -> None:
    """Two files without errors can be at fault together, kept or not."""
    rules.with_name("z.channel").write_text(RULES, encoding="utf-8")
    for _ in range(2):
        with pytest.raises(RuleError, match="address `shop` is used twice"):
            load(rules.parent, cache=cache)

    assert 1 == len(list(cache.iterdir()))


def test_schema_files(rules: Path, cache: Path, parsed: list[str]) -> None:
    """A file that depends on a schema file is not kept."""
    named = RULES.replace("region RU", 'region RU\n    payload schema "shop.json"')
    rules.write_text(named, encoding="utf-8")
    schema = '{"type": "object", "properties": {"name": {}, "phone": {}}}'
    rules.with_name("shop.json").write_text(schema, encoding="utf-8")

    assert load(rules, cache=cache)["shop"].program.schema is not None
    assert load(rules, cache=cache)["shop"].program.schema is not None
    assert 2 == len(parsed)
    assert not cache.exists()


@pytest.mark.parametrize("name", ["__version__", "EDITIONS", "_FORMAT"])
def test_other_releases(
    rules: Path, cache: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What another release, edition or format kept is not used."""
    load(rules, cache=cache)
    monkeypatch.setattr(checked, name, "other")
    load(rules, cache=cache)

    assert 2 == len(parsed)


@pytest.mark.parametrize("name", ["_state", "_library"])
def test_other_states(
    rules: Path, cache: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Nor what was kept before the package's files, or the library of phones, were others."""
    load(rules, cache=cache)
    monkeypatch.setattr(checked, name, lambda: "other")
    load(rules, cache=cache)

    assert 2 == len(parsed)


def test_damaged(cache: Path) -> None:
    """A text changed in any bit, cut or lengthened is not there; nor is one of another key."""
    Folder(cache).write("key", '["text", 1.50]')
    (path,) = cache.iterdir()
    data = path.read_bytes()
    broken = [data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
              for at in range(len(data)) for bit in range(8)]  # fmt: skip
    broken += [*(data[:at] for at in range(len(data))), data + b"\n", data + data]
    found = []
    for each in broken:
        path.write_bytes(each)
        found.append(Folder(cache).read("key"))

    assert {None} == set(found)
    path.write_bytes(data)
    assert '["text", 1.50]' == Folder(cache).read("key")
    Folder(cache).write("other", "text")
    (other,) = set(cache.iterdir()) - {path}
    other.write_bytes(data)
    assert Folder(cache).read("other") is None


def test_sound_but_senseless(rules: Path, cache: Path, parsed: list[str]) -> None:
    """A text that is whole but no stored file is no obstacle: it is written anew."""
    load(rules, cache=cache)
    (path,) = cache.iterdir()
    key = checked._key(sha256(rules.read_bytes()).hexdigest())
    Folder(cache).write(key, '[["File",0,1],[],{}]')
    load(rules, cache=cache)
    load(rules, cache=cache)

    assert path.exists()
    assert 2 == len(parsed)


def test_private(cache: Path) -> None:
    """The folder and its files are for nobody else."""
    Folder(cache).write("key", "text")
    (path,) = cache.iterdir()

    assert 0o700 == stat.S_IMODE(cache.stat().st_mode)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode) & 0o777


def test_foreign(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What belongs to another user, or that others can write to, is neither read nor written."""
    Folder(cache).write("key", "text")
    cache.chmod(0o777)
    assert Folder(cache).read("key") is None
    cache.chmod(0o700)
    assert "text" == Folder(cache).read("key")
    monkeypatch.setattr(os, "geteuid", lambda: cache.stat().st_uid + 1)
    assert Folder(cache).read("key") is None
    Folder(cache).write("other", "text")
    assert 1 == len(list(cache.iterdir()))


def test_no_plain_file(cache: Path, tmp_path: Path) -> None:
    """A link, a pipe, a folder and a file that is too large stand for nothing."""
    Folder(cache).write("key", "text")
    (path,) = cache.iterdir()
    moved = path.rename(tmp_path / "moved")
    path.symlink_to(moved)
    assert Folder(cache).read("key") is None
    path.unlink()
    os.mkfifo(path)
    assert Folder(cache).read("key") is None
    path.unlink()
    path.mkdir()
    assert Folder(cache).read("key") is None
    path.rmdir()
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    assert Folder(cache).read("key") is None


def test_failed_writes_are_silent(cache: Path, tmp_path: Path) -> None:
    """Where nothing can be written, nothing is, and nobody is told; nothing is left behind."""
    (tmp_path / "file").write_bytes(b"")
    Folder(tmp_path / "file").write("key", "text")
    Folder(tmp_path / "file" / "below").write("key", "text")
    Folder(cache).write("key", "я")
    Folder(cache).write("key", "x" * MAX_BYTES)
    assert not cache.exists()
    Folder(cache).write("key", "text")
    (path,) = cache.iterdir()
    path.unlink()
    path.mkdir()
    (path / "inside").write_bytes(b"")
    Folder(cache).write("key", "text")

    assert [path] == list(cache.iterdir())


def test_bounded(cache: Path) -> None:
    """Of too many files the oldest go; files of others stay."""
    for number in range(MAX_FILES):
        Folder(cache).write(f"{number}", "text")
        for path in cache.iterdir():
            if path.stat().st_mtime > 1_000_000:
                os.utime(path, (number, number))
    (cache / "README").write_bytes(b"")
    Folder(cache).write("one", "text")
    Folder(cache).write("more", "text")

    assert MAX_FILES + 1 == len(list(cache.iterdir()))
    kept = [str(number) for number in range(MAX_FILES) if Folder(cache).read(str(number))]
    assert [str(number) for number in range(2, MAX_FILES)] == kept
    assert "text" == Folder(cache).read("one") == Folder(cache).read("more")


def test_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """``LEADLARK_CACHE``, else ``XDG_CACHE_HOME``, else what the platform says; or none."""

    def place(**variables: str) -> Any:
        for name in ("LEADLARK_CACHE", "XDG_CACHE_HOME", "HOME"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return user_folder()

    assert Path("/there") == place(LEADLARK_CACHE="/there", XDG_CACHE_HOME="/caches")
    assert place(LEADLARK_CACHE="", HOME="/home/maria") is None
    assert Path("/caches/leadlark") == place(XDG_CACHE_HOME="/caches", HOME="/home/maria")
    assert Path("/home/maria/.cache/leadlark") == place(XDG_CACHE_HOME="x", HOME="/home/maria")
    monkeypatch.setattr(folder.sys, "platform", "darwin")
    assert "leadlark" in str(place(HOME="/home/maria"))

"""Settings that start the service as they are meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leadlark.errors import SettingsError
from leadlark.http.serving import _options, serve
from leadlark.settings import settings

PROXIES = ("10.0.0.1", "10.0.0.2")


def test_proxies_in_the_environment_are_apart_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """``LEADLARK_TRUST_PROXY`` is written as the option is, not as JSON."""
    monkeypatch.setenv("LEADLARK_TRUST_PROXY", "10.0.0.1, 10.0.0.2")
    assert PROXIES == settings({}).trust_proxy
    monkeypatch.setenv("LEADLARK_TRUST_PROXY", "")
    assert () == settings({}).trust_proxy


@pytest.mark.parametrize("written", ['"10.0.0.1,10.0.0.2"', '["10.0.0.1", "10.0.0.2"]'])
def test_proxies_in_a_file_are_a_text_or_a_list(tmp_path: Path, written: str) -> None:
    """A list of TOML is taken as well as the text of the option."""
    file = tmp_path / "leadlark.toml"
    file.write_text(f"trust_proxy = {written}\n")
    assert PROXIES == settings({}, file).trust_proxy


def test_an_option_goes_before_a_wrong_environment_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is overridden is not looked at; of the rest, the environment goes before the file."""
    file = tmp_path / "leadlark.toml"
    file.write_text('port = 1\nhost = "file"\nstore = "memory:"\n')
    monkeypatch.setenv("LEADLARK_PORT", "x")
    monkeypatch.setenv("LEADLARK_HOST", "environment")
    found = settings({"port": "8081"}, file)
    assert (8081, "environment", "memory:") == (found.port, found.host, found.store)
    with pytest.raises(SettingsError, match=r"^LEADLARK_PORT: "):
        settings({}, file)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("port = true", "port: is neither true nor false"),
        ("rules = 3", "rules: is a path, in quotes"),
        ('rules = "a\\u0000b"', "rules: has a NUL character in it"),
        ('source_rate = "0/second"', "source_rate: '0/second' is no rate"),
        ('source_rate = "5/0 second"', "source_rate: '5/0 second' is no rate"),
        ('trust_proxy = "balancer"', "trust_proxy: 'balancer' is no address"),
        ("prot = 1", "there is no setting `prot`; did you mean `port`?"),
        ("port = ", "it is no TOML file"),
    ],
)
def test_a_wrong_line_of_the_file_is_told(tmp_path: Path, written: str, told: str) -> None:
    """What a file says and a setting cannot be is one sentence that names file and setting."""
    file = tmp_path / "leadlark.toml"
    file.write_text(f"{written}\n")
    with pytest.raises(SettingsError, match=re.escape(f"{file}: {told}")):
        settings({}, file)


@pytest.mark.parametrize("name", ["keep_bodies", "keep_rows"])
@pytest.mark.parametrize("days", ["inf", "nan", "1000000", "0"])
def test_days_are_those_of_a_calendar(name: str, days: str) -> None:
    """A time that no calendar has would end the purging, and the service with it."""
    with pytest.raises(SettingsError, match=f"^--{name.replace('_', '-')}: "):
        settings({name: days})


def test_other_tools_do_not_say_how_many_processes_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """``WEB_CONCURRENCY``, which platforms set for all their programs, is not ours."""
    monkeypatch.setenv("WEB_CONCURRENCY", "3")
    assert 1 == _options(settings({}))["workers"]


@pytest.mark.parametrize(
    ("rules", "told"), [("nowhere", "there is no nowhere; name"), (".", "there is no channel in .")]
)
def test_rules_that_are_not_there_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules: str, told: str
) -> None:
    """A service without a channel does not start, and says which option names the rules."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=f"^{re.escape(told)}.* --rules$"):
        serve(settings({"rules": rules, "store": "memory:"}))

"""The command as a real process in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

RULES = """\
channel shop-orders "Web shop orders" {
    entity deal
    region RU
    payload {
        client_phone  phone    required
        client_name   text
        order_id      integer  required
        order_amount  decimal
        test          any
    }
    ignore when <test> is present "test ping"
    find newest in NEW
    on found ignore
    status NEW
    contact {
        NAME         = "<client_name>"
        PHONE.MOBILE = "<client_phone>" search
    }
    deal {
        TITLE           = "Order #<order_id>"
        UF_CRM_ORDER_ID = "<order_id>" search required
        OPPORTUNITY     = "<order_amount>"
    }
}
"""
ORDER = """\
{"client_phone": 74712773120, "client_name": "Мария", "order_id": 6510, "order_amount": 3500.00}"""
CASES = """\
rules: shop.channel
now: 2026-01-01T00:00:00Z
cases:
  - name: a first order creates a deal
    json: {client_phone: 74712773120, client_name: Мария, order_id: 6510}
    expect:
      action: create
      entity: {fields: {TITLE: "Order #6510"}}
  - name: a ping is ignored
    form: test=1
    expect: {action: ignore, reason: test ping}
"""


@dataclass(frozen=True)
class Ran:
    """What a process left: its exit status and its two outputs."""

    status: int
    out: str
    err: str


Command = Callable[..., Ran]


@pytest.fixture(scope="session")
def shop_rules() -> str:
    """The text of the rule file `shop.channel`."""
    return RULES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.channel").write_text(RULES, encoding="utf-8")
    (tmp_path / "order.json").write_text(ORDER, encoding="utf-8")
    (tmp_path / "shop.test.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def leadlark(folder: Path) -> Command:
    def run(*arguments: str, stdin: str | bytes = b"", env: Mapping[str, str] | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "leadlark", *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=folder,
            env={**os.environ, **(env or {})},
            check=False,
        )
        out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        assert "Traceback" not in err
        return Ran(done.returncode, out, err)

    return run


@dataclass(frozen=True)
class Site:
    """The documentation as it was built, and what was said of it."""

    folder: Path
    said: Ran


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site").resolve()
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return Site(folder, Ran(done.returncode, done.stdout, done.stderr))


@pytest.fixture(scope="session")
def site(built: Site) -> Path:
    assert 0 == built.said.status, built.said.err
    return built.folder

"""The README's way with the service: what is sent there is answered as it stands there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Final

import httpx
from service import RunningService

ROOT: Final = Path(__file__).parents[2]
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?")

curl = ArgumentParser()
curl.add_argument("address")
curl.add_argument("-s", action="store_true")
curl.add_argument("-H", dest="headers", action="append", default=[])
curl.add_argument("-d", dest="body")


def sent(service: RunningService, arguments: list[str]) -> str:
    """What a call of curl prints."""
    call = curl.parse_args(arguments)
    headers = dict(each.split(": ", 1) for each in call.headers)
    body = call.body
    if body is not None and body.startswith("@"):
        body = (ROOT / body[1:]).read_text(encoding="utf-8")
    if body is not None:
        headers.setdefault("content-type", "application/x-www-form-urlencoded")
    address = call.address.replace("http://127.0.0.1:8080", service.url)
    return httpx.request(
        "GET" if body is None else "POST", address, headers=headers, content=body, timeout=30
    ).text


def shown(text: str) -> str:
    """A text without what is another at every call."""
    return TIME.sub("TIME", ID.sub("ID", text)).strip()


def test_the_order_is_sent_in_three_ways(tmp_path: Path) -> None:
    """One contact, one deal, three rows: as the README shows it, word for word."""
    (block,) = (
        each for each in re.findall(r"```console\n(.*?)```", README, re.DOTALL) if "$ curl" in each
    )
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    store = f"sqlite:///{tmp_path / 'intake.db'}"
    with RunningService(tmp_path, ROOT / "rules", store) as service:
        for command, printed in zip(parts[1::2], parts[2::2], strict=True):
            program, *arguments = shlex.split(command)
            if program == "curl":
                found = sent(service, arguments)
            else:
                assert "leadlark" == program
                found = subprocess.run(
                    [sys.executable, "-m", "leadlark", *arguments],
                    cwd=tmp_path,
                    capture_output=True,
                    text=True,
                    check=True,
                ).stdout
            assert shown(printed) == shown(found)

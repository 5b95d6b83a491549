"""What fits the service's description, and what does not, is answered as the description says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from service import RunningService
from test_serve import RULES

RULE_FILES = sorted((Path(__file__).parents[2] / "rules").rglob("*.channel"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 5


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """All bundled channels, their senders' proofs left out, and those of `test_serve`."""
    folder = tmp_path_factory.mktemp("described")
    rules = folder / "rules"
    rules.mkdir()
    (rules / "served.channel").write_text(RULES)
    for path in RULE_FILES:
        text = re.sub(r"(?m)^ *auth .*\n", "", path.read_text())
        (rules / f"{path.parent.name}.channel").write_text(text)
    with RunningService(folder, rules, f"sqlite:///{folder / 'crm.db'}") as running:
        yield running


@pytest.fixture(scope="module")
def described(service: RunningService) -> Any:
    return schemathesis.openapi.from_url(f"{service.url}/openapi.json")


@pytest.mark.parametrize(
    ("method", "address", "mode"),
    [
        ("POST", "shop", GenerationMode.POSITIVE),
        ("POST", "shop-orders", GenerationMode.NEGATIVE),
        ("GET", "shop-orders", GenerationMode.POSITIVE),
        ("POST", "lines", GenerationMode.POSITIVE),
        ("POST", "lines", GenerationMode.NEGATIVE),
    ],
)
def test_answers_are_as_described(
    described: Any, method: str, address: str, mode: GenerationMode
) -> None:
    """Made-up requests, fitting or not, have described answers, and never a 5xx.

    Few channels and examples: to make requests of a description takes its tools long. All bundled
    channels are held to it by `schemathesis run http://HOST/openapi.json`.
    """
    called(described[f"/in/{address}"][method].as_strategy(generation_mode=mode))


def called(cases: Any) -> None:
    """Send some requests and hold their answers to the description."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def call(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    call()

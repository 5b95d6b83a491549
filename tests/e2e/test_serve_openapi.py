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
CHANNELS = [
    *re.findall(r"^channel ([a-z0-9-]+)", RULES, re.MULTILINE),
    *(
        address
        for path in RULE_FILES
        for address in re.findall(r"^channel ([a-z0-9-]+)", path.read_text(), re.MULTILINE)
    ),
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 4


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


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("address", CHANNELS)
def test_answers_are_as_described(described: Any, address: str, mode: GenerationMode) -> None:
    """Made-up requests, fitting or not, have described answers, and never a 5xx."""
    strategy = described[f"/in/{address}"]["POST"].as_strategy(generation_mode=mode)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def call(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    call()


@pytest.mark.parametrize("address", ["shop", "shop-orders"])
def test_queries_are_answered_as_described(described: Any, address: str) -> None:
    """The same of requests by GET."""
    operation = described[f"/in/{address}"]["GET"]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    call()

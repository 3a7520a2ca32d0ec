"""The check as the Agent makes it, and an endpoint for it to ask."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from metadata_endpoint import MetadataEndpoint, listening
from samples import NOW_SECONDS, SECOND_NS, START_NS
from sequence import Runs
from toban_fargate import TobanFargateCheck

RECORDED = Path(__file__).parent.parent.parent.parent / "shared" / "fixtures" / "ecs"
VARIABLE = "ECS_CONTAINER_METADATA_URI_V4"


@pytest.fixture(autouse=True)
def _outside_of_ecs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (VARIABLE, "ECS_CONTAINER_METADATA_URI", "ECS_FARGATE", "AWS_EXECUTION_ENV"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def runs() -> Runs:
    return Runs({})


@pytest.fixture
def endpoint() -> Iterator[MetadataEndpoint]:
    with listening() as found:
        yield found


@pytest.fixture
def check_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., TobanFargateCheck]:
    """The check of a task whose endpoint is at an address, with a clock and options of its instance."""

    def made(address: str, *, clock: Callable[[], int] = _samples_clock, **options: Any) -> TobanFargateCheck:
        monkeypatch.setenv(VARIABLE, address)
        return TobanFargateCheck("toban_fargate", {}, [{"timeout": 20, **options}], clock=clock)

    return made


def _samples_clock() -> int:
    return START_NS + NOW_SECONDS * SECOND_NS


_FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def measured_figures(request: pytest.FixtureRequest) -> list[str]:
    """Lines to print below the tests, for a person to see how near the figures are."""
    return request.config.stash.setdefault(_FIGURES, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lines = config.stash.get(_FIGURES, [])
    if lines:
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture
def recorded() -> Callable[[str], Any]:
    """A recorded document; skips the test where the recordings are absent."""

    def read(name: str) -> Any:
        if not RECORDED.exists():
            pytest.skip("needs the recorded tasks in ../shared/fixtures/ecs, which are not in this checkout")
        return json.loads((RECORDED / name).read_text(encoding="utf-8"))

    return read

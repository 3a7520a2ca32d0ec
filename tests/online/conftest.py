"""A local Datadog, and a client of it that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.datadog.client import Datadog
from generator.datadog.target import Target
from generator.localdog.server import embedded
from generator.render.model import Resource
from tests.localdog.client import Client
from tests.online.questions import KEY, Asking, FastClock


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    with embedded(None) as served:
        yield served


@pytest.fixture
def asking(url: str, tmp_path: Path) -> Iterator[Asking]:
    server, clock = Client(url), FastClock()
    with Datadog(Target(url, KEY, KEY), clock=clock, sleep=clock.sleep, random=lambda: 0.5) as client:
        yield Asking(server, client, clock, tmp_path)
    server.empty()
    server.close()


@pytest.fixture
def monitor() -> Callable[..., Resource]:
    def make(name: str, query: str = "avg(last_5m):avg:a{*} > 5", /, **fields: Any) -> Resource:
        kept = {name: fields.pop(name) for name in ("heartbeats",) if name in fields}
        payload = {
            "name": name, "type": "query alert", "query": query, "message": "@slack-ops", "tags": [],
            "options": {"thresholds": {"critical": 5}}, **fields,
        }  # fmt: skip
        return Resource(f"main/api/{name}/production", "monitor", payload, "monitors/api.yaml", 1, **kept)

    return make

"""A running local Datadog, emptied after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from generator.localdog.server import embedded
from tests.localdog.client import Client, Payload


@pytest.fixture
def connect() -> Iterator[Callable[[str], Client]]:
    clients: list[Client] = []

    def connected(url: str) -> Client:
        clients.append(Client(url))
        return clients[-1]

    yield connected
    for client in clients:
        client.close()


@pytest.fixture(scope="session")
def shared_url() -> Iterator[str]:
    with embedded(None) as url:
        yield url


@pytest.fixture
def call(shared_url: str) -> Iterator[Client]:
    """A client of a server that holds nothing."""
    client = Client(shared_url)
    with closing(client):
        yield client
        client.empty()


@pytest.fixture
def monitor() -> Payload:
    """The smallest definition that a person would write."""
    return {
        "type": "metric alert",
        "name": "Load is high",
        "message": "Look at {{host.name}}. @slack-ops",
        "query": "avg(last_5m):avg:system.load.5{env:prod} by {host} > 5",
        "tags": ["team:data", "env:prod"],
        "options": {"thresholds": {"critical": 5}},
    }


@pytest.fixture
def dashboard() -> Payload:
    return {
        "title": "Usage dashboard",
        "layout_type": "ordered",
        "widgets": [{"definition": {"type": "note", "content": "hello"}}],
    }

"""A local Datadog inside the process that answers metric queries, and what pulls from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from generator.datadog.client import Datadog
from generator.datadog.target import Target
from generator.history.asking import Ask, Asks, asks
from generator.history.budget import Metered
from generator.history.cache import HistoryCache
from generator.history.line import Line
from generator.history.pulling import Pulling
from generator.localdog.app import create_app
from generator.localdog.organisation import Organisation
from generator.localdog.store import Store
from tests.sync.scene import KEY, FastClock, Watcher, WithinProcess

DAY = 86_400
START = 1_790_812_800
"""A midnight in UTC, 2026-10-01."""
NOW = START + 60 * DAY


@dataclass
class Server:
    """Takes series, and opens clients that may send so many requests."""

    app: Any
    folder: Path
    sent: int = 0

    def push(self, metric: str, points: Sequence[tuple[int, float]], *tags: str, **fields: Any) -> None:
        series = {"metric": metric, "points": [list(each) for each in points], "tags": list(tags), **fields}
        answer = WithinProcess(self.app).send("POST", "/api/v1/series", payload={"series": [series]})
        assert answer.status == 202, answer.body

    def goes_wrong(self, *faults: Mapping[str, Any]) -> None:
        answer = WithinProcess(self.app).send("PUT", "/_toban/faults", payload={"faults": list(faults)})
        assert answer.status == 200, answer.body

    @contextmanager
    def pulling(self, *, budget: int = 10_000, before: Watcher = lambda _: None, **fields: Any) -> Iterator[Pulling]:
        """`sent` counts what reached the server."""
        sender, clock = WithinProcess(self.app, before=before), FastClock()
        client = Datadog(
            Target("http://127.0.0.1:1", KEY, KEY), clock=clock, sleep=clock.sleep, random=lambda: 0.5,
            transport=Metered(sender, budget),
        )  # fmt: skip
        known = {"cache": HistoryCache(self.folder / "history"), "now": NOW, **fields}
        with client:
            yield Pulling(api=client, target="here", **known)
        self.sent = sender.requests


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    with closing(Store.open(None)) as store:
        yield Server(create_app(Organisation(store, lambda: datetime.fromtimestamp(NOW, UTC))), folder)


def asked(query: str, since: int = START, until: int = START + DAY, **fields: Any) -> Asks:
    payload = {"type": "query alert", "query": query}
    found = asks(payload, since=since, until=until, **{"interpolation": "datadog", **fields})
    assert isinstance(found, Asks), found
    return found


def only(query: str, since: int = START, until: int = START + DAY) -> Ask:
    (ask,) = asked(query, since, until).asks
    return ask


def plain(lines: Sequence[Line]) -> dict[tuple[str, ...], list[tuple[int, float]]]:
    return {each.tags: list(zip(each.times.tolist(), each.values.tolist(), strict=True)) for each in lines}

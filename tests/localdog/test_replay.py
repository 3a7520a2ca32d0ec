"""Recorded exchanges with the real Datadog get the same answers from the local one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from generator.localdog.server import embedded
from generator.localdog.store import Store
from tests.localdog.client import Client
from tests.localdog.replay import CORPUS, Replay
from tests.localdog.replayed_dashboards import DASHBOARDS
from tests.localdog.replayed_monitors import MONITORS

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the recorded exchanges are not beside the repository")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "local.db"


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    with closing(Store.open(database)) as opened:
        yield opened


@pytest.fixture
def replayed(database: Path, store: Store, connect: Callable[[str], Client]) -> Iterator[Client]:
    with embedded(database) as url:
        yield connect(url)


@pytest.mark.parametrize(
    ("replay", "floor"), [(MONITORS, 0.99), (DASHBOARDS, 0.985)], ids=lambda value: getattr(value, "file", "")
)
def test_exchanges_are_answered_as_recorded(replayed: Client, store: Store, replay: Replay, floor: float) -> None:
    score = replay.run(replayed, store)
    print(score.told())  # noqa: T201 shown when the floor is missed, and with -s
    assert score.share >= floor

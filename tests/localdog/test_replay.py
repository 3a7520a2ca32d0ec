"""Recorded exchanges with the real Datadog get the same answers from the local one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.localdog.contract import FLOORS, PLACE, scores, tables
from tests.localdog.replay import CORPUS, Score

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the recorded exchanges are not beside the repository")


@pytest.fixture(scope="module")
def replayed() -> tuple[Score, ...]:
    return scores()


@pytest.mark.parametrize("place", range(len(FLOORS)), ids=[replay.file for replay, _ in FLOORS])
def test_exchanges_are_answered_as_recorded(replayed: tuple[Score, ...], place: int) -> None:
    _, floor = FLOORS[place]
    print(replayed[place].told())  # noqa: T201 shown when the floor is missed, and with -s
    assert replayed[place].share >= floor


def test_the_page_has_the_tables_of_this_replay(replayed: tuple[Score, ...]) -> None:
    written = PLACE.search(Path("docs/local-datadog.md").read_text(encoding="utf-8"))
    assert written is not None
    assert written[0] == tables(replayed), "run `python tests/localdog/contract.py docs/local-datadog.md`"

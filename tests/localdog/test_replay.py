"""Recorded exchanges with the real Datadog get the same answers from the local one."""

from __future__ import annotations

from http.client import HTTPMessage
from pathlib import Path

import pytest

from tests.localdog.client import Answer, Payload
from tests.localdog.contract import FLOORS, IN_ORDER_FLOOR, PLACE, Contract, contract, tables
from tests.localdog.replay import CORPUS, exchanges

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the recorded exchanges are not beside the repository")


@pytest.fixture(scope="module")
def replayed() -> Contract:
    return contract()


@pytest.mark.parametrize("place", range(len(FLOORS)), ids=[replay.file for replay, _ in FLOORS])
def test_exchanges_are_answered_as_recorded(replayed: Contract, place: int) -> None:
    _, floor = FLOORS[place]
    print(replayed.apart[place].told())  # noqa: T201 shown when the floor is missed, and with -s
    assert replayed.apart[place].share >= floor


def test_recordings_are_answered_alike_in_their_order(replayed: Contract) -> None:
    print(replayed.in_order.told())  # noqa: T201 as above
    assert replayed.in_order.share >= IN_ORDER_FLOOR


@pytest.mark.parametrize("place", range(len(FLOORS)), ids=[replay.file for replay, _ in FLOORS])
def test_a_field_that_is_missing_or_of_another_type_is_seen(place: int) -> None:
    """Whatever is masked or excused: an answer without it does not agree, nor one with an object in its place."""
    replay, _ = FLOORS[place]
    newest = max(exchanges(replay.file), key=lambda each: (each.status == 200, each.recorded, len(str(each.response))))
    for spoil in (without_field, with_object):
        for field in newest.response:
            body = spoil(newest.response, field)
            problems, _ = replay.problems(newest, Answer(newest.status, body, HTTPMessage()))
            assert problems, field


def without_field(body: Payload, field: str) -> Payload:
    return {name: value for name, value in body.items() if name != field}


def with_object(body: Payload, field: str) -> Payload:
    return {**body, field: {"an": "object"}}


def test_the_page_has_the_tables_of_this_replay(replayed: Contract) -> None:
    written = PLACE.search(Path("docs/local-datadog.md").read_text(encoding="utf-8"))
    assert written is not None
    assert written[0] == tables(replayed), "run `python tests/localdog/contract.py docs/local-datadog.md`"

"""A plan is recognised by its digests."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest

from generator.plan.digest import digest
from generator.plan.model import Action, Change, Obstacle
from tests.plan.plans import composite, dashboard, live, monitor, planned, tracking_id

DESIRED = [monitor("a"), monitor("b"), composite("both", "a", "b"), dashboard("d", "both"), monitor("new")]
LIVE = [live(monitor("a"), 1, message="x"), live(monitor("b"), 2), live(monitor("old"), 3), live(dashboard("d"), 4)]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_things_are_found_changes_nothing(seed: int) -> None:
    shuffled = random.Random(seed)  # noqa: S311 - no secret
    first = planned(DESIRED, *LIVE, prune=True)
    again = planned(shuffled.sample(DESIRED, len(DESIRED)), *shuffled.sample(LIVE, len(LIVE)), prune=True)
    assert again == first


def test_the_order_of_keys_changes_nothing() -> None:
    backwards = msgspec.structs.replace(monitor("a"), payload=dict(reversed(monitor("a").payload.items())))
    assert planned([backwards]).digest == planned([monitor("a")]).digest
    assert planned([backwards]).desired_digest == planned([monitor("a")]).desired_digest


CHANGE = Change(Action.UPDATE, "monitor", tracking_id("a"), "CPU", before={"name": "a"}, after={"name": "b"})
OTHERS: list[dict[str, Any]] = [
    {"action": Action.REPLACE},
    {"resource": "dashboard"},
    {"tracking_id": tracking_id("b")},
    {"before": {"name": "x"}},
    {"before": None},
    {"after": {"name": "x"}},
    {"after": None},
    {"id": "7"},
    {"previous_id": tracking_id("x")},
]


@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_whatever_would_be_done_counts(other: dict[str, Any]) -> None:
    assert digest([msgspec.structs.replace(CHANGE, **other)]) != digest([CHANGE])


@pytest.mark.parametrize("other", [{"path": "x"}, {"line": 9}, {"title": "x"}, {"notes": ("x",)}], ids=str)
def test_how_it_is_told_does_not_count(other: dict[str, Any]) -> None:
    assert digest([msgspec.structs.replace(CHANGE, **other)]) == digest([CHANGE])


def test_the_ids_that_it_would_refer_to_count() -> None:
    both = composite("both", "a", "b")
    payloads = [live(monitor("a"), 1), live(monitor("b"), 2)]
    made = planned([monitor("a"), monitor("b"), both], *payloads)
    other = planned([monitor("a"), monitor("b"), both], payloads[0], live(monitor("b"), 3))
    assert made.digest != other.digest
    assert made.desired_digest == other.desired_digest


def test_what_needs_a_review_counts_and_what_is_only_told_does_not() -> None:
    assert digest([CHANGE], {}, [Obstacle("a", "told", blocks=False)]) == digest([CHANGE])
    needed = Obstacle("a", "told", blocks=False, needs_review=True)
    assert digest([CHANGE], {}, [needed]) != digest([CHANGE])
    assert digest([CHANGE], {}, [needed]) != digest([CHANGE], {}, [msgspec.structs.replace(needed, message="other")])


def test_two_equal_changes_are_not_one() -> None:
    assert digest([CHANGE, CHANGE]) != digest([CHANGE])


def test_the_desired_digest_is_the_same_with_and_without_a_look_at_datadog() -> None:
    assert planned(DESIRED).desired_digest == planned(DESIRED, *LIVE, prune=True).desired_digest
    assert planned(DESIRED).digest != planned(DESIRED, *LIVE, prune=True).digest


def test_the_desired_digest_tells_each_change_of_the_yaml() -> None:
    digests = {
        planned(desired).desired_digest
        for desired in (
            DESIRED,
            DESIRED[1:],
            [*DESIRED[1:], monitor("a", message="x")],
            [*DESIRED[1:], dashboard("a")],
            [],
        )
    }
    assert len(digests) == 5


def test_half_of_a_surrogate_pair_in_a_live_title_has_a_digest() -> None:
    made = planned([monitor("a")], live(monitor("a"), 1, name="\ud800"))
    assert len(made.digest) == 64


def test_the_desired_digest_covers_what_is_inside_the_filter() -> None:
    desired = [monitor("api/a"), monitor("web/a")]
    inside = planned(desired, only=frozenset({"web"})).desired_digest
    assert inside == planned(desired[1:]).desired_digest
    assert inside != planned(desired).desired_digest

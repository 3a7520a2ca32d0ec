"""What needs a review counts as told where the reviewed plan has told of all that it is about."""

from __future__ import annotations

import pytest

from generator.plan.model import Obstacle, Plan
from generator.plan.review import unread_users
from generator.plan.reviewed import unmet


def plan_telling(*obstacles: Obstacle) -> Plan:
    return Plan("w", (), 0, obstacles, "", "")


@pytest.mark.parametrize(
    ("told", "now", "is_met"),
    [
        (("x",), ("x",), True),
        (("x", "y"), ("y",), True),
        (("x",), ("y",), False),
        (("x",), ("x", *map(str, range(50))), False),
    ],
)
def test_no_other_ones_may_be_unread_than_were_told(told: tuple[str, ...], now: tuple[str, ...], is_met: bool) -> None:  # noqa: FBT001 - a column of the table
    found = list(unmet(plan_telling(unread_users(now, "dashboard")), plan_telling(unread_users(told, "dashboard"))))
    assert (not found) is is_met

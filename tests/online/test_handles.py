"""The account's list of handles."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.render.model import Resource
from tests.online.questions import Asking

Monitor = Callable[..., Resource]
PATH = "/api/v2/notifications/handles"


def test_list_is_read_once_for_all(asking: Asking, monitor: Monitor) -> None:
    asking.server("PUT", "/_toban/handles", {"handles": ["@slack-ops", "webhook-x"]})
    asked = asking.about(monitor("a"), monitor("b"))
    assert asked.answers.handles == {"@slack-ops", "@webhook-x", "@local@example.com"}
    assert asking.requests("handles") == [f"GET {PATH}"]


def test_list_is_not_read_where_nobody_is_told(asking: Asking, monitor: Monitor) -> None:
    assert asking.about(monitor("a", message="nobody")).answers.handles is None
    assert asking.requests("handles") == []


@pytest.mark.parametrize(
    "do",
    [
        {"status": 404, "body": {"errors": ["Not found"]}},
        {"status": 403},
        {"status": 500},
        {"status": 200, "body": {"data": 7}},
        {"status": 200, "content_type": "text/html"},
    ],
)
def test_list_that_cannot_be_read_is_said_and_no_failure(
    asking: Asking, monitor: Monitor, do: dict[str, object]
) -> None:
    asking.goes_wrong(when={"path": PATH}, do=do)
    asked = asking.about(monitor("a"))
    assert asked.answers.handles is None
    assert PATH in asked.handles
    assert asked.validation.accepted == 1


def test_odd_members_of_the_list_are_passed_over(asking: Asking, monitor: Monitor) -> None:
    members = [None, 3, {"value": 4}, {"value": ""}, {"name": "x"}, {"value": "@slack-ops"}]
    groups = [None, [], {"attributes": None}, {"attributes": {"handles": members}}]
    asking.goes_wrong(when={"path": PATH}, do={"status": 200, "body": {"data": groups}})
    assert asking.about(monitor("a")).answers.handles == {"@slack-ops"}

"""What may be meant but does harm where it is not needs a review."""

from __future__ import annotations

from typing import Any

import pytest

from generator.plan.model import Plan
from generator.plan.review import still_used
from tests.plan.plans import LOGS, blocking, composite, dashboard, listed, live, monitor, planned, unmarked


def reviews(made: Plan) -> list[str]:
    assert blocking(made) == []
    return [each.rule for each in made.obstacles if each.needs_review]


@pytest.mark.parametrize(
    ("own", "changed", "expected"),
    [(40, 21, ["mass-update"]), (40, 20, []), (100, 50, []), (100, 51, ["mass-update"]), (20, 20, [])],
)
def test_a_mass_of_updates_needs_a_review(own: int, changed: int, expected: list[str]) -> None:
    payloads = [live(monitor(f"m{number}"), number + 1) for number in range(own)]
    desired = [monitor(f"m{number}", **({"priority": 2} if number < changed else {})) for number in range(own)]
    assert reviews(planned(desired, *payloads)) == expected


def query_of(scope: str, metric: str = "cpu") -> dict[str, Any]:
    return {"query": f"avg(last_5m):avg:{metric}{{{scope}}} > 90"}


SCOPES = [
    (query_of("service:a"), query_of("*"), ["scope-grown"]),
    (query_of("service:a"), query_of("service:b"), []),
    (query_of("*"), query_of("service:a"), []),
    (query_of("*"), {"query": "avg(last_10m):avg:cpu{*} > 90"}, []),
    (query_of("service:a"), query_of("*", "memory"), []),
    (query_of("service:a"), {"query": "no query"}, []),
]


@pytest.mark.parametrize(("before", "after", "expected"), SCOPES, ids=str)
def test_a_scope_that_grew_to_everything_needs_a_review(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    assert reviews(planned([monitor("a", **after)], live(monitor("a", **before), 1))) == expected


def told(name: str, team: str, message: str) -> Any:
    return monitor(name, message=message, tags=[f"team:{team}"])


HANDLES = [
    ("@slack-web", "@slack-web @pagerduty-data", ["pages-another-team"]),
    ("@slack-web", "@slack-web @pagerduty-web", []),
    ("@pagerduty-data", "@pagerduty-data hello", []),
    ("@slack-web", "@slack-web @slack-data", []),
    ("@slack-web", "@slack-web @pagerduty-new", []),
]


@pytest.mark.parametrize(("before", "after", "expected"), HANDLES)
def test_a_page_to_a_team_that_does_not_own_it_needs_a_review(before: str, after: str, expected: list[str]) -> None:
    others = [told("b", "data", "@pagerduty-data @slack-data"), told("c", "web", "@pagerduty-web")]
    payloads = [live(each, number + 2) for number, each in enumerate(others)]
    made = planned([told("a", "web", after), *others], live(told("a", "web", before), 1), *payloads)
    assert reviews(made) == expected


def test_a_new_monitor_that_pages_another_team_needs_one_too() -> None:
    other = told("b", "data", "@pagerduty-data")
    made = planned([told("a", "web", "@pagerduty-data"), other], live(other, 2))
    assert reviews(made) == ["pages-another-team"]
    assert "would page `@pagerduty-data`, which is of `data`" in made.obstacles[0].message


def used(made: Plan, *payloads: Any) -> list[str]:
    return [each.message for each in still_used(made.changes, listed(*payloads))]


OF_OTHERS = {
    "composite": {**live(composite("x"), 7), "query": "1001 && !88", "tags": []},
    "dashboard": {**unmarked(live(dashboard("y"), 8)), "widgets": [{"definition": {"alert_id": "1001"}}]},
}


@pytest.mark.parametrize("user", OF_OTHERS.values(), ids=OF_OTHERS)
@pytest.mark.parametrize("change", ["delete", "replace"])
def test_what_somebody_elses_resource_uses_is_named(user: Any, change: str) -> None:
    payloads = [live(monitor("a"), 1001), user]
    desired = [] if change == "delete" else [monitor("a", **LOGS)]
    made = planned(desired, *payloads, prune=True)
    (message,) = used(made, *payloads)
    assert f"`{user['id']}`" in message
    assert "`main/api/a/production` would be" in message


def test_what_is_changed_together_with_it_does_not_count() -> None:
    payloads = [live(monitor("a"), 1001), {**live(composite("c"), 7), "query": "1001 && 1001"}]
    assert used(planned([], *payloads, prune=True, allow_mass_delete=True), *payloads) == []


def test_an_update_is_no_removal() -> None:
    payloads = [live(monitor("a"), 1001), OF_OTHERS["composite"]]
    assert used(planned([monitor("a", priority=1)], *payloads), *payloads) == []

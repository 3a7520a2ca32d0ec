"""`adopt: {production: 123}` takes over a live resource, unless that would take it from somebody."""

from __future__ import annotations

import pytest

from generator.plan.model import Plan
from generator.render.model import Resource
from generator.resources.types import Payload
from tests.plan.plans import (
    ADOPT,
    LOGS,
    UPDATE,
    actions,
    blocking,
    dashboard,
    live,
    monitor,
    only_obstacle,
    planned,
    rules,
    tracking_id,
    unmarked,
)


def adoption(desired: Resource, *payloads: Payload, take_over: bool = False) -> Plan:
    return planned([desired], *payloads, take_over=take_over, prune=True)


def test_an_adoption_is_an_update_that_writes_our_id() -> None:
    made = adoption(monitor("a", adopt="1"), unmarked(live(monitor("a"), 1)))
    assert actions(made) == [(ADOPT, "a", "1")]
    (change,) = made.changes
    assert [each.path for each in change.fields] == [("tags",)]
    assert change.after is not None
    assert f"toban_id:{tracking_id('a')}" in change.after["tags"]
    assert made.obstacles == ()


def test_an_adopted_resource_may_look_otherwise() -> None:
    found = unmarked(live(monitor("other"), 1, message="by hand"))
    made = adoption(monitor("a", adopt="1"), found)
    assert actions(made) == [(ADOPT, "a", "1")]
    assert {each.path[0] for each in made.changes[0].fields} == {"name", "query", "message", "tags"}


def test_a_dashboard_is_adopted_by_its_id() -> None:
    made = adoption(dashboard("a", adopt="abc-1"), unmarked(live(dashboard("a"), 1)))
    assert actions(made) == [(ADOPT, "a", "abc-1")]


def test_an_id_that_comes_as_text_is_found() -> None:
    assert actions(adoption(monitor("a", adopt="1"), unmarked(live(monitor("a"), 1, id="1")))) == [(ADOPT, "a", "1")]


def test_an_adoption_that_has_done_its_work_changes_nothing() -> None:
    made = adoption(monitor("a", adopt="1"), live(monitor("a"), 1))
    assert (made.changes, made.obstacles) == ((), ())


def test_a_resource_that_does_not_exist_is_not_adopted_and_nothing_is_created_instead() -> None:
    made = adoption(monitor("a", adopt="1"))
    assert (actions(made), blocking(made)) == ([], ["adopt-absent"])
    assert "take `adopt` away" in made.obstacles[0].hint


def test_an_adoption_whose_resource_is_gone_but_stands_under_another_id_only_warns() -> None:
    made = adoption(monitor("a", adopt="1"), live(monitor("a"), 2))
    assert (made.changes, blocking(made), rules(made)) == ((), [], ["adopt-stale"])


def test_an_adoption_beside_a_managed_one_is_refused() -> None:
    made = adoption(monitor("a", adopt="1"), unmarked(live(monitor("x"), 1)), live(monitor("a"), 2))
    assert (actions(made), blocking(made)) == ([], ["adopt-conflict"])


def test_an_adoption_beside_one_of_a_former_name_is_refused() -> None:
    desired = monitor("new", was=["old"], adopt="1")
    made = adoption(desired, unmarked(live(monitor("x"), 1)), live(monitor("old"), 2))
    assert (actions(made), blocking(made)) == ([], ["adopt-conflict"])


def test_an_adopted_resource_may_bear_the_former_name() -> None:
    made = adoption(monitor("new", was=["old"], adopt="1"), live(monitor("old"), 1))
    assert (actions(made), made.obstacles) == ([(UPDATE, "new", "1")], ())


def test_a_resource_of_another_workspace_is_not_adopted_even_by_force() -> None:
    made = adoption(monitor("a", adopt="1"), live(monitor("other/api/a"), 1), take_over=True)
    assert (actions(made), blocking(made)) == ([], ["adopt-owned"])
    assert "workspace `other`" in made.obstacles[0].message


def test_a_former_name_does_not_open_another_workspace() -> None:
    made = adoption(monitor("a", was=["other/api/a"], adopt="1"), live(monitor("other/api/a"), 1), take_over=True)
    assert (actions(made), blocking(made)) == ([], ["adopt-owned"])


def test_a_resource_that_is_desired_under_another_name_is_not_adopted() -> None:
    made = planned([monitor("a"), monitor("b", was=["a"], adopt="1")], live(monitor("a"), 1))
    assert (actions(made), blocking(made)) == ([], ["adopt-owned"])


def test_our_own_resource_of_another_name_is_renamed_instead() -> None:
    made = adoption(monitor("a", adopt="1"), live(monitor("b"), 1))
    assert blocking(made) == ["adopt-owned"]
    assert "`was`" in made.obstacles[0].hint


@pytest.mark.parametrize(
    "mark", [{"tags": ["managed_by:terraform"]}, {"message": "-- Managed by kennel a:b"}], ids=["terraform", "kennel"]
)
def test_what_another_tool_manages_needs_take_over(mark: dict[str, object]) -> None:
    marked = {**unmarked(live(monitor("a"), 1)), **mark}
    refused = adoption(monitor("a", adopt="1"), marked)
    assert (actions(refused), blocking(refused)) == ([], ["adopt-foreign"])
    assert "--take-over" in refused.obstacles[0].hint
    assert actions(adoption(monitor("a", adopt="1"), marked, take_over=True)) == [(ADOPT, "a", "1")]


def test_another_type_cannot_be_adopted_because_that_would_be_a_replace() -> None:
    made = adoption(monitor("a", adopt="1"), unmarked(live(monitor("a", **LOGS), 1)))
    assert (actions(made), blocking(made)) == ([], ["adopt-other-type"])


def test_two_cannot_adopt_the_same() -> None:
    made = planned([monitor("a", adopt="1"), monitor("b", adopt="1")], unmarked(live(monitor("a"), 1)))
    assert (actions(made), blocking(made)) == ([(ADOPT, "a", "1")], ["adopt-twice"])


def test_an_adoption_outside_the_filter_is_left_alone() -> None:
    desired = [monitor("web/a", adopt="1"), monitor("web/b", adopt="404"), monitor("api/c")]
    made = planned(desired, unmarked(live(monitor("web/a"), 1)), live(monitor("api/c"), 2), only=frozenset({"api"}))
    assert (made.changes, made.obstacles, made.unchanged) == ((), (), 1)


def test_what_is_adopted_is_not_offered_to_another() -> None:
    twin = unmarked(live(monitor("a"), 1))
    like_a = {key: monitor("a").payload[key] for key in ("name", "query")}
    made = planned([monitor("a", adopt="1"), monitor("b", **like_a)], twin)
    assert rules(made) == []


def test_a_refusal_names_the_place_in_the_yaml() -> None:
    obstacle = only_obstacle(adoption(monitor("a", adopt="1")))
    assert (obstacle.path, obstacle.line, obstacle.id) == ("monitors/api.yaml", 3, "1")

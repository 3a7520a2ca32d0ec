"""What is live stays as it is while its YAML has errors."""

from __future__ import annotations

from typing import Any

import pytest

from generator.plan.live_counts import LiveCounts
from generator.plan.model import summary
from tests.plan.plans import (
    CREATE,
    DELETE,
    LOGS,
    UPDATE,
    actions,
    blocking,
    composite,
    dashboard,
    live,
    monitor,
    planned,
    reviews,
    rules,
    tracking_id,
)


def held(*names: str) -> dict[str, Any]:
    return {"held": frozenset(map(tracking_id, names)), "prune": True}


def held_services(*names: str) -> dict[str, Any]:
    return {"held_services": frozenset(names), "prune": True}


HELD = [
    ("a", held("a"), True),
    ("a", held_services("api"), True),
    ("web/a", held_services("*"), True),
    ("a.east", held("a"), True),
    ("a.east.1", held("a"), True),
    ("a", held("b"), False),
    ("ab", held("a"), False),
    ("a", held("a.east"), False),
    ("web/a", held("a"), False),
    ("web/a", held_services("api"), False),
]


@pytest.mark.parametrize(("name", "options", "is_left_alone"), HELD, ids=str)
def test_what_is_held_is_not_deleted(name: str, options: dict[str, Any], *, is_left_alone: bool) -> None:
    made = planned([], live(monitor(name), 1), **options)
    assert [action for action, _, _ in actions(made)] == ([] if is_left_alone else [DELETE])
    assert rules(made) == (["held"] if is_left_alone else [])


def test_what_is_held_counts_nowhere_and_is_named_once() -> None:
    payloads = [live(monitor(name), number) for number, name in enumerate(("a", "b", "c"), 1)]
    made = planned([monitor("c")], *payloads, live(dashboard("a"), 9), **{**held("a", "b"), "prune": False})
    assert {action: count for action, count in summary(made).items() if count} == {"unchanged": 1}
    assert (rules(made), blocking(made)) == (["held"], [])
    assert made.obstacles[0].message.startswith("3 live resources are left alone, because their YAML has errors: ")
    assert "`main/api/b/production`" in made.obstacles[0].message


def test_one_that_is_held_is_told_in_the_singular() -> None:
    made = planned([], live(monitor("a"), 1), **held("a"))
    assert made.obstacles[0].message == (
        "1 live resource is left alone, because its YAML has errors: `main/api/a/production`"
    )


def test_what_is_held_and_not_live_is_not_told() -> None:
    assert planned([monitor("b")], live(monitor("b"), 1), **held("a")).obstacles == ()


def test_a_resource_of_another_workspace_is_never_told_as_held() -> None:
    assert planned([], live(monitor("other/api/a"), 1), **held_services("api")).obstacles == ()


def test_what_is_rendered_of_a_held_service_is_updated_but_not_replaced() -> None:
    desired = [monitor("a", **LOGS), monitor("b", message="new"), monitor("c")]
    made = planned(desired, live(monitor("a"), 1), live(monitor("b"), 2), **held_services("api"))
    assert actions(made) == [(UPDATE, "b", "2"), (CREATE, "c", None)]
    assert rules(made) == ["held"]
    assert "`main/api/a/production`" in made.obstacles[0].message


def test_what_a_replace_has_left_of_a_held_one_stays() -> None:
    old, new = live(monitor("a"), 1), live(monitor("a", **LOGS), 2)
    made = planned([monitor("a", **LOGS)], old, new, **held_services("api"))
    assert (actions(made), rules(made)) == ([], ["held"])


def test_what_is_held_is_not_taken_for_a_rename() -> None:
    made = planned([monitor("new", name="CPU")], live(monitor("old", name="CPU"), 1), **held("old"))
    assert (actions(made), rules(made)) == ([(CREATE, "new", None)], ["held"])


def test_what_is_held_is_not_inherited_by_was() -> None:
    made = planned([monitor("new", was=["old"])], live(monitor("old"), 1), **held("old"))
    assert (actions(made), rules(made)) == ([(CREATE, "new", None)], ["held"])


def test_a_reference_to_what_is_held_means_the_live_one() -> None:
    both = composite("both", "a", "b")
    payloads = [live(monitor("a"), 1), live(monitor("b"), 2), live(both, 3, query="1 && 2")]
    made = planned([both, monitor("a")], *payloads, **held("b"))
    assert (actions(made), blocking(made)) == ([], [])


def test_a_reference_to_what_would_be_created_but_for_an_error_says_so() -> None:
    assert blocking(planned([composite("both", "a", "b"), monitor("a")], **held("b"))) == ["reference-held"]


def test_a_reference_that_is_no_tracking_id_is_unknown_as_ever() -> None:
    odd = monitor("odd", type="composite", query="%{main/a}", options={})
    assert "reference-held" not in blocking(planned([odd], **held("b")))


@pytest.mark.parametrize(("only", "told"), [("api", ["held"]), ("web", [])])
def test_only_what_is_held_of_the_filter_is_told(only: str, told: list[str]) -> None:
    assert rules(planned([], live(monitor("a"), 1), only=frozenset({only}), **held("a"))) == told


def test_the_share_of_deletes_is_of_what_is_not_held() -> None:
    payloads = [live(monitor(f"m{number}"), number + 1) for number in range(100)]
    broken = [f"m{number}" for number in range(80)]
    made = planned([monitor(f"m{number}") for number in range(80, 94)], *payloads, **held(*broken))
    assert reviews(made) == ["mass-delete"]


def test_a_yaml_with_errors_only_is_not_one_that_desires_nothing() -> None:
    payloads = [live(monitor(name), number) for number, name in enumerate(("a", "b", "c"), 1)]
    made = planned([], *payloads, **held("a", "b"))
    assert (actions(made), reviews(made)) == ([(DELETE, "c", "3")], [])


def test_what_is_held_is_live_for_the_guard_against_a_list_that_shrank() -> None:
    made = planned([], live(monitor("a"), 1), last_known_count=LiveCounts(1), **held("a"))
    assert rules(made) == ["held"]

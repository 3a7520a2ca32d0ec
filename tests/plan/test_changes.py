"""References, the filter, and what a change says about its fields."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from generator.plan.diff import field_changes
from generator.plan.model import Action, Change, summary
from generator.plan.state import is_done, is_untouched
from generator.resources.types import resource_types
from tests.plan.plans import (
    CREATE,
    DELETE,
    LOGS,
    REPLACE,
    UPDATE,
    actions,
    blocking,
    composite,
    dashboard,
    live,
    monitor,
    name_of,
    planned,
    rules,
    token,
    tracking_id,
)

PARTS = [monitor("a"), monitor("b")]
LIVE_PARTS = [live(monitor("a"), 1), live(monitor("b"), 2)]
BOTH = composite("both", "a", "b")


class TestReferences:
    def test_a_composite_that_names_the_live_ids_needs_no_change(self) -> None:
        assert planned([*PARTS, BOTH], *LIVE_PARTS, live(BOTH, 3, query="1 && 2")).changes == ()

    def test_a_composite_that_names_another_id_is_updated(self) -> None:
        made = planned([*PARTS, BOTH], *LIVE_PARTS, live(BOTH, 3, query="1 && 7"))
        assert actions(made) == [(UPDATE, "both", "3")]
        (change,) = made.changes
        assert [(each.path, each.before, each.after) for each in change.fields] == [(("query",), "1 && 7", "1 && 2")]

    def test_the_after_state_keeps_the_reference_so_that_a_keyless_plan_is_the_same(self) -> None:
        (change,) = planned([*PARTS, BOTH], *LIVE_PARTS, live(BOTH, 3, query="1 && 7")).changes
        assert change.after is not None
        assert change.after["query"] == f"{token('a')} && {token('b')}"

    def test_a_reference_to_what_this_plan_creates_is_a_change(self) -> None:
        made = planned([*PARTS, BOTH], LIVE_PARTS[1], live(BOTH, 3, query="1 && 2"))
        assert actions(made) == [(CREATE, "a", None), (UPDATE, "both", "3")]
        assert made.references == {tracking_id("b"): "2"}

    def test_a_reference_to_what_this_plan_replaces_is_a_change(self) -> None:
        made = planned([monitor("a", **LOGS), PARTS[1], BOTH], *LIVE_PARTS, live(BOTH, 3, query="1 && 2"))
        assert actions(made) == [(REPLACE, "a", "1"), (UPDATE, "both", "3")]
        assert made.references == {tracking_id("b"): "2"}

    def test_a_reference_to_what_is_renamed_or_adopted_is_resolved(self) -> None:
        parts = [monitor("a", was=["old"]), monitor("b", adopt="2")]
        strangers = [live(monitor("old"), 1), live(monitor("b"), 2, tags=[])]
        made = planned([*parts, BOTH], *strangers, live(BOTH, 3, query="1 && 2"))
        assert [name_of(change) for change in made.changes] == ["a", "b"]

    def test_a_reference_means_the_new_monitor_and_not_the_live_dashboard_of_the_same_name(self) -> None:
        made = planned([*PARTS, BOTH, dashboard("a")], live(dashboard("a"), 7), LIVE_PARTS[1])
        assert made.references == {tracking_id("b"): "2"}

    def test_a_reference_to_another_workspace_is_resolved(self) -> None:
        both = composite("both", "a", "other/web/b")
        made = planned([PARTS[0], both], LIVE_PARTS[0], live(monitor("other/web/b"), 9), live(both, 3, query="1 && 9"))
        assert (made.changes, made.obstacles) == ((), ())

    def test_a_dashboard_that_shows_the_live_id_needs_no_change(self) -> None:
        shown = {"definition": {"type": "alert_graph", "alert_id": "1"}, "id": 77}
        assert (
            planned([PARTS[0], dashboard("d", "a")], LIVE_PARTS[0], live(dashboard("d"), 3, widgets=[shown])).changes
            == ()
        )

    def test_a_reference_to_nothing_is_refused_with_a_near_name(self) -> None:
        made = planned([*PARTS, composite("both", "a", "bb")], *LIVE_PARTS)
        assert blocking(made) == ["reference-unknown"]
        assert made.obstacles[0].hint == f"did you mean `{tracking_id('b')}`?"

    def test_nothing_is_said_to_have_meant_itself(self) -> None:
        made = planned([composite("c", "zz")])
        assert made.obstacles[0].hint == "a reference is `%{WORKSPACE/SERVICE/NAME/ENVIRONMENT}`"

    def test_a_reference_to_the_former_name_is_refused(self) -> None:
        made = planned([monitor("new", was=["a"]), PARTS[1], BOTH], *LIVE_PARTS)
        assert blocking(made) == ["reference-unknown"]

    def test_a_reference_to_what_would_be_deleted_is_refused(self) -> None:
        made = planned([PARTS[1], BOTH], *LIVE_PARTS, live(BOTH, 3, query="1 && 2"), prune=True)
        assert "reference-deleted" in blocking(made)

    def test_a_reference_to_what_is_only_left_behind_is_resolved_and_told(self) -> None:
        made = planned([PARTS[1], BOTH], *LIVE_PARTS, live(BOTH, 3, query="1 && 2"))
        assert (made.changes, rules(made)) == ((), ["prunable"])

    def test_a_reference_to_what_the_filter_leaves_uncreated_is_refused(self) -> None:
        desired = [monitor("web/a"), monitor("api/b"), composite("api/both", "web/a", "b")]
        made = planned(desired, only=frozenset({"api"}))
        assert blocking(made) == ["reference-filtered"]

    @pytest.mark.parametrize("length", [1, 2, 3])
    def test_references_in_a_circle_are_refused_and_named(self, length: int) -> None:
        names = [f"m{number}" for number in range(length)]
        made = planned([composite(name, names[(at + 1) % length]) for at, name in enumerate(names)])
        assert blocking(made) == ["reference-cycle"]
        assert all(f"`{tracking_id(name)}`" in made.obstacles[0].message for name in names)

    def test_a_circle_is_named_from_what_refers_to_what_it_refers_to(self) -> None:
        made = planned([composite("x", "y"), composite("y", "z"), composite("z", "x")])
        names = [part.strip("`") for part in made.obstacles[0].message.split(": ")[1].split(" → ")]
        follows = {
            tracking_id("x"): tracking_id("y"),
            tracking_id("y"): tracking_id("z"),
            tracking_id("z"): tracking_id("x"),
        }
        assert all(follows[one] == other for one, other in itertools.pairwise(names))
        assert names[0] == names[-1]

    def test_a_circle_of_thousands_is_told_in_a_short_line(self) -> None:
        made = planned([composite(f"m{number}", f"m{(number + 1) % 3000}") for number in range(3000)])
        assert blocking(made) == ["reference-cycle"]
        assert len(made.obstacles[0].message) < 1000


class TestOrder:
    def test_what_is_referred_to_comes_first_and_dashboards_come_after_composites(self) -> None:
        made = planned([dashboard("d", "both", "a"), BOTH, *PARTS])
        assert [name_of(change) for change in made.changes] == ["a", "b", "both", "d"]

    def test_a_dashboard_of_a_plain_monitor_still_comes_after_composites(self) -> None:
        made = planned([dashboard("d", "a"), BOTH, *PARTS])
        assert [name_of(change) for change in made.changes] == ["a", "b", "both", "d"]

    def test_a_chain_is_followed_whatever_the_names(self) -> None:
        made = planned([composite("a", "b"), composite("b", "c"), composite("c", "d"), monitor("d")])
        assert [name_of(change) for change in made.changes] == ["d", "c", "b", "a"]

    def test_a_chain_of_thousands_ends(self) -> None:
        chain = [composite(f"m{number}", f"m{number + 1}") for number in range(3000)]
        made = planned([*chain, monitor("m3000")])
        assert [name_of(change) for change in made.changes] == [f"m{number}" for number in range(3000, -1, -1)]

    def test_deletes_come_last_and_the_other_way_round(self) -> None:
        doomed = [*LIVE_PARTS, live(BOTH, 3, query="1 && 2"), live(dashboard("d"), 4)]
        made = planned([monitor("new")], *doomed, prune=True)
        assert [(each.action.value, name_of(each)) for each in made.changes] == [
            (CREATE, "new"),
            (DELETE, "d"),
            (DELETE, "both"),
            (DELETE, "a"),
            (DELETE, "b"),
        ]

    def test_the_order_of_the_input_does_not_matter(self) -> None:
        desired = [dashboard("d", "both"), BOTH, *PARTS]
        assert planned(desired).changes == planned(desired[::-1]).changes


class TestFilter:
    def test_only_the_services_asked_for_are_planned(self) -> None:
        desired = [monitor("api/a"), monitor("web/a")]
        strays = [live(monitor("api/x"), 1), live(monitor("web/x"), 2)]
        made = planned(desired, *strays, only=frozenset({"web"}), prune=True)
        assert {each.tracking_id for each in made.changes} == {"main/web/a/production", "main/web/x/production"}

    def test_what_is_outside_is_still_referred_to(self) -> None:
        desired = [monitor("web/a"), composite("api/both", "web/a")]
        made = planned(desired, live(monitor("web/a"), 1), only=frozenset({"api"}))
        assert made.references == {"main/web/a/production": "1"}

    def test_a_service_whose_name_begins_alike_is_outside(self) -> None:
        assert planned([monitor("web2/a")], only=frozenset({"web"})).changes == ()

    def test_an_unknown_service_plans_nothing(self) -> None:
        made = planned([monitor("a")], live(monitor("b"), 1), only=frozenset({"nowhere"}), prune=True)
        assert (made.changes, made.unchanged) == ((), 0)


def test_the_summary_counts_each_action() -> None:
    desired = [
        monitor("same"),
        monitor("edited"),
        monitor("new"),
        monitor("typed", **LOGS),
        monitor("taken", adopt="5"),
    ]
    payloads = [
        live(monitor("same"), 1),
        live(monitor("edited"), 2, message="x"),
        live(monitor("typed"), 3),
        live(monitor("old"), 4),
        live(monitor("taken"), 5, tags=[]),
    ]
    made = planned(desired, *payloads, prune=True)
    assert summary(made) == dict.fromkeys([*(action.value for action in Action), "unchanged"], 1)


class TestLookingAgain:
    """Before each write the executor asks whether the live resource is still as planned."""

    KIND = resource_types()["monitor"]
    BEFORE = live(monitor("a"), 1, message="by hand")

    @pytest.fixture
    def change(self) -> Change:
        (made,) = planned([monitor("a")], self.BEFORE).changes
        return made

    def test_what_nobody_touched_may_be_written(self, change: Change) -> None:
        assert is_untouched(self.KIND, change, {**self.BEFORE, "overall_state": "Alert", "modified": "now"})
        assert not is_done(self.KIND, change, self.BEFORE, {})

    def test_what_was_edited_meanwhile_may_not(self, change: Change) -> None:
        moved = {**self.BEFORE, "message": "by another hand"}
        assert not is_untouched(self.KIND, change, moved)
        assert not is_done(self.KIND, change, moved, {})

    def test_what_already_is_as_planned_is_done(self, change: Change) -> None:
        assert is_done(self.KIND, change, live(monitor("a"), 1), {})

    def test_a_delete_is_never_done_by_an_edit(self) -> None:
        (doomed,) = planned([], self.BEFORE, prune=True).changes
        assert is_untouched(self.KIND, doomed, self.BEFORE)
        assert not is_done(self.KIND, doomed, self.BEFORE, {})


FIELDS: list[tuple[dict[str, Any], dict[str, Any], list[tuple[Any, Any, Any]]]] = [
    ({"a": 1}, {"a": 1}, []),
    ({"a": 1}, {"a": 2}, [(("a",), 1, 2)]),
    ({}, {"a": 2}, [(("a",), None, 2)]),
    ({"a": 1}, {}, [(("a",), 1, None)]),
    ({"o": {"x": 1, "y": 2}}, {"o": {"x": 1, "y": 3}}, [(("o", "y"), 2, 3)]),
    ({"o": 1}, {"o": {"x": 1}}, [(("o",), 1, {"x": 1})]),
    ({"l": [1, 2]}, {"l": [1, 3, 4]}, [(("l", 1), 2, 3), (("l", 2), None, 4)]),
    ({"l": [{"x": 1}]}, {"l": [{"x": 2}]}, [(("l", 0, "x"), 1, 2)]),
    ({"tags": ["a"]}, {"tags": ["a", "b"]}, [(("tags",), ["a"], ["a", "b"])]),
    ({"b": 1, "a": 1}, {"b": 2, "a": 2}, [(("a",), 1, 2), (("b",), 1, 2)]),
]


@pytest.mark.parametrize(("before", "after", "expected"), FIELDS, ids=str)
def test_field_changes_name_the_path_and_both_values(
    before: dict[str, Any], after: dict[str, Any], expected: list[tuple[Any, Any, Any]]
) -> None:
    found = field_changes(before, after, frozenset({("tags",)}))
    assert [(each.path, each.before, each.after) for each in found] == expected

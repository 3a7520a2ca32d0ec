"""Which live resource is taken for which desired one."""

from __future__ import annotations

import pytest

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
    only_obstacle,
    planned,
    rules,
    tracking_id,
    unmarked,
)


def test_what_is_not_live_is_created() -> None:
    made = planned([monitor("a"), dashboard("a")])
    assert actions(made) == [(CREATE, "a", None), (CREATE, "a", None)]
    assert made.obstacles == ()


def test_a_created_payload_bears_our_id() -> None:
    (change,) = planned([monitor("a")]).changes
    assert change.after is not None
    assert f"toban_id:{tracking_id('a')}" in change.after["tags"]


def test_what_is_live_as_desired_needs_no_change() -> None:
    made = planned([monitor("a"), dashboard("a")], live(monitor("a"), 1), live(dashboard("a"), 2))
    assert (made.changes, made.obstacles, made.unchanged) == ((), (), 2)


def test_what_was_edited_by_hand_is_updated_back() -> None:
    made = planned([monitor("a")], live(monitor("a"), 1, message="by hand"))
    assert actions(made) == [(UPDATE, "a", "1")]
    (change,) = made.changes
    assert [(each.path, each.before, each.after) for each in change.fields] == [
        (("message",), "by hand", "@slack-web"),
    ]


def test_a_monitor_and_a_dashboard_may_share_an_id() -> None:
    made = planned([monitor("a"), dashboard("a")], live(dashboard("a"), 1))
    assert [(each.resource, each.action.value) for each in made.changes] == [("monitor", CREATE)]


def test_a_resource_of_another_workspace_is_never_touched() -> None:
    foreign = live(monitor("other/api/a"), 1, message="theirs")
    made = planned([monitor("a")], foreign, prune=True)
    assert actions(made) == [(CREATE, "a", None)]
    assert planned([], foreign, prune=True).changes == ()


def test_a_workspace_whose_name_begins_alike_is_another() -> None:
    neighbour = live(monitor("main2/api/a"), 1)
    assert planned([], neighbour, prune=True).changes == ()


def test_an_untracked_monitor_is_never_deleted() -> None:
    made = planned([], unmarked(live(monitor("a"), 1)), prune=True)
    assert (made.changes, made.obstacles) == ((), ())


def test_a_resource_that_claims_two_ids_is_nobodys() -> None:
    torn = live(monitor("a"), 1, tags=[f"toban_id:{tracking_id('a')}", f"toban_id:{tracking_id('b')}"])
    made = planned([], torn, prune=True)
    assert made.changes == ()


def test_a_desired_resource_of_another_workspace_is_refused() -> None:
    made = planned([monitor("other/api/a")])
    assert (actions(made), blocking(made)) == ([], ["other-workspace"])


def test_an_id_that_is_desired_twice_is_refused() -> None:
    made = planned([monitor("a"), monitor("a", message="other")])
    assert blocking(made) == ["desired-twice"]
    assert "monitors/api.yaml:3" in made.obstacles[0].message
    assert actions(made) == [(CREATE, "a", None)]


class TestRenaming:
    def test_was_keeps_the_datadog_id(self) -> None:
        made = planned([monitor("new", was=["old"])], live(monitor("old"), 1))
        assert actions(made) == [(UPDATE, "new", "1")]
        assert made.changes[0].previous_id == tracking_id("old")
        assert made.obstacles == ()

    def test_a_was_that_has_done_its_work_changes_nothing(self) -> None:
        assert planned([monitor("new", was=["old"])], live(monitor("new"), 1)).changes == ()

    def test_a_was_that_never_existed_creates(self) -> None:
        assert actions(planned([monitor("new", was=["old"])])) == [(CREATE, "new", None)]

    def test_the_first_live_one_of_several_former_names_is_taken(self) -> None:
        made = planned([monitor("c", was=["b", "a"])], live(monitor("a"), 1))
        assert actions(made) == [(UPDATE, "c", "1")]

    def test_what_is_still_desired_is_not_inherited(self) -> None:
        made = planned([monitor("old"), monitor("new", was=["old"])], live(monitor("old"), 1))
        assert actions(made) == [(CREATE, "new", None)]

    def test_two_monitors_can_swap_their_names(self) -> None:
        desired = [monitor("a", was=["b"]), monitor("b", was=["a"])]
        made = planned(desired, live(monitor("a"), 1), live(monitor("b"), 2))
        assert (made.changes, made.unchanged) == ((), 2)

    def test_two_heirs_of_one_name_are_refused(self) -> None:
        made = planned([monitor("x", was=["old"]), monitor("y", was=["old"])], live(monitor("old"), 1))
        assert blocking(made) == ["contested-rename"]
        assert actions(made) == [(UPDATE, "x", "1"), (CREATE, "y", None)]
        assert "`main/api/x/production` and `main/api/y/production`" in made.obstacles[0].message

    def test_a_live_one_of_the_new_name_goes_before_the_former_name(self) -> None:
        made = planned([monitor("new", was=["old"])], live(monitor("new"), 2), live(monitor("old"), 1))
        assert made.changes == ()
        assert rules(made) == ["prunable"]


class TestClones:
    def test_a_clone_is_told_and_left_alone_and_the_older_one_is_ours(self) -> None:
        ours, clone = live(monitor("a"), 1), live(monitor("a"), 2, name="clone")
        for payloads in ((ours, clone), (clone, ours)):
            made = planned([monitor("a")], *payloads, prune=True)
            assert made.changes == ()
            obstacle = only_obstacle(made)
            assert (obstacle.rule, obstacle.blocks, obstacle.id) == ("duplicate-live", False, "2")

    def test_ids_that_come_as_text_are_compared_as_numbers(self) -> None:
        older, younger = live(monitor("a"), 0, id="9"), live(monitor("a"), 0, id="10", name="clone")
        assert only_obstacle(planned([monitor("a")], younger, older)).id == "10"

    def test_the_older_of_two_dashboards_is_ours(self) -> None:
        older, younger = live(dashboard("a"), 9), live(dashboard("a"), 10, title="clone")
        assert only_obstacle(planned([dashboard("a")], younger, older)).id == "abc-10"

    def test_adopt_chooses_between_clones(self) -> None:
        made = planned([monitor("a", adopt="2")], live(monitor("a"), 1), live(monitor("a"), 2))
        assert only_obstacle(made).id == "1"

    def test_clones_of_what_is_no_longer_desired_are_shown_as_deletes(self) -> None:
        made = planned([], live(monitor("a"), 1), live(monitor("a"), 2), prune=True)
        assert actions(made) == [(DELETE, "a", "1"), (DELETE, "a", "2")]


class TestReplacing:
    def test_another_type_is_a_replace_that_says_so(self) -> None:
        made = planned([monitor("a", **LOGS)], live(monitor("a"), 1))
        assert actions(made) == [(REPLACE, "a", "1")]
        assert "cannot change this in place" in made.changes[0].notes[-1]

    def test_a_custom_schedule_is_added_by_a_replace(self) -> None:
        schedule = {"scheduling_options": {"custom_schedule": {"recurrences": [{"rrule": "FREQ=DAILY"}]}}}
        assert actions(planned([monitor("a", options=schedule)], live(monitor("a"), 1))) == [(REPLACE, "a", "1")]

    def test_another_layout_of_a_dashboard_is_a_replace(self) -> None:
        made = planned([dashboard("a", layout_type="free")], live(dashboard("a"), 1))
        assert actions(made) == [(REPLACE, "a", "abc-1")]

    def test_what_datadog_calls_another_name_is_no_replace(self) -> None:
        assert planned([monitor("a", type="metric alert")], live(monitor("a"), 1)).changes == ()

    def test_a_rename_may_replace_too(self) -> None:
        made = planned([monitor("new", was=["old"], **LOGS)], live(monitor("old"), 1))
        assert actions(made) == [(REPLACE, "new", "1")]

    def test_what_an_interrupted_replace_left_is_deleted_with_a_note(self) -> None:
        desired = monitor("a", **LOGS)
        made = planned([desired], live(monitor("a"), 1), live(desired, 2))
        assert actions(made) == [(DELETE, "a", "1")]
        assert "An earlier sync has replaced it" in made.changes[0].notes[0]
        assert (made.unchanged, made.obstacles) == (1, ())

    def test_what_an_interrupted_replace_under_a_new_name_left_is_deleted(self) -> None:
        desired = monitor("new", was=["old"], **LOGS)
        made = planned([desired], live(monitor("old"), 1), live(desired, 2))
        assert actions(made) == [(DELETE, "new", "1")]

    def test_a_younger_copy_of_another_type_is_a_clone_and_not_a_leftover(self) -> None:
        clone = live(monitor("a", **LOGS), 2)
        made = planned([monitor("a")], live(monitor("a"), 1), clone)
        assert (made.changes, rules(made)) == ((), ["duplicate-live"])

    def test_the_leftover_is_deleted_after_what_referred_to_it_was_pointed_to_the_new_one(self) -> None:
        part, both = monitor("a", **LOGS), composite("both", "a", "b")
        standing = live(both, 4, query="1 && 3")
        made = planned(
            [part, monitor("b"), both], live(monitor("a"), 1), live(part, 2), live(monitor("b"), 3), standing
        )
        assert actions(made) == [(UPDATE, "both", "4"), (DELETE, "a", "1")]
        assert made.references == {tracking_id("a"): "2", tracking_id("b"): "3"}


@pytest.mark.parametrize("options", [{}, {"prune": True}])
def test_a_refused_adoption_lets_go_of_nothing_under_its_former_name(options: dict[str, bool]) -> None:
    desired = monitor("web/new", was=["old"], adopt="404404")
    stale = planned([desired], live(monitor("old"), 1), only=frozenset({"api"}), **options)
    assert stale.changes == ()
    refused = monitor("web/new", was=["old"], adopt="2")
    other = unmarked(live(monitor("x"), 2))
    made = planned([refused], live(monitor("old"), 1), other, only=frozenset({"api"}), **options)
    assert made.changes == ()

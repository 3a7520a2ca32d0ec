"""A create that would make a second copy of what is there is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plan.plans import (
    CREATE,
    DELETE,
    LOGS,
    actions,
    blocking,
    composite,
    dashboard,
    live,
    monitor,
    planned,
    rules,
    unmarked,
)


def test_a_live_twin_that_lost_its_tag_blocks_the_create_and_offers_adoption() -> None:
    made = planned([monitor("a")], unmarked(live(monitor("a"), 1)))
    assert blocking(made) == ["lost-tag"]
    assert "adopt: {production: 1}" in made.obstacles[0].hint


def test_a_dashboard_that_lost_its_mark_blocks_the_create() -> None:
    assert blocking(planned([dashboard("a")], unmarked(live(dashboard("a"), 1)))) == ["lost-tag"]


def test_a_composite_that_lost_its_tag_is_recognised_by_what_it_refers_to() -> None:
    parts = [live(monitor("a"), 1), live(monitor("b"), 2)]
    lost = unmarked(live(composite("both", "a", "b"), 3, query="1 && 2"))
    assert blocking(planned([monitor("a"), monitor("b"), composite("both", "a", "b")], *parts, lost)) == ["lost-tag"]


@pytest.mark.parametrize("fields", [{"name": "x"}, {"query": "avg(last_5m):avg:mem{*} > 90"}, LOGS], ids=str)
def test_a_stranger_that_differs_in_name_type_or_query_blocks_nothing(fields: dict[str, Any]) -> None:
    made = planned([monitor("a")], unmarked(live(monitor("a"), 1, **fields)))
    assert (actions(made), made.obstacles) == ([(CREATE, "a", None)], ())


def test_a_twin_of_another_workspace_blocks_nothing() -> None:
    twin = live(monitor("other/api/a"), 1, name=monitor("a").payload["name"], query=monitor("a").payload["query"])
    assert planned([monitor("a")], twin).obstacles == ()


@pytest.mark.parametrize("prune", [False, True])
def test_a_create_of_the_title_of_a_stray_is_a_probable_rename(*, prune: bool) -> None:
    made = planned([monitor("new", name="CPU")], live(monitor("old", name="CPU "), 1), prune=prune)
    assert blocking(made) == ["probable-rename"]
    assert "`was`" in made.obstacles[-1].hint or "`was`" in made.obstacles[0].hint


def test_replace_says_that_it_is_no_rename() -> None:
    desired, stray = [monitor("new", name="CPU")], live(monitor("old", name="CPU"), 1)
    made = planned(desired, stray, prune=True, replace=True)
    assert (actions(made), blocking(made)) == ([(CREATE, "new", None), (DELETE, "old", "1")], [])


def test_was_says_that_it_is_a_rename() -> None:
    assert blocking(planned([monitor("new", name="CPU", was=["old"])], live(monitor("old", name="CPU"), 1))) == []


def test_a_stray_of_another_type_is_no_rename() -> None:
    made = planned([monitor("new", name="CPU")], live(monitor("old", name="CPU", **LOGS), 1))
    assert rules(made) == ["prunable"]


SAME_QUERY = {"query": "avg(last_5m):avg:mem{*} > 90"}
RENAMES = [
    ("api/a", "web/a", {}, True),
    ("api/a", "web/a", LOGS, True),
    ("api/a", "web/b", {}, False),
    ("api/a", "web/b", SAME_QUERY, True),
    ("api/a", "api/b", SAME_QUERY, True),
    ("api/a", "api/b", {}, False),
]


@pytest.mark.parametrize(("old", "new", "fields", "is_rename"), RENAMES, ids=str)
def test_a_service_or_name_that_changed_is_a_probable_rename(
    old: str, new: str, fields: dict[str, Any], *, is_rename: bool
) -> None:
    desired = monitor(new, name=f"[production] {new}", **fields)
    stray = live(monitor(old, name=f"[production] {old}", **fields), 1)
    made = planned([desired], stray, prune=True)
    assert blocking(made) == (["probable-rename"] if is_rename else [])
    assert blocking(planned([desired], stray, prune=True, replace=True)) == []


def test_the_obstacle_says_what_is_the_same() -> None:
    stray = live(monitor("api/a"), 1)
    assert "of the same name, whose service is gone," in planned([monitor("web/a")], stray).obstacles[0].message
    same = monitor("web/b", query=monitor("api/a").payload["query"])
    assert "of the same content" in planned([same], stray).obstacles[0].message


def test_a_name_of_a_service_that_is_still_there_is_no_rename() -> None:
    made = planned([monitor("web/a"), monitor("api/b")], live(monitor("api/a"), 1), live(monitor("api/b"), 2))
    assert blocking(made) == []


def test_a_service_whose_resources_have_errors_is_still_there() -> None:
    payloads = [live(monitor("api/a"), 1), live(monitor("api/b"), 2)]
    made = planned([monitor("web/a")], *payloads, held=frozenset({monitor("api/b").tracking_id}))
    assert blocking(made) == []


def test_a_name_of_another_type_is_no_rename_even_where_the_service_is_gone() -> None:
    assert blocking(planned([monitor("web/a", **LOGS)], live(monitor("api/a"), 1))) == []


def test_a_gone_service_is_recognised_beside_one_that_stays() -> None:
    payloads = [
        live(monitor("api/a"), 1),
        live(monitor("old/a"), 2),
        live(monitor("api/b"), 3),
        live(monitor("zoo/a"), 4),
    ]
    desired = [monitor("web/a"), monitor("api/b"), monitor("zoo/c")]
    made = planned(desired, *payloads)
    (told,) = [each.message for each in made.obstacles if each.blocks]
    assert told.startswith("`main/web/a/production` would be created while `main/old/a/production` of the same name")


def test_a_composite_under_another_title_is_recognised_by_what_it_refers_to() -> None:
    parts = [live(monitor("a"), 1), live(monitor("b"), 2)]
    old = live(composite("both", "a", "b"), 3, query="1 && 2")
    desired = [monitor("a"), monitor("b"), composite("pair", "a", "b")]
    assert blocking(planned(desired, *parts, old)) == ["probable-rename"]


def test_a_rename_out_of_the_filter_is_recognised() -> None:
    made = planned([monitor("web/a", name="CPU")], live(monitor("api/a", name="CPU"), 1), only=frozenset({"web"}))
    assert blocking(made) == ["probable-rename"]


def test_only_lookalikes_of_the_filter_are_told() -> None:
    made = planned([monitor("web/a")], unmarked(live(monitor("web/a"), 1)), only=frozenset({"api"}))
    assert made.obstacles == ()

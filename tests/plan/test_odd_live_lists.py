"""Whatever a live list holds, a plan is made, and what is not ours is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.plan.planfile import decoded, encoded
from tests.plan.plans import CREATE, UPDATE, actions, dashboard, live, monitor, planned

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("ab%{}/:.é", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["definition", "id", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
MONITOR_KEYS = [
    "name",
    "type",
    "query",
    "message",
    "priority",
    "options",
    "creator",
    "restricted_roles",
    "draft_status",
]
DASHBOARD_KEYS = ["title", "layout_type", "widgets", "notify_list", "template_variables", "tabs", "tags", "author_name"]


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(MONITOR_KEYS), json_values))
def test_our_own_monitor_is_planned_whatever_its_fields_hold(fields: dict[str, Any]) -> None:
    made = planned([monitor("a")], live(monitor("a"), 1, **fields), live(monitor("b"), 2, **fields), prune=True)
    assert {change.id for change in made.changes} <= {"1", "2"}
    assert made.obstacles == ()
    assert decoded(encoded(made)) == made


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(DASHBOARD_KEYS), json_values))
def test_our_own_dashboard_is_planned_whatever_its_fields_hold(fields: dict[str, Any]) -> None:
    stray = {**live(dashboard("b"), 2), **fields}
    made = planned(
        [dashboard("a")], {"widgets": [], **live(dashboard("a"), 1), **fields}, {"widgets": [], **stray}, prune=True
    )
    assert {change.id for change in made.changes} <= {"abc-1", "abc-2"}
    assert decoded(encoded(made)) == made


STRANGERS: list[dict[str, Any]] = [
    {"id": 7},
    {"id": 7, "tags": None},
    {"id": "7", "tags": [None, 7, [], {}]},
    {"id": 7, "tags": "toban_id:main/api/a/production"},
    {"id": 7, "tags": {"toban_id:main/api/a/production": 1}},
    {"id": 7, "tags": ["TOBAN_ID:main/api/a/production"]},
    {"id": 7, "tags": ["toban_id:main/api/a/production "]},
    {"id": 7, "tags": ["toban_id:main/api/a/production/x"]},
    {"id": 7, "tags": ["managed_by:toban"]},
    {"id": 7, "name": None, "type": None, "query": None, "options": None, "message": None},
]


@pytest.mark.parametrize("stranger", STRANGERS, ids=str)
def test_a_stranger_is_left_alone_whatever_it_looks_like(stranger: dict[str, Any]) -> None:
    made = planned([monitor("a")], stranger, prune=True)
    assert (actions(made), made.obstacles) == ([(CREATE, "a", None)], ())


def test_an_id_that_comes_as_text_is_ours_all_the_same() -> None:
    made = planned([monitor("a", message="x")], live(monitor("a"), 0, id="17"))
    assert actions(made) == [(UPDATE, "a", "17")]


def test_a_live_payload_nested_deeply_is_planned() -> None:
    deep: Any = 1
    for _ in range(150):
        deep = {"x": [deep]}
    made = planned([monitor("a")], live(monitor("a"), 1, options={"variables": [deep]}))
    assert actions(made) == [(UPDATE, "a", "1")]


def test_groups_within_groups_are_planned() -> None:
    def nested(depth: int) -> list[Any]:
        widgets: list[Any] = [{"definition": {"type": "note", "content": "x"}}]
        for _ in range(depth):
            widgets = [{"definition": {"type": "group", "widgets": widgets}}]
        return widgets

    desired = dashboard("a", widgets=nested(20))
    assert planned([desired], live(desired, 1)).changes == ()
    assert actions(planned([desired], live(dashboard("a", widgets=nested(60)), 1))) == [(UPDATE, "a", "abc-1")]

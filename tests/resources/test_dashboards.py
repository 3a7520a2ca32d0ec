"""Dashboards: a line in the description as our mark, widgets in normal form, widget ids that outlive a PUT."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from generator.resources.types import Payload, resource_types

DASHBOARD = resource_types()["dashboard"]
ID = "main/api/overview/production"
MARK = f"Managed by toban, do not edit here: {ID}"


def note(content: str, **rest: Any) -> dict[str, Any]:
    return {"definition": {"type": "note", "content": content}, **rest}


def titled(title: str, **rest: Any) -> dict[str, Any]:
    return {"definition": {"type": "timeseries", "title": title, "requests": []}, **rest}


def group(title: str, *widgets: Payload, **rest: Any) -> dict[str, Any]:
    return {"definition": {"type": "group", "title": title, "widgets": list(widgets)}, **rest}


BASE: dict[str, Any] = {"title": "Overview", "layout_type": "ordered", "widgets": [note("hello")]}


def test_the_mark_is_the_last_line_of_the_description() -> None:
    assert DASHBOARD.tracked(BASE, ID)["description"] == MARK
    assert (
        DASHBOARD.tracked({**BASE, "description": "What we watch."}, ID)["description"] == f"What we watch.\n\n{MARK}"
    )


def test_marking_again_moves_the_mark_instead_of_adding_one() -> None:
    first = DASHBOARD.tracked({**BASE, "description": "What we watch."}, "main/api/old/production")
    assert DASHBOARD.tracked(first, ID)["description"] == f"What we watch.\n\n{MARK}"


MARKED = [
    MARK,
    f"{MARK}\n",
    f"text\n\n{MARK}\n\nmore text",
    f"**{MARK}**",
    f"> {MARK}",
    f"{MARK}, {ID}",
    f"({MARK})",
    f"Managed by toban: `{ID}`",
    f"Managed by toban, do not edit here:   {ID}   ",
    f"{MARK}\n{MARK}",
]


@pytest.mark.parametrize("description", MARKED)
def test_the_mark_survives_edits_around_it(description: str) -> None:
    assert DASHBOARD.tracking_id({"description": description}) == ID
    assert DASHBOARD.tracked({"description": description}, ID)["description"].count(ID) >= 1


NOBODYS = [
    None,
    7,
    ["Managed by toban"],
    "",
    "Managed by toban",
    "Managed by toban, do not edit here: main/api/overview",
    f"Managed by toban, do not edit here: {ID}/more",
    f"Managed by toban, do not edit here: X{ID}",
    f"{MARK}\nManaged by toban, do not edit here: main/api/other/production",
    f"managed by somebody: {ID}",
]


@pytest.mark.parametrize("description", NOBODYS, ids=str)
def test_a_dashboard_without_one_whole_mark_is_nobodys(description: object) -> None:
    assert DASHBOARD.tracking_id({"description": description}) is None


@pytest.mark.parametrize(
    "text", ["Managed by toban" * 20000, f"{MARK}/" * 20000, "Managed by toban: a/b/c/" + "d" * 500000]
)
def test_a_hostile_description_ends(text: str) -> None:
    assert DASHBOARD.tracking_id({"description": text + "!"}) is None


EQUAL = [
    {"description": None},
    {"description": ""},
    {"notify_list": None},
    {"notify_list": []},
    {"template_variables": None},
    {"template_variable_presets": []},
    {"restricted_roles": ["by-a-policy"]},
    {"reflow_type": "auto"},
    {"author_handle": "x", "url": "/dashboard/x", "created_at": "2026", "id": "abc", "is_read_only": False},
    {"added_next_year": {"by": "the server"}},
    {"widgets": [note("hello", id=123)]},
    {"widgets": [{"id": 5, "definition": {**note("hello")["definition"], "tick_edge": "left", "has_padding": True}}]},
]


@pytest.mark.parametrize("live", EQUAL, ids=str)
def test_what_means_the_same_to_datadog_has_one_form(live: dict[str, Any]) -> None:
    assert DASHBOARD.comparable({**BASE, **live}, BASE) == DASHBOARD.comparable(BASE, BASE)


DIFFERENT: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"title": "other"}),
    ({}, {"description": "by hand"}),
    ({}, {"layout_type": "free"}),
    ({}, {"reflow_type": "fixed"}),
    ({}, {"notify_list": ["a@example.com"]}),
    ({}, {"tags": ["team:x"]}),
    ({}, {"widgets": []}),
    ({}, {"widgets": [note("hello"), note("by hand")]}),
    ({}, {"widgets": [note("by hand")]}),
    ({}, {"widgets": [note("hello", layout={"x": 0})]}),
    ({}, {"template_variables": [{"name": "env"}]}),
    ({"restricted_roles": ["ours"]}, {"restricted_roles": []}),
    ({"restricted_roles": []}, {"restricted_roles": ["theirs"]}),
    ({"new_at_datadog": 1}, {"new_at_datadog": None}),
]


@pytest.mark.parametrize(("desired", "live"), DIFFERENT, ids=str)
def test_what_was_changed_by_hand_has_another_form(desired: dict[str, Any], live: dict[str, Any]) -> None:
    wanted = {**BASE, **desired}
    assert DASHBOARD.comparable({**wanted, **live}, wanted) != DASHBOARD.comparable(wanted, wanted)


def test_the_order_of_widgets_counts_and_that_of_conditional_formats_does_not() -> None:
    def with_formats(*formats: str) -> dict[str, Any]:
        request = {"q": "avg:a{*}", "conditional_formats": [{"palette": each} for each in formats]}
        return {**BASE, "widgets": [{"definition": {"type": "query_value", "requests": [request]}}]}

    assert DASHBOARD.comparable(with_formats("a", "b")) == DASHBOARD.comparable(with_formats("b", "a"))
    swapped = {**BASE, "widgets": [titled("b"), titled("a")]}
    assert DASHBOARD.comparable(swapped) != DASHBOARD.comparable({**BASE, "widgets": [titled("a"), titled("b")]})


def ids(widgets: list[Any]) -> list[Any]:
    return [(each.get("id"), ids(each["definition"].get("widgets", []))) for each in widgets]


KEPT: list[tuple[str, list[Any], list[Any], list[Any]]] = [
    ("same", [titled("a", id=1), titled("b", id=2)], [titled("a"), titled("b")], [(1, []), (2, [])]),
    ("moved", [titled("a", id=1), titled("b", id=2)], [titled("b"), titled("a")], [(2, []), (1, [])]),
    ("renamed in place", [titled("a", id=1), titled("b", id=2)], [titled("z"), titled("b")], [(1, []), (2, [])]),
    ("added in front", [titled("a", id=1)], [titled("z"), titled("a")], [(None, []), (1, [])]),
    ("taken away", [titled("a", id=1), titled("b", id=2)], [titled("b")], [(2, [])]),
    ("of equal title", [titled("a", id=1), titled("a", id=2)], [titled("a"), titled("a")], [(1, []), (2, [])]),
    ("of another type", [titled("a", id=1)], [note("a")], [(None, [])]),
    ("inside a group", [group("g", titled("a", id=2), id=1)], [group("g", titled("a"))], [(1, [(2, [])])]),
    ("of its own id", [titled("a", id=1)], [titled("a", id=9)], [(9, [])]),
]


@pytest.mark.parametrize(("live", "desired", "kept"), [row[1:] for row in KEPT], ids=[row[0] for row in KEPT])
def test_an_update_keeps_the_ids_of_widgets_so_that_links_stay_valid(
    live: list[Any], desired: list[Any], kept: list[Any]
) -> None:
    body = DASHBOARD.writable({**BASE, "widgets": desired}, {**BASE, "widgets": live})
    assert ids(body["widgets"]) == kept
    assert DASHBOARD.comparable(body) == DASHBOARD.comparable({**BASE, "widgets": desired})


def test_what_datadog_refuses_or_writes_itself_is_not_sent() -> None:
    exported = {**BASE, "is_read_only": True, "author_handle": "x", "id": "abc", "url": "/x", "created_at": "2026"}
    assert DASHBOARD.tracked(exported, ID).keys() == {*BASE, "description"}


def test_a_put_keeps_the_roles_of_a_policy_unless_the_yaml_has_its_own() -> None:
    live = {**BASE, "restricted_roles": ["theirs"]}
    assert DASHBOARD.writable(BASE, live)["restricted_roles"] == ["theirs"]
    assert DASHBOARD.writable({**BASE, "restricted_roles": []}, live)["restricted_roles"] == []


def test_the_marks_of_other_tools_are_known() -> None:
    assert DASHBOARD.foreign_owner({"description": "-- Managed by kennel a:b in a.rb"}) == "kennel"
    assert DASHBOARD.foreign_owner({"tags": ["terraform:true"]}) == "terraform"
    assert DASHBOARD.foreign_owner({"description": MARK, "tags": None}) is None


ODD: list[object] = [None, 7, "text", [], {}, [7], True, 1.5, [None], [{"a": []}], {"a": None}, ["\ud800"], [10**30]]
WIDGETS: list[object] = [
    [{"definition": None}],
    [{"definition": {"type": ["x"], "title": {}}}],
    [{"definition": {"type": "timeseries", "requests": [7, {"conditional_formats": [7, "\ud800", {}, None]}]}}],
    [{"definition": {"type": "timeseries", "requests": [{"style": [], "conditional_formats": {}}]}}],
    [{"definition": {"type": "timeseries", "yaxis": 7, "requests": {}}}],
    [{"definition": {"type": "group", "widgets": 7}}],
    [{"definition": {"type": "group", "widgets": [None, 7]}}],
    [{"id": []}],
]
QUESTIONS: list[Callable[[Payload], object]] = [
    *(DASHBOARD.tracking_id, DASHBOARD.foreign_owner, DASHBOARD.identity, DASHBOARD.likeness, DASHBOARD.age),
    *(DASHBOARD.title, DASHBOARD.order, DASHBOARD.may_refer, DASHBOARD.creator),
]
KEYS = [
    "title",
    "description",
    "layout_type",
    "widgets",
    "tags",
    "notify_list",
    "tabs",
    "template_variables",
    "reflow_type",
]


@pytest.mark.parametrize(
    ("key", "odd"), [*((key, odd) for key in KEYS for odd in ODD), *(("widgets", odd) for odd in WIDGETS)], ids=ascii
)
def test_no_value_of_any_field_breaks_a_question(key: str, odd: object) -> None:
    payload = {**BASE, "id": "abc", key: odd}
    assert DASHBOARD.comparable(payload, payload) == DASHBOARD.comparable(payload, payload)
    assert all(question(payload) == question(payload) for question in QUESTIONS)
    assert DASHBOARD.tracking_id(DASHBOARD.tracked(payload, ID)) == ID
    assert DASHBOARD.writable(payload, {**BASE, "id": "abc"})
    assert DASHBOARD.writable(BASE, payload)


@pytest.mark.parametrize("widget_ids", [None, 7, [1], [[1]], [{"a": 1}], ["@1", None]], ids=str)
def test_no_tab_breaks_the_form(widget_ids: object) -> None:
    payload = {
        **BASE,
        "widgets": [note("a", id=[1]), note("b", id=2)],
        "tabs": [{"name": "t", "widget_ids": widget_ids}, 7],
    }
    assert DASHBOARD.comparable(payload) == DASHBOARD.comparable(payload)

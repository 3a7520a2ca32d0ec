"""Monitors: how they carry our id, when two mean the same, what a PUT says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from generator.resources.monitor_defaults import OPTIONS, TOP_LEVEL
from generator.resources.types import Payload, resource_types

MONITOR = resource_types()["monitor"]
BASE: dict[str, Any] = {"name": "CPU", "type": "query alert", "query": "avg(last_5m):avg:cpu{*} > 9", "message": "@a"}
ID = "main/api/cpu/production"


def with_options(**options: Any) -> dict[str, Any]:
    return {**BASE, "options": options}


EQUAL = [
    ({}, {"tags": None}),
    ({}, {"tags": []}),
    ({}, {"priority": None}),
    ({}, {"priority": 0}),
    ({"priority": "5"}, {"priority": 5}),
    ({}, {"draft_status": "published"}),
    ({}, {"options": None}),
    ({}, {"options": {}}),
    ({}, {"message": "@a\n"}),
    ({}, {"query": BASE["query"] + " \n"}),
    ({}, {"type": "metric alert"}),
    ({}, {"restricted_roles": ["added-by-a-policy"]}),
    ({}, {"added_next_year": "by the server"}),
    ({}, {"options": {"added_next_year": "by the server"}}),
    ({"tags": ["b:2", "a:1"]}, {"tags": ["a:1", "b:2"]}),
    ({"options": {"thresholds": {"critical": 2}}}, {"options": {"thresholds": {"critical": 2.0}}}),
    ({"options": {"thresholds": {"critical": 2}}}, {"options": {"thresholds": {"critical": 2, "warning": None}}}),
    ({}, {"options": {"thresholds": {}}}),
    ({}, {"options": {"evaluation_delay": 0, "timeout_h": None, "renotify_interval": 0, "escalation_message": ""}}),
    ({}, {"options": {"new_host_delay": 300, "include_tags": True, "notify_audit": False, "notify_no_data": False}}),
    ({}, {"options": {"groupby_simple_monitor": False, "enable_logs_sample": False, "silenced": {"*": None}}}),
    ({"options": {"new_group_delay": 60}}, {"options": {"new_group_delay": 60, "new_host_delay": None}}),
    ({}, {"options": {"new_group_delay": 0, "variables": [], "notify_by": [], "device_ids": []}}),
    ({}, {"options": {"renotify_occurrences": 0, "min_failure_duration": 0, "min_location_failed": 1}}),
    ({}, {"options": {"timeout_h": 0, "threshold_windows": {"recovery_window": None}}}),
    ({}, {"options": {"scheduling_options": {"custom_schedule": None}}}),
    ({}, {"name": "CPU "}),
    ({"options": {"notify_by": ["env", "host"]}}, {"options": {"notify_by": ["host", "env"]}}),
    ({"type": "service check"}, {"options": {"thresholds": {"ok": 1, "warning": 1.0}, "require_full_window": False}}),
    ({"type": "event alert"}, {"options": {"thresholds": {"critical": 0}, "require_full_window": False}}),
    ({"options": {"renotify_statuses": ["warn", "alert"]}}, {"options": {"renotify_statuses": ["alert", "warn"]}}),
]


@pytest.mark.parametrize(("desired", "live"), EQUAL, ids=str)
def test_what_means_the_same_to_datadog_has_one_form(desired: dict[str, Any], live: dict[str, Any]) -> None:
    wanted = {**BASE, **desired}
    assert MONITOR.comparable({**wanted, **live}, wanted) == MONITOR.comparable(wanted, wanted)


DIFFERENT = [
    ({}, {"name": "cpu"}),
    ({}, {"message": "@b"}),
    ({}, {"query": "avg(last_5m):avg:cpu{*} > 8"}),
    ({}, {"type": "log alert"}),
    ({}, {"tags": ["by:hand"]}),
    ({}, {"priority": 1}),
    ({}, {"draft_status": "draft"}),
    ({"restricted_roles": ["ours"]}, {"restricted_roles": ["theirs"]}),
    ({"restricted_roles": None}, {"restricted_roles": ["theirs"]}),
    ({"restricted_roles": ["ours"]}, {"restricted_roles": None}),
    ({"new_at_datadog": 1}, {"new_at_datadog": None}),
    ({"options": {"new_at_datadog": 1}}, {"options": {}}),
    ({"options": {"new_at_datadog": 1}}, {"options": {"new_at_datadog": 2}}),
    ({}, {"options": {"renotify_interval": 60}}),
    ({}, {"options": {"require_full_window": False}}),
    ({}, {"options": {"new_host_delay": 0}}),
    ({"options": {"new_group_delay": 60}}, {"options": {"new_group_delay": 60, "new_host_delay": 300}}),
    ({"type": "service check"}, {"options": {"thresholds": {"ok": 2, "warning": 1}}}),
    ({}, {"options": {"include_tags": False}}),
    ({}, {"options": {"on_missing_data": "resolve"}}),
    ({}, {"options": {"notify_no_data": True}}),
    ({}, {"options": {"thresholds": {"critical": 0}}}),
    ({"options": {"thresholds": {"critical": 2}}}, {"options": {"thresholds": {"critical": 2.5}}}),
]


@pytest.mark.parametrize(("desired", "live"), DIFFERENT, ids=str)
def test_what_was_changed_by_hand_has_another_form(desired: dict[str, Any], live: dict[str, Any]) -> None:
    wanted = {**BASE, **desired}
    assert MONITOR.comparable({**wanted, **live}, wanted) != MONITOR.comparable(wanted, wanted)


@pytest.mark.parametrize("rule", [*TOP_LEVEL, *OPTIONS], ids=lambda rule: rule.key)
def test_every_rule_of_the_table_names_its_evidence(rule: Any) -> None:
    assert len(rule.evidence) > 5


@pytest.mark.parametrize("rule", [rule for rule in OPTIONS if rule.compared], ids=lambda rule: rule.key)
def test_every_option_that_is_set_by_hand_is_seen(rule: Any) -> None:
    assert MONITOR.comparable(with_options(**{rule.key: "by hand"}), BASE) != MONITOR.comparable(BASE, BASE)


def test_the_form_of_a_form_is_itself() -> None:
    form = MONITOR.comparable(with_options(thresholds={"critical": 2.0}, new_group_delay=60), BASE)
    assert MONITOR.comparable(form, form) == form


def test_a_put_names_what_the_yaml_no_longer_has_because_a_put_keeps_what_it_does_not_name() -> None:
    body = MONITOR.writable({"name": "n", "type": "query alert", "query": "q"})
    assert {"message": "", "tags": [], "priority": None, "draft_status": "published", "options": {}}.items() <= (
        body.items()
    )


def test_a_put_keeps_the_roles_of_a_policy_unless_the_yaml_has_its_own() -> None:
    live = {**BASE, "restricted_roles": ["theirs"]}
    assert MONITOR.writable(BASE, live)["restricted_roles"] == ["theirs"]
    assert MONITOR.writable({**BASE, "restricted_roles": ["ours"]}, live)["restricted_roles"] == ["ours"]
    assert MONITOR.writable({**BASE, "restricted_roles": None}, live)["restricted_roles"] is None


def test_a_tracked_monitor_bears_its_id_once_and_only_as_tags() -> None:
    first = MONITOR.tracked({**BASE, "tags": ["team:web"]}, "main/api/old/production")
    second = MONITOR.tracked(first, ID)
    assert second["tags"] == ["team:web", "managed_by:toban", f"toban_id:{ID}"]
    assert {**second, "tags": None} == {**BASE, "tags": None}
    assert MONITOR.tracking_id(second) == ID


def test_what_the_server_writes_is_not_sent_back() -> None:
    exported = {**BASE, "id": 1, "creator": {"name": "x"}, "created": "2026", "overall_state": "OK"}
    assert MONITOR.tracked(exported, ID).keys() == {*BASE, "tags"}


NOBODYS = [
    {},
    {"tags": None},
    {"tags": []},
    {"tags": 7},
    {"tags": "toban_id:main/a/b/c"},
    {"tags": [7, None, ["x"], {"k": 1}]},
    {"tags": ["toban_id:"]},
    {"tags": ["toban_id:main/a/b"]},
    {"tags": ["toban_id:main/a/b/c/d"]},
    {"tags": ["toban_id:Main/a/b/c"]},
    {"tags": ["toban_id:main/a/b/" + "c" * 200]},
    {"tags": ["toban_id:main/a/b/c", "toban_id:main/a/b/d"]},
    {"tags": ["managed_by:toban"]},
]


@pytest.mark.parametrize("payload", NOBODYS, ids=lambda payload: str(payload)[:50])
def test_a_monitor_without_one_whole_id_is_nobodys(payload: dict[str, Any]) -> None:
    assert MONITOR.tracking_id(payload) is None


def test_an_id_is_found_among_odd_tags() -> None:
    assert MONITOR.tracking_id({"tags": [None, 7, "toban_id:main/a/b/c", ["x"]]}) == "main/a/b/c"


OWNERS = [
    ({"tags": ["managed_by:terraform"]}, "terraform"),
    ({"tags": ["managed-by:Pulumi"]}, "pulumi"),
    ({"tags": ["terraform:true"]}, "terraform"),
    ({"tags": ["managed_by:datadog-sync"]}, "datadog-sync"),
    ({"tags": ["generated:kubernetes"]}, "datadog-operator"),
    ({"tags": ["created_by:terraform"]}, "terraform"),
    ({"message": "x\n-- Managed by kennel a:b in a.rb"}, "kennel"),
    ({"tags": ["created_by:alice"]}, None),
    ({"tags": ["managed_by:toban"]}, None),
    ({"tags": ["team:terraform"]}, None),
    ({"tags": None, "message": None}, None),
    ({"tags": [7, None], "message": 7}, None),
]


@pytest.mark.parametrize(("payload", "owner"), OWNERS, ids=str)
def test_the_marks_of_other_tools_are_known(payload: dict[str, Any], owner: str | None) -> None:
    assert MONITOR.foreign_owner(payload) == owner


SCHEDULE: dict[str, Any] = {"scheduling_options": {"custom_schedule": {"recurrences": [{}]}}}
IDENTITIES = [
    ({"type": "metric alert"}, {"type": "query alert"}, True),
    ({"type": "log alert"}, {"type": "query alert"}, False),
    ({"type": "query alert", "options": SCHEDULE}, {"type": "query alert"}, False),
    ({"type": "query alert", "options": {"scheduling_options": None}}, {"type": "query alert", "options": None}, True),
    (
        {"type": "query alert", "options": {"scheduling_options": {"evaluation_window": {}}}},
        {"type": "query alert"},
        True,
    ),
]


@pytest.mark.parametrize(("one", "other", "same"), IDENTITIES, ids=str)
def test_type_and_custom_schedule_cannot_be_updated(one: dict[str, Any], other: dict[str, Any], *, same: bool) -> None:
    assert (MONITOR.identity(one) == MONITOR.identity(other)) is same


def test_an_id_that_comes_as_text_is_as_old_as_the_same_number() -> None:
    assert MONITOR.age({"id": "9"}) == MONITOR.age({"id": 9})
    assert MONITOR.age({"id": "9"}) < MONITOR.age({"id": 10})


ODD: list[object] = [None, 7, "text", [], {}, [7], True, 1.5, [None], [{"a": []}], {"a": None}]

QUESTIONS: list[Callable[[Payload], object]] = [
    *(MONITOR.tracking_id, MONITOR.foreign_owner, MONITOR.identity, MONITOR.likeness, MONITOR.age),
    *(MONITOR.title, MONITOR.order, MONITOR.may_refer, MONITOR.creator),
]


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("key", ["name", "type", "query", "message", "tags", "priority", "options", "creator", "id"])
def test_no_value_of_any_field_breaks_a_question(key: str, odd: object) -> None:
    payload = {**BASE, "id": 1, key: odd}
    form = MONITOR.comparable(payload, payload)
    assert form == MONITOR.comparable(payload, payload)
    assert all(question(payload) == question(payload) for question in QUESTIONS)
    assert MONITOR.tracking_id(MONITOR.tracked(payload, ID)) == ID
    assert MONITOR.writable(payload, payload)


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("key", [rule.key for rule in OPTIONS])
def test_no_value_of_any_option_breaks_the_form(key: str, odd: object) -> None:
    payload = with_options(**{key: odd})
    assert MONITOR.comparable(payload, payload) == MONITOR.comparable(payload, payload)
    assert MONITOR.identity(payload) == MONITOR.identity(payload)


@pytest.mark.parametrize("monitor_type", ["service check", "event alert"])
@pytest.mark.parametrize("odd", ODD, ids=str)
def test_no_thresholds_break_what_the_browser_fills_in(monitor_type: str, odd: object) -> None:
    payload = {**with_options(thresholds=odd), "type": monitor_type}
    assert MONITOR.comparable(payload, payload) == MONITOR.comparable(payload, payload)

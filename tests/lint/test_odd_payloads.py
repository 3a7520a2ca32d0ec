"""A raw monitor and a dashboard hold whatever somebody writes: rules say what they can, and none of them fails."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.lint.runner import lint
from generator.render.model import Rendering, Resource
from tests.lint.test_rules import Locate

ODD: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from([None, True, 0, -1, 1e308, 10**40, "", "*", "$x", "a b", "FREQ=", "%{", "a:", {}, []]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "q", "a"]), inner, max_size=3),
    max_leaves=5,
)
OPTIONS = [
    "evaluation_delay",
    "notify_by",
    "new_group_delay",
    "timeout_h",
    "on_missing_data",
    "notify_no_data",
    "no_data_timeframe",
    "thresholds",
    "renotify_interval",
    "renotify_statuses",
    "renotify_occurrences",
    "escalation_message",
    "scheduling_options",
    "variables",
]
SCHEDULING = st.fixed_dictionaries(
    {},
    optional={
        "custom_schedule": ODD
        | st.fixed_dictionaries(
            {"recurrences": ODD | st.lists(st.fixed_dictionaries({"rrule": ODD, "start": ODD, "timezone": ODD}))}
        ),
        "evaluation_window": ODD
        | st.fixed_dictionaries({}, optional={"hour_starts": ODD, "day_starts": ODD, "month_starts": ODD}),
    },
)
TYPES = ("query alert", "composite", "service check", "slo alert", "log alert")
QUERIES = (
    "avg(last_5m):avg:m{*} by {host} > 1",
    "1 && %{main/s/b/e}",
    '"c".over("*").last(2).count_by_status()',
    'error_budget("x").over("7d") > 1',
    "",
)
MONITOR = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES), "query": st.sampled_from(QUERIES)},
    optional={
        "name": ODD,
        "message": ODD,
        "tags": ODD | st.lists(ODD),
        "priority": ODD,
        "assets": ODD,
        "options": ODD
        | st.dictionaries(st.sampled_from(OPTIONS), ODD, max_size=6)
        | st.fixed_dictionaries({"scheduling_options": SCHEDULING}),
    },
)
REQUEST = st.fixed_dictionaries(
    {},
    optional={
        "q": ODD,
        "queries": ODD | st.lists(st.fixed_dictionaries({"data_source": st.just("metrics"), "query": ODD})),
        "formulas": ODD | st.lists(st.fixed_dictionaries({"formula": ODD})),
    },
)
DASHBOARD = st.fixed_dictionaries(
    {},
    optional={"widgets": ODD | st.lists(REQUEST), "template_variables": ODD | st.lists(ODD), "tags": ODD},
)


def judged(*resources: Resource) -> None:
    for finding in lint(Rendering("main", resources, ()), Locate()):
        assert finding.message


@settings(derandomize=True, max_examples=250, deadline=None)
@given(MONITOR, MONITOR)
def test_odd_monitors_break_no_rule(one: dict[str, Any], other: dict[str, Any]) -> None:
    judged(Resource("main/s/a/e", "monitor", one, "a.yaml", 1), Resource("main/s/b/e", "monitor", other, "a.yaml", 1))


@settings(derandomize=True, max_examples=150, deadline=None)
@given(DASHBOARD)
def test_odd_dashboards_break_no_rule(payload: dict[str, Any]) -> None:
    judged(Resource("main/s/a/e", "dashboard", payload, "a.yaml", 1))

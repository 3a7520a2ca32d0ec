"""Rules about queries on options of any shape, and on queries that were made to break them."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from generator.finding import Finding, Span
from generator.lint.runner import lint
from generator.render.model import Rendering, Resource
from tests.lint.test_rules import Locate

QUERIES = (
    (
        "avg(last_5m):anomalies(timeshift(avg:aws.m{*} by {pod_name}.rollup(avg, 3600), -86400) / avg:b{*}.as_rate(), "
        "'basic', 0, alert_window='last_15m', interval=300) >= 0.5"
    ),
    "sum(current_1d):default_zero(sum:gcp.m{*}.as_count()) - week_before(sum:gcp.m{*}.as_count()) > 9",
    "max(next_1w):forecast(avg:m{*}, 'linear', 0) < 1",
    "change(avg(last_1h),5m_ago):avg:m{*}.rollup(avg, 600) > 1",
)
BROKEN: tuple[Any, ...] = (None, 0, -1, 1e400, float("nan"), True, "", "x", "last_0m", [], ["x"], {}, {"x": None})
OPTIONS = (
    "evaluation_delay",
    "new_group_delay",
    "notify_no_data",
    "scheduling_options",
    "threshold_windows",
    "thresholds",
)
NESTED = {
    "scheduling_options": ("custom_schedule", "evaluation_window"),
    "threshold_windows": ("trigger_window", "recovery_window"),
    "thresholds": ("critical", "critical_recovery", "warning", "warning_recovery"),
}
EXTREMES = (
    "avg(last_5m):timeshift(avg:m{*}, -1e308) / avg:aws.m{*}.rollup(avg, 99999999999999999999) > 1",
    "avg(last_999999mo):avg:aws.m{*} - timeshift(avg:m{*}, -9999999999999999999999) > 1",
    "avg(last_5m):calendar_shift(avg:m{*}, '-99999mo', 'x') / timeshift() > 1",
    "avg(last_5m):timeshift(avg:m{*}, 'x') - day_before() > 1",
    "avg(last_5m):anomalies(avg:m{*}, 'basic', 2, interval='999999mo', alert_window='last_999999mo') > 1",
    "avg(last_5m):anomalies(alert_window='last_', interval='') > 1",
    "avg(last_5m):outliers() - forecast() - clamp_min() / clamp_min(1) > 1",
    "avg(last_5m):" + "(" * 40 + "avg:m{*}" + ")" * 40 + " / avg:b{*} > 1",
    "avg(last_5m):" + " / ".join(["avg:aws.m{*}"] * 2_000) + " > 1",
)


def findings_of(query: object, options: object, zone: str = "Europe/Berlin") -> tuple[Finding, ...]:
    payload = {"type": "query alert", "query": query, "message": "@pagerduty-x", "options": options}
    resource = Resource("main/shop/m/production", "monitor", payload, "a.yaml", 1)
    around = Rendering("main", (resource,), (), timezones={"a.yaml": zone}, arrival_seconds={"aws": 1200.0})
    return lint(around, Locate())


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("value", BROKEN, ids=repr)
def test_options_of_any_shape_are_judged(query: str, value: object) -> None:
    shapes = [{option: value} for option in OPTIONS]
    shapes += [{option: {name: value}} for option, names in NESTED.items() for name in names]
    for one, other in itertools.product(shapes, shapes[:3]):
        assert all(isinstance(each.span, Span) for each in findings_of(query, {**other, **one}))


@pytest.mark.parametrize("query", EXTREMES, ids=lambda query: query[:40])
def test_extreme_queries_are_judged(query: str) -> None:
    options = {"notify_no_data": True, "threshold_windows": {"trigger_window": "last_5m"}}
    assert all(finding.message.isprintable() for finding in findings_of(query, options))


def test_each_rule_about_shifts_can_speak_of_one_query() -> None:
    query = "avg(last_2d):avg:aws.m{*}.rollup(avg, 7200) / day_before(avg:aws.m{*}.rollup(avg, 7200)) > 1"
    rules = {finding.rule for finding in findings_of(query, {})}
    assert {"shift-shorter-than-window", "shift-over-clock-change", "deprecated-function"} <= rules

"""Downtimes and SLOs in words, odd live ones included."""

from __future__ import annotations

from typing import Any

import pytest

from generator.explain.resource_words import explain_resource

WEEKLY = {"duration": "2h", "rrule": "FREQ=WEEKLY;INTERVAL=1;BYDAY=SU", "start": "2024-01-07T03:00:00"}
TAGGED = {"monitor_tags": ["service:a", "env:p"]}
QUERY = {"numerator": "sum:good{*}.as_count()", "denominator": "sum:all{*}.as_count()"}
SLICE = {"comparator": "<", "threshold": 0.5, "query": {"queries": [{"query": "avg:latency{env:p}"}]}}
TOLD: dict[str, tuple[str, dict[str, Any], str]] = {
    "every week": (
        "downtime",
        {"monitor_identifier": TAGGED, "schedule": {"recurrences": [WEEKLY], "timezone": "Asia/Tokyo"}},
        "Silences monitors tagged `service:a` and `env:p` on Sunday from 03:00 to 05:00 (Asia/Tokyo).",
    ),
    "once, in the zone that is shown": (
        "downtime",
        {
            "monitor_identifier": {"monitor_id": 7},
            "schedule": {"start": "2026-12-29T09:00:00Z", "end": "2027-01-03T21:00:00+00:00"},
            "display_timezone": "Asia/Tokyo",
        },
        "Silences the monitor `7` from 2026-12-29 18:00 to 2027-01-04 06:00 (Asia/Tokyo).",
    ),
    "a rule, some groups, all monitors": (
        "downtime",
        {
            "monitor_identifier": {"monitor_tags": ["*"]},
            "scope": "env:p",
            "schedule": {"recurrences": [{**WEEKLY, "rrule": "FREQ=MONTHLY;BYDAY=2TU", "duration": "1d"}]},
        },
        "Silences all monitors in the groups `env:p` by the rule `FREQ=MONTHLY;BYDAY=2TU` from 03:00 for 24 hours.",
    ),
    "nothing known": ("downtime", {}, "Silences all monitors from the moment it is created."),
    "good events": (
        "slo",
        {"query": QUERY, "thresholds": [{"timeframe": "7d", "target": 99.0}, {"timeframe": "30d", "target": 99.5}]},
        "Promises 99 % over 7d and 99.5 % over 30d of good events (the sum of `good`) among all (the sum of `all`).",
    ),
    "monitors": (
        "slo",
        {"monitor_ids": [1, 2], "thresholds": [{"timeframe": "7d", "target": 99, "warning": 99.5}]},
        "Promises 99 % over 7d (close below 99.5 %) of the time in which `1` and `2` are OK.",
    ),
    "slices of time": (
        "slo",
        {"sli_specification": {"time_slice": SLICE}, "thresholds": [{"timeframe": "7d", "target": 99}]},
        "Promises 99 % over 7d of the time in which the average of `latency` in `env:p` is below 0.5.",
    ),
    "nothing of an SLO": ("slo", {}, "Promises a share of its time."),
    "a dashboard": ("dashboard", {"title": "t"}, ""),
}


@pytest.mark.parametrize(("resource", "payload", "words"), TOLD.values(), ids=TOLD)
def test_resources_are_told_in_words(resource: str, payload: dict[str, Any], words: str) -> None:
    assert explain_resource(resource, payload) == words


ODD = [
    None,
    7,
    "x",
    [],
    [None],
    {"recurrences": [None, {"start": 5, "rrule": [], "duration": 9}]},
    {"start": "0001-01-01"},
]


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_what_a_browser_or_an_old_api_left_is_told_all_the_same(value: Any) -> None:
    fields = ("schedule", "monitor_identifier", "scope", "thresholds", "query", "monitor_ids", "sli_specification")
    for resource in ("downtime", "slo"):
        assert explain_resource(resource, dict.fromkeys(fields, value))

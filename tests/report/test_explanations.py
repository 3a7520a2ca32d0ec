"""When a monitor of any kind tells, and whom, as `toban explain` prints it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from generator.render.explanation import explained
from generator.render.renderer import render
from generator.report.explanation_text import explanation_text

ORGANIZATION = b"workspace: main\ntimezone: Asia/Tokyo\nenvironments: {production: {scope: 'env:production'}}\n"
LEVEL = "avg(last_1h):avg:queue.length{env:production} > 5"
DONE = "sum(last_1d):sum:jobs.done{env:production}.as_count() < 1"


def shown(resource: str = "monitors", days: dict[date, str] | None = None, **fields: Any) -> list[str]:
    """What stands between the words and the fields."""
    written = {resource: {"one": {"kind": "raw", "type": "query alert", "message": "@slack-a", **fields}}}
    files = {
        "monitors/organization.yaml": ORGANIZATION,
        "monitors/a.yaml": json.dumps({"service": "a", **written}).encode(),
    }
    rendering = render(files)
    assert rendering.findings == ()
    text = explanation_text(explained(rendering.resources[0], files), days=days or {})
    return text.split("\n\n")[2].splitlines()


def on(rule: str, time: str, zone: str, **options: Any) -> dict[str, Any]:
    recurrence = {"rrule": rule, "start": f"2024-01-01T{time}", "timezone": zone}
    return {"scheduling_options": {"custom_schedule": {"recurrences": [recurrence]}}, **options}


DAILY = on("FREQ=DAILY;INTERVAL=1", "09:00:00", "Asia/Tokyo", on_missing_data="default")


@pytest.mark.parametrize(
    ("query", "options"), [(LEVEL, DAILY), (DONE, DAILY), (DONE, {**DAILY, "evaluation_delay": 900})]
)
def test_a_schedule_of_its_own_says_when_it_is_told(query: str, options: dict[str, Any]) -> None:
    assert shown(query=query, options=options) == [
        "When it is told (Asia/Tokyo):",
        "  it looks   at",
        "  every day  09:00",
        "  to @slack-a",
    ]


def test_a_schedule_is_told_on_the_clocks_of_those_who_read() -> None:
    """Berlin's 01:00 is 09:00 in Tokyo, and 08:00 in summer."""
    days = {date(2027, 1, 11): "Coming of Age Day", date(2027, 1, 13): "a Wednesday"}
    weekly = on("FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU", "01:00:00", "Europe/Berlin")

    assert shown(query=LEVEL, options=weekly, days=days)[1:] == [
        "  it looks                           at",
        "  Monday and Tuesday                 08:00 or 09:00",
        "  Wednesday to Sunday                never",
        "  Mon 2027-01-11, Coming of Age Day  09:00",
        "  Wed 2027-01-13, a Wednesday        never",
        "  to @slack-a",
    ]


@pytest.mark.parametrize(
    ("query", "options", "when"),
    [
        (LEVEL, {}, "as it happens, on any day and at any hour"),
        (LEVEL.replace("avg:queue", "hour_before(avg:queue", 1).replace("} >", "}) >"), {}, "1 hour after it happens"),
        (
            LEVEL.replace("avg:queue", "timeshift(avg:queue", 1).replace("} >", "}, 60) >"),
            {},
            "never, as it looks ahead",
        ),
        (LEVEL, on("FREQ=MONTHLY;BYMONTHDAY=1", "09:00:00", "UTC"), "when it looks, which its schedule says"),
        (LEVEL, on("FREQ=DAILY;INTERVAL=1", "at nine", "Nowhere"), "when it looks, which its schedule says"),
    ],
)
def test_what_has_no_table_is_told_in_a_line(query: str, options: dict[str, Any], when: str) -> None:
    found = shown(query=query, options=options)

    assert found[0].startswith(f"When it is told: {when}")
    assert found[1:] == ["  to @slack-a"]


def test_who_is_told_is_told_by_state_where_it_differs() -> None:
    message = "{{#is_alert}}@pagerduty-a{{/is_alert}} {{#is_match 'team.name' 'x'}}@slack-x\u202e{{/is_match}}"
    options = {"thresholds": {"critical": 5, "warning": 3}}

    assert shown(query=LEVEL, message=message, options=options)[1:] == [
        "Who is told:",
        "  alert     to @pagerduty-a, perhaps to @slack-x",
        "  warning   perhaps to @slack-x",
        "  recovery  perhaps to @slack-x",
    ]


def test_that_nobody_is_told_is_told() -> None:
    assert shown(query=LEVEL, message="Look.", options={})[1:] == ["  to nobody: its message names no handle"]


def test_a_draft_tells_nobody() -> None:
    assert "told" not in "".join(shown(query=LEVEL, options={}, draft_status="draft"))

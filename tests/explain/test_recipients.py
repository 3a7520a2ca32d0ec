from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.explain.recipients import Told, recipients
from generator.message.event import AlertEvent, State
from generator.message.parser import parse_message
from generator.message.renderer import render
from generator.message.vocabulary import STATE_CONDITIONS

WARNS = {"thresholds": {"critical": 5, "warning": 3}}
MISSED = {"on_missing_data": "show_and_notify_no_data"}
SCHEDULE = {"scheduling_options": {"custom_schedule": {"recurrences": [{"rrule": "FREQ=DAILY;INTERVAL=1"}]}}}
BY_STATE = "{{#is_alert}}@pagerduty-a{{/is_alert}} {{#is_warning}}@slack-w{{/is_warning}} @slack-a"
CASES: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "the same in all states": ("@a @b", {**WARNS, **MISSED}, ["to @a @b"]),
    "nobody": ("Look.", {}, ["to"]),
    "by severity": (
        BY_STATE,
        {**WARNS, **MISSED},
        [
            "alert to @pagerduty-a @slack-a",
            "warning to @slack-w @slack-a",
            "no data to @slack-a",
            "recovery to @slack-a",
        ],
    ),
    "no warning without a threshold": (BY_STATE, {}, ["alert to @pagerduty-a @slack-a", "recovery to @slack-a"]),
    "no data by the older option": (
        "{{#is_no_data}}@n{{/is_no_data}}",
        {"notify_no_data": True},
        ["alert to", "no data to @n", "recovery to"],
    ),
    "a schedule knows no recovery": (
        "{{#is_alert}}@a{{/is_alert}}{{#is_recovery}}@r{{/is_recovery}}",
        SCHEDULE,
        ["to @a"],
    ),
    "recoveries that differ": (
        "{{#is_alert_recovery}}@r{{/is_alert_recovery}}",
        WARNS,
        [
            "alert to",
            "warning to",
            "warning after an alert to @r",
            "recovery from alert to @r",
            "recovery from warning to",
        ],
    ),
    "reminders bring the escalation message along": (
        "{{#is_alert}}@a{{/is_alert}}",
        {"renotify_interval": 30, "escalation_message": "@boss", **MISSED},
        ["alert to @a", "no data to", "recovery to", "reminder of alert to @a @boss", "reminder of no data to @boss"],
    ),
    "reminders of the states that are named": (
        "@a",
        {"renotify_interval": 30, "renotify_statuses": ["warn"], "escalation_message": "@boss", **WARNS, **MISSED},
        ["alert to @a", "warning to @a", "no data to @a", "recovery to @a", "reminder to @a @boss"],
    ),
    "some groups only": (
        '@a {{#is_match "team.name" "x"}}@x{{else}}@y @a{{/is_match}} {{#is_priority "P1"}}@p{{/is_priority}}',
        {},
        ["to @a perhaps @x @y @p"],
    ),
    "a block nobody knows": ("{{#is_alrt}}@never{{else}}@always{{/is_alrt}}", {}, ["to @always"]),
    "variables stay": ("{{#is_alert}}@slack-{{team.name}}{{/is_alert}}", SCHEDULE, ["to @slack-{{team.name}}"]),
}


def written(told: Told) -> str:
    perhaps = ("perhaps", *told.perhaps) if told.perhaps else ()
    return " ".join(filter(None, (told.state, "to", *told.handles, *perhaps)))


def of(message: str, options: Any) -> tuple[Told, ...]:
    return recipients({"type": "query alert", "message": message, "options": options})


@pytest.mark.parametrize("name", CASES)
def test_who_is_told_is_named_by_state(name: str) -> None:
    message, options, lines = CASES[name]

    assert [written(each) for each in of(message, options)] == lines


def test_a_composite_may_warn_without_a_threshold_of_its_own() -> None:
    found = recipients({"type": "composite", "message": "{{#is_warning}}@w{{/is_warning}}", "options": {}})

    assert [written(each) for each in found] == ["alert to", "warning to @w", "recovery to"]


@pytest.mark.parametrize(
    "options",
    [
        None,
        3,
        [],
        {"renotify_interval": "x", "renotify_statuses": [{}, None]},
        {"thresholds": [], "on_missing_data": {}},
    ],
)
def test_options_of_any_shape_tell_alerts(options: object) -> None:
    assert "@a" in written(of("{{#is_alert}}@a{{/is_alert}}", options)[0])


def test_many_blocks_take_no_time() -> None:
    found = of("{{#is_alert}}@a{{/is_alert}}" * 20_000 + "{{#is_warning}}" * 20_000, WARNS)

    assert found[0] == Told("alert", ("@a",))


EVENTS = {
    "alert": (State.ALERT, State.OK, False),
    "warning": (State.WARNING, State.OK, False),
    "warning after an alert": (State.WARNING, State.ALERT, False),
    "no data": (State.NO_DATA, State.OK, False),
    "recovery from alert": (State.OK, State.ALERT, False),
    "recovery from warning": (State.OK, State.WARNING, False),
    "recovery from no data": (State.OK, State.NO_DATA, False),
    "reminder of alert": (State.ALERT, State.ALERT, True),
    "reminder of warning": (State.WARNING, State.WARNING, True),
    "reminder of no data": (State.NO_DATA, State.NO_DATA, True),
}
ALL = {"renotify_interval": 30, "renotify_statuses": ["alert", "warn", "no data"], **WARNS, **MISSED}
NAMES = st.sampled_from((*STATE_CONDITIONS, "is_nonsense"))
TEXTS = st.recursive(
    st.integers(0, 9).map(lambda number: f" @h{number} "),
    lambda inner: (
        st.builds(
            lambda mark, name, body, other: f"{{{{{mark}{name}}}}}{body}{{{{else}}}}{other}{{{{/{name}}}}}",
            st.sampled_from("#^"),
            NAMES,
            inner,
            inner,
        )
        | st.tuples(inner, inner).map("".join)
    ),
    max_leaves=8,
)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(TEXTS)
def test_who_is_named_is_who_a_notification_of_that_state_reaches(text: str) -> None:
    rows = {each.state: set(each.handles) for each in of(text, ALL)}
    for name, (state, previous, again) in EVENTS.items():
        event = AlertEvent(state=state, previous=previous, is_renotification=again, at=datetime(2027, 1, 1, tzinfo=UTC))
        told = next(rows[each] for each in (name, name.split(" ")[0], "") if each in rows)
        assert told == set(render(parse_message(text), event, lambda _: None).handles), name

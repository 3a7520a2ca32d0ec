"""The brute-force reading reads all of a payload: whatever is changed in it, the proof by exhaustion would see."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.kinds import brute_force
from tests.kinds.brute_force import DAY, Clocks, minute
from tests.kinds.rendering import delay, failure, payloads

Payload = dict[str, Any]
FIRST = minute("2026-06-01T00:00Z")
CLOCKS = Clocks("Asia/Tokyo", FIRST - 8 * DAY, FIRST + 16 * DAY)
EVENTS = range(FIRST, FIRST + 7 * DAY, 97)
NIGHT = {"from": "04:00", "to": "05:30"}


def of_failures(rendered: Sequence[Payload]) -> object:
    """When each is told; or that it cannot be read."""
    try:
        monitors = [brute_force.monitor(each["query"], each["options"]) for each in rendered]
    except (AssertionError, KeyError) as error:
        return type(error)
    return brute_force.first_told(monitors, EVENTS, CLOCKS, lag=20)


def of_runs(rendered: Sequence[Payload]) -> object:
    """What each of three looks tells of no run, of one, and of two."""
    try:
        (one,) = (brute_force.monitor(each["query"], each["options"]) for each in rendered)
    except (AssertionError, KeyError) as error:
        return type(error)
    looks = list(one.evaluations(CLOCKS))[:3]
    finishes = [[], [-150], [-30], [-20], [-10], [-150, -149], [-24 * 60]]
    return looks, [
        brute_force.told_of_runs(one, at, [at + each for each in done], lag=lag)
        for at in looks
        for done in finishes
        for lag in (0, 20)
    ]


def query(old: str, new: str) -> Callable[[Payload], None]:
    def change(payload: Payload) -> None:
        assert old in payload["query"]
        payload["query"] = payload["query"].replace(old, new)

    return change


def option(name: str, value: object) -> Callable[[Payload], None]:
    return lambda payload: payload["options"].update({name: value})


def both(*changes: Callable[[Payload], None]) -> Callable[[Payload], None]:
    def change(payload: Payload) -> None:
        for each in changes:
            each(payload)

    return change


def schedule(name: str, value: object) -> Callable[[Payload], None]:
    def change(payload: Payload) -> None:
        payload["options"]["scheduling_options"]["custom_schedule"]["recurrences"][0][name] = value

    return change


OF_ANY_FAILURE = {
    "more than one failure": both(query("> 0", "> 500"), option("thresholds", {"critical": 500})),
    "another number in the options": option("thresholds", {"critical": 3}),
    "what succeeded": query("executions_failed", "executions_succeeded"),
    "fewer instead of more": query("> 0", "< 1"),
    "no data is told": option("on_missing_data", "show_and_notify_no_data"),
    "a full window": option("require_full_window", value=True),
    "a rate": query(".as_count()", ""),
}
OF_A_SCHEDULE = {
    "a first day to come": schedule("start", "2030-01-01T10:00:00"),
    "another hour": schedule("start", "2024-01-01T09:00:00"),
    "another zone": schedule("timezone", "UTC"),
    "other days": schedule("rrule", "FREQ=WEEKLY;INTERVAL=1;BYDAY=SA"),
    "every second week": schedule("rrule", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    "a shorter window": query("h):", "m):"),
}
OF_A_SHIFT = {
    "an evaluation delay": option("evaluation_delay", 1200),
    "another shift": query("-21600", "-18000"),
    "a shift of one metric alone": query("-21600) + timeshift(", "-3600) + timeshift("),
}
OF_LATENESS = {
    "two runs": both(query("< 1", "< 2"), option("thresholds", {"critical": 2})),
    "no data is well": option("on_missing_data", "resolve"),
    "what failed": query("succeeded", "failed"),
    "no evaluation delay": option("evaluation_delay", 0),
    "a window of a day": query("last_5h", "last_29h"),
}
CASES = [
    *(("timeshift", of_failures, change) for change in (OF_ANY_FAILURE | OF_A_SHIFT).items()),
    *(("schedule", of_failures, change) for change in (OF_ANY_FAILURE | OF_A_SCHEDULE).items()),
    *(("delay", of_runs, change) for change in (OF_LATENESS | OF_A_SCHEDULE).items()),
]


def rendered_as(name: str) -> list[Payload]:
    if name == "delay":
        return payloads(delay(runs={"from": "04:00"}, deadline="08:00"))
    return payloads(failure(runs=NIGHT, notify_at="10:00", delivery=name))


@pytest.mark.parametrize(("name", "told", "named"), CASES, ids=lambda each: each if isinstance(each, str) else "")
def test_a_change_of_the_payload_changes_what_is_told(
    name: str, told: Callable[[Sequence[Payload]], object], named: tuple[str, Callable[[Payload], None]]
) -> None:
    rendered = rendered_as(name)
    changed = copy.deepcopy(rendered)
    for each in changed:
        named[1](each)

    assert not isinstance(told(rendered), type)
    assert told(changed) != told(rendered), named[0]

"""What is said of missing data is what the simulator does."""

from __future__ import annotations

from typing import Any

import pytest

from generator.explain.words import explain_monitor
from tests.simulate.histories import minutes, simulated

COUNT = "sum(last_5m):sum:a{*}.as_count()"
SUM = "sum(last_5m):sum:a{*}"
RATIO = "sum(last_5m):sum:a{*}.as_count() / sum:b{*}.as_count()"
DIFFERENCE = "sum(last_5m):sum:a{*}.as_count() - sum:b{*}.as_count()"
GAUGE = "avg(last_5m):avg:a{*}"
STAYS, ZERO_OK, ZERO_ALERTS = "it stays as it is.", "it counts 0, which is OK", "it counts 0, which alerts"
MOST_LIKELY = "it most likely stays as it is: only with `on_missing_data: default` is it documented to count 0, which"
OPEN = "or stays as it is: whether a sum without `.as_count()` is a count is not documented."
DEFAULT: dict[str, Any] = {"on_missing_data": "default"}
SAID: list[tuple[str, dict[str, Any], str, str, str]] = [
    # the query, its options, what is said, and what becomes of OK and of an alert
    (f"{COUNT} > 30", {}, f"{MOST_LIKELY} is OK.", "OK", "Alert"),
    (f"{COUNT} < 3", {}, f"{MOST_LIKELY} alerts.", "OK", "Alert"),
    (f"{COUNT} > 30", DEFAULT, f"{ZERO_OK}.", "OK", "OK"),
    (f"{COUNT} < 3", DEFAULT, f"{ZERO_ALERTS}.", "Alert", "Alert"),
    (f"{COUNT} > 30", {"notify_no_data": False}, f"{MOST_LIKELY} is OK.", "OK", "Alert"),
    (f"{SUM} > 30", {}, f"{MOST_LIKELY} is OK.", "OK", "Alert"),
    (f"{SUM} > 30", DEFAULT, f"{ZERO_OK}, {OPEN}", "OK", "OK"),
    (f"{GAUGE} > 5", {}, STAYS, "OK", "Alert"),
    (f"{GAUGE} > 5", DEFAULT, STAYS, "OK", "Alert"),
    (f"{RATIO} > 5", {}, f"{MOST_LIKELY} is OK.", "OK", "Alert"),
    (f"{RATIO} > 5", DEFAULT, f"{ZERO_OK}.", "OK", "OK"),
    (f"{RATIO} > 5", {"on_missing_data": "resolve"}, "it is OK.", "OK", "OK"),
    (f"{DIFFERENCE} > 20", DEFAULT, f"{ZERO_OK}.", "OK", "OK"),
]


def last_state(query: str, options: dict[str, Any], *points: str) -> str:
    """An hour after the first of the points of `a` and `b`, of one a minute."""
    series = [minutes(text, metric=name, kind="count") for name, text in zip("ab", points, strict=False)]
    return simulated(query, *series, until="01:00", **options).groups[0].end.state.value


@pytest.mark.parametrize(("query", "options", "said", "from_ok", "from_alert"), SAID)
def test_no_data_at_all_is_told_as_it_is_simulated(
    query: str, options: dict[str, Any], said: str, from_ok: str, from_alert: str
) -> None:
    words = explain_monitor({"type": "query alert", "query": query, "options": options})
    low, high = ("9x20", "0x20") if "<" in query else ("1x20", "99x20")

    assert f"Without data {said}" in words
    assert last_state(query, options, low, "1x20") == from_ok
    assert last_state(query, options, high, "1x20") == from_alert


def test_beside_a_custom_schedule_the_default_is_left_out_of_answers() -> None:
    recurrence = {"rrule": "FREQ=DAILY;INTERVAL=1", "start": "2027-01-05T00:30:00", "timezone": "UTC"}
    options = {"scheduling_options": {"custom_schedule": {"recurrences": [recurrence]}}}
    words = explain_monitor({"type": "query alert", "query": f"{COUNT} < 3", "options": options})

    assert words.endswith("Without data it counts 0, which alerts.")
    assert last_state(f"{COUNT} < 3", options, "9x20") == "Alert"


def test_what_one_of_two_counts_lacks_is_told_as_it_is_simulated() -> None:
    query = f"{RATIO} > 5"
    words = explain_monitor({"type": "query alert", "query": query, "options": {}})

    assert words.endswith(" A metric that alone has no data counts 0, and with nothing to divide by it stays as it is.")
    assert last_state(query, {}, "10x20", "1x60") == "OK"
    assert last_state(query, {}, "10x60", "1x20") == "Alert"


def test_where_two_counts_are_added_that_one_lacks_data_is_not_worth_a_word() -> None:
    query = "sum(last_5m):sum:a{*}.as_count() + sum:b{*}.as_count() > 5"

    assert "alone" not in explain_monitor({"type": "query alert", "query": query, "options": DEFAULT})


@pytest.mark.parametrize("minutes_without", [0, -1, True, float("nan"), float("inf"), "10", [10]])
def test_a_time_without_data_that_is_none_is_not_told(minutes_without: object) -> None:
    options = {"notify_no_data": True, "no_data_timeframe": minutes_without}

    assert explain_monitor({"type": "query alert", "query": f"{GAUGE} > 5", "options": options}).endswith(
        "Without data it notifies."
    )

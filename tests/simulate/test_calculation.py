"""How an evaluation gets its value: each rule with the page that says it."""

from __future__ import annotations

from typing import Any

import pytest

from generator.simulate.evaluating import simulate
from generator.simulate.history import History, Series
from generator.simulate.refusal import Refusal
from generator.simulate.settings import Settings
from tests.simulate.histories import START, at, changes, minutes, points, simulated
from tests.simulate.values import found, value

A, B = ("host:a",), ("host:b",)


def counts(text: str, **of: Any) -> Series:
    return minutes(text, kind="count", **of)


# https://docs.datadoghq.com/monitors/guide/why-did-my-monitor-settings-change-not-take-effect/ and
# https://docs.datadoghq.com/dashboards/functions/rollup/#rollups-in-monitors
def test_buckets_start_at_multiples_of_their_length_since_the_epoch() -> None:
    series = points({"00:04": 1, "00:05": 2, "00:09": 4, "00:10": 8})
    assert value("sum(last_5m):sum:m{*}.rollup(sum, 300)", series, when="00:09") == 6
    assert value("sum(last_10m):sum:m{*}.rollup(sum, 300)", series, when="00:10") == 14


def test_a_bucket_that_began_before_the_window_is_left_out_and_the_last_one_is_taken_half_full() -> None:
    series = points({"00:04": 1, "00:05": 2, "00:06": 4, "00:07": 8})
    assert value("sum(last_4m):sum:m{*}.rollup(sum, 300)", series, when="00:06") == 6


@pytest.mark.parametrize("delay", [300, 3600])
def test_a_delay_of_a_buckets_length_completes_the_last_bucket(delay: int) -> None:
    """https://docs.datadoghq.com/dashboards/functions/rollup/#rollups-in-monitors."""
    query, steady = "min(last_15m):sum:m{*}.as_count().rollup(sum, 300) < 5", counts("1x180")
    assert changes(simulated(query, steady, since="01:20", until="02:50", evaluation_delay=delay)) == []
    assert changes(simulated(query, steady, since="01:20", until="01:30", evaluation_delay=180)) != []


def test_a_shift_reads_complete_buckets() -> None:
    """It shows the same series earlier (https://docs.datadoghq.com/dashboards/functions/timeshift/)."""
    query = "min(last_15m):timeshift(sum:m{*}.as_count().rollup(sum, 300), -3600) < 5"
    assert changes(simulated(query, counts("1x180"), since="01:20", until="02:50")) == []


def test_a_delayed_bucket_lacks_what_had_not_arrived() -> None:
    query, late = "min(last_15m):sum:m{*}.as_count().rollup(sum, 300)", counts("1x60", arrives=120)
    assert value(query, late, when="00:35", evaluation_delay=300) == 4
    assert value(query, late, when="00:37", evaluation_delay=420) == 5


@pytest.mark.parametrize(("method", "expected"), [("avg", 3), ("sum", 9), ("min", 2), ("max", 4), ("count", 3)])
def test_a_rollup_takes_its_method(method: str, expected: float) -> None:
    """https://docs.datadoghq.com/dashboards/functions/rollup/."""
    series = points({"00:05": 2, "00:07": 3, "00:09": 4})
    assert value(f"avg(last_5m):avg:m{{*}}.rollup({method}, 300)", series, when="00:09") == expected


@pytest.mark.parametrize(
    ("kind", "modifier", "expected"),
    [
        ("gauge", "", 3), ("gauge", ".as_count()", 3), ("gauge", ".as_rate()", 3),
        ("count", "", 3), ("count", ".as_count()", 6), ("count", ".as_rate()", 0.05),
        ("rate", "", 3), ("rate", ".as_count()", 60), ("rate", ".as_rate()", 6),
    ],
)  # fmt: skip
def test_modifiers_sum_counts_and_rates_and_leave_gauges_alone(kind: Any, modifier: str, expected: float) -> None:
    """https://docs.datadoghq.com/metrics/custom_metrics/type_modifiers/."""
    series = points({"00:00": 2, "00:01": 4}, kind=kind, interval=10)
    query = f"avg(last_2m):avg:m{{*}}{modifier}.rollup({'sum' if modifier and kind != 'gauge' else 'avg'}, 120)"
    assert value(query, series, when="00:01") == expected


# https://docs.datadoghq.com/metrics/guide/interpolation-the-fill-modifier-explained/
STEADY = minutes("10x12", tags=A)
FILLS: list[tuple[str, str, float]] = [
    ("", "1 _", 11), ("", "1 _x5", 11), ("", "1 _x6", 10), (".fill(null)", "1 _", 10), (".fill(zero)", "1 _", 10),
    (".fill(last)", "1 _", 11), (".fill(7)", "1 _", 17), (".fill(last, 60)", "1 _x2", 10),
    (".fill(last, 120)", "1 _x2", 11), (".fill(linear, 480)", "1 _x8", 11), (".fill(linear, 480)", "1 _x9", 10),
]  # fmt: skip


@pytest.mark.parametrize(("fill", "text", "expected"), FILLS)
def test_gaps_between_several_sources_are_closed_for_five_minutes_or_as_asked(
    fill: str, text: str, expected: float
) -> None:
    last = sum(int(part.partition("x")[2] or 1) for part in text.split()) - 1
    query = f"sum(last_1m):sum:m{{*}}{fill}"
    assert value(query, STEADY, minutes(text, tags=B), when=f"00:{last:02}") == expected


def test_a_gap_is_a_straight_line_once_the_next_point_has_come() -> None:
    sources = (STEADY, minutes("1 _ 3", tags=B))
    assert value("sum(last_2m):sum:m{*}", *sources, when="00:02") == 12 + 13


def test_the_last_point_goes_on_while_the_next_has_not_come() -> None:
    sources = (STEADY, minutes("1 _ 3", tags=B))
    assert value("sum(last_1m):sum:m{*}", *sources, when="00:01") == 11


def test_one_source_alone_is_not_interpolated() -> None:
    assert value("sum(last_3m):sum:m{*}", minutes("1 _ 3"), when="00:02") == 4
    assert (
        value("sum(last_3m):sum:m{*}", minutes("1 _ 3"), when="00:02", settings=Settings(interpolated="queries")) == 4
    )


def test_counts_are_not_interpolated() -> None:
    """https://docs.datadoghq.com/metrics/custom_metrics/type_modifiers/."""
    sources = (counts("10x3", tags=A), counts("1 _ 3", tags=B))
    assert value("sum(last_3m):sum:m{*}.as_count()", *sources, when="00:02") == 34


def test_groups_of_one_source_are_interpolated_by_a_setting() -> None:
    sources = (minutes("1x3", tags=A), minutes("1 _ 3", tags=B))
    query = "sum(last_3m):sum:m{*} by {host}"
    assert found(query, *sources, when="00:02") == {A: 3, B: 4}
    assert found(query, *sources, when="00:02", settings=Settings(interpolated="queries")) == {A: 3, B: 6}


@pytest.mark.parametrize(("space", "expected"), [("avg", 3), ("sum", 6), ("min", 2), ("max", 4), ("count", 2)])
def test_sources_are_aggregated_in_space(space: str, expected: float) -> None:
    """https://docs.datadoghq.com/metrics/#space-aggregation."""
    sources = (minutes("2", tags=A), minutes("4", tags=B))
    assert value(f"avg(last_1m):{space}:m{{*}}", *sources, when="00:00") == expected


def test_each_group_has_its_sources_and_those_without_the_tag_none() -> None:
    """https://docs.datadoghq.com/monitors/configuration/: groups with N/A are not evaluated."""
    sources = (minutes("1", tags=(*A, "disk:x")), minutes("2", tags=(*A, "disk:y")), minutes("4", tags=B), minutes("8"))
    assert found("avg(last_1m):sum:m{*} by {host}", *sources, when="00:00") == {A: 3, B: 4}
    assert found("avg(last_1m):exclude_null(sum:m{*} by {host})", *sources, when="00:00") == {A: 3, B: 4}


@pytest.mark.parametrize(("function", "expected"), [("avg", 3), ("sum", 9), ("min", 1), ("max", 5)])
def test_the_points_of_a_window_are_aggregated_in_time(function: str, expected: float) -> None:
    """https://docs.datadoghq.com/monitors/types/metric/#aggregation-method."""
    assert value(f"{function}(last_3m):avg:m{{*}}", minutes("100 1 5 3"), when="00:03") == expected


BAD, GOOD = counts("1 2 3 4 5", metric="bad"), counts("5x5", metric="good")


# https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/, with the figures of that page
def test_arithmetic_is_done_point_by_point_before_time_is_aggregated() -> None:
    assert value("sum(last_5m):sum:bad{*}.as_rate() / sum:good{*}.as_rate()", BAD, GOOD, when="00:04") == 3


def test_with_as_count_time_is_aggregated_before_arithmetic() -> None:
    assert value("sum(last_5m):sum:bad{*}.as_count() / sum:good{*}.as_count()", BAD, GOOD, when="00:04") == 0.6


def test_a_function_around_such_arithmetic_takes_its_result() -> None:
    query = "sum(last_5m):clamp_max(sum:bad{*}.as_count() / sum:good{*}.as_count(), 0.5) * 10"
    assert value(query, BAD, GOOD, when="00:04") == 5


def test_a_shift_of_such_arithmetic_shifts_its_operands() -> None:
    query = "sum(last_2m):timeshift(sum:bad{*}.as_count() / sum:good{*}.as_count(), -120)"
    assert value(f"{query} * 1", BAD, GOOD, when="00:04") == 0.5


def test_what_is_divided_by_zero_is_no_point() -> None:
    bad, good = minutes("10 10 10", metric="bad"), minutes("0 1 _", metric="good")
    assert value("sum(last_3m):avg:bad{*} / avg:good{*}", bad, good, when="00:02") == 10
    assert value("sum(last_1m):avg:bad{*} / avg:good{*}", bad, good, when="00:00") is None


def test_counts_without_points_are_zero_in_arithmetic_and_gauges_are_not() -> None:
    """https://docs.datadoghq.com/dashboards/functions/interpolation/#default-zero, use cases."""
    rates = "sum(last_3m):sum:bad{*}.as_rate() + sum:good{*}.as_rate()"
    assert value(rates, counts("60 _ 60", metric="bad"), counts("60x3", metric="good"), when="00:02") == 5
    gauges = "sum(last_3m):sum:bad{*} + sum:good{*}"
    assert value(gauges, minutes("1 _ 1", metric="bad"), minutes("1x3", metric="good"), when="00:02") == 4


def test_a_group_of_one_operand_only_has_no_result_unless_counts_are_read() -> None:
    bad, good = minutes("1", metric="bad", tags=A), minutes("2", metric="good", tags=B)
    assert found("sum(last_1m):sum:bad{*} by {host} + sum:good{*} by {host}", bad, good, when="00:00") == {
        A: None,
        B: None,
    }
    default = "sum(last_1m):default_zero(sum:bad{*} by {host}) + sum:good{*} by {host}"
    assert found(default, bad, good, when="00:00") == {A: None, B: 2}


@pytest.mark.parametrize(("setting", "expected"), [("each", 50), ("nothing", None)])
def test_what_is_not_grouped_meets_each_group_by_a_setting(setting: Any, expected: float | None) -> None:
    series = minutes("1", metric="bad", tags=A), minutes("2", metric="good")
    query = "sum(last_1m):sum:bad{*} by {host} / sum:good{*} * 100"
    assert found(query, *series, when="00:00", settings=Settings(ungrouped_operand=setting)) == {A: expected}


# https://docs.datadoghq.com/dashboards/functions/timeshift/
@pytest.mark.parametrize(
    ("function", "back"),
    [("timeshift({}, -600)", "01:50"), ("hour_before({})", "01:00")],
)
def test_a_shift_reads_so_much_earlier(function: str, back: str) -> None:
    series = points({back: 7, "02:00": 1})
    assert value(f"sum(last_1m):{function.format('sum:m{*}')}", series, when="02:00") == 7


@pytest.mark.parametrize(("function", "days"), [("day_before", 1), ("week_before", 7), ("month_before", 28)])
def test_a_month_before_is_28_days(function: str, days: int) -> None:
    series = points({f"{24 * (31 - days)}:00": 7, f"{24 * 31}:00": 1})
    assert value(f"sum(last_1m):{function}(sum:m{{*}})", series, when=f"{24 * 31}:00") == 7


# The clocks of Berlin go forward on 28 March 2027 at 02:00, 82 days after the first day here.
SPRING = 82 * 24


def test_a_calendar_shift_keeps_the_local_time_over_a_change_of_the_clocks() -> None:
    # 12:00 local is 11:00 UTC before, 10:00 UTC after the change.
    series = points({f"{SPRING - 24 + 10}:00": 3, f"{SPRING - 24 + 11}:00": 7})
    query = "sum(last_1m):calendar_shift(sum:m{*}, '-1d', 'Europe/Berlin')"
    assert value(query, series, when=f"{SPRING + 10}:00") == 7
    assert value("sum(last_1m):timeshift(sum:m{*}, -86400)", series, when=f"{SPRING + 10}:00") == 3


@pytest.mark.parametrize(("setting", "day"), [("last_day", 28), ("after", 31)])
def test_a_month_before_a_day_that_the_month_lacks_is_a_setting(setting: Any, day: int) -> None:
    # 31 March is day 85 here; 28 February day 54, 3 March (31 - 28 days after its last) day 57.
    place = {28: 54, 31: 57}[day]
    series = points({f"{24 * place}:00": 7})
    query = "sum(last_1m):calendar_shift(sum:m{*}, '-1mo', 'UTC')"
    assert value(query, series, when=f"{24 * 85}:00", settings=Settings(short_months=setting)) == 7


UNALIGNED = "sum(last_5m):timeshift(sum:m{*}.rollup(sum, 300), -90)"


@pytest.mark.parametrize(("setting", "expected"), [("earlier", 3), ("nothing", None)])
def test_a_shift_across_buckets_is_a_setting(setting: Any, expected: float | None) -> None:
    series = points({"00:05": 1, "00:09": 2})
    assert value(UNALIGNED, series, when="00:10", settings=Settings(unaligned_shift=setting)) == expected


def test_a_shift_across_buckets_is_refused_without_the_setting() -> None:
    refused = simulate(
        {"type": "query alert", "query": f"{UNALIGNED} > 1"}, History(()), since=START, until=at("01:00")
    )
    assert isinstance(refused, Refusal)
    assert "no multiple of the 300 s" in refused.reason


# https://docs.datadoghq.com/monitors/types/change-alert/
def test_a_change_is_taken_point_by_point() -> None:
    series = minutes("1x5 2 4 6 8 10")
    assert value("change(avg(last_5m),last_5m):avg:m{*}", series, when="00:09") == 5
    assert value("pct_change(avg(last_5m),last_5m):avg:m{*}", series, when="00:09") == 500


def test_a_percentage_of_counts_is_that_of_their_totals() -> None:
    series = counts("1 2 3 4 5 10 0 0 0 0")
    assert value("pct_change(sum(last_5m),last_5m):sum:m{*}.as_count()", series, when="00:09") == pytest.approx(
        -100 / 3
    )


# https://docs.datadoghq.com/dashboards/functions/interpolation/#default-zero, with the example of that page
def test_default_zero_goes_on_with_the_last_point_for_five_minutes_and_then_puts_zero() -> None:
    one = points({"00:45": 1})
    assert [value("sum(last_1m):default_zero(avg:m{*})", one, when=f"00:{each}") for each in (44, 45, 46, 50, 51)] == [
        0, 1, 1, 1, 0,
    ]  # fmt: skip


def test_default_puts_its_number_where_nothing_was_interpolated() -> None:
    """https://docs.datadoghq.com/graphing/miscellaneous/functions/#default."""
    one = points({"00:45": 1})
    assert [value("sum(last_1m):default(avg:m{*}, 9)", one, when=f"00:{each}") for each in (44, 50, 51)] == [9, 1, 9]


def test_points_that_arrive_late_are_not_seen_by_earlier_evaluations() -> None:
    late = minutes("1x10", kind="count", arrives=150)
    assert value("sum(last_5m):sum:m{*}.as_count()", late, when="00:09") == 2
    assert value("sum(last_5m):sum:m{*}.as_count()", late, when="00:09", evaluation_delay=180) == 5


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("*", 15), ("env:prod", 3), ("!env:prod", 12), ("env:prod,host:a", 1), ("host:*", 11), ("env:p*", 3),
        ("env:prod OR env:dev", 7), ("env:prod AND NOT host:a", 2), ("env IN (prod,dev)", 7), ("env NOT IN (prod)", 12),
    ],
)  # fmt: skip
def test_a_scope_chooses_sources(scope: str, expected: float) -> None:
    """https://docs.datadoghq.com/metrics/advanced-filtering/."""
    tagged = [("env:prod", "host:a"), ("env:prod", "host:b"), ("env:dev",), ("host:c",)]
    sources = [minutes(str(2**place), tags=tags) for place, tags in enumerate(tagged)]
    assert value(f"sum(last_1m):sum:m{{{scope}}}", *sources, when="00:00") == expected


@pytest.mark.parametrize(
    ("modifiers", "reason"),
    [
        (".rollup(avg, 60).rollup(sum, 300)", "two of `.rollup()` on one metric"),
        (".fill(zero).fill(last)", "two of `.fill()` on one metric"),
        (".as_count().as_rate()", "two of `.as_count()` and `.as_rate()` on one metric"),
        (".as_count()", "a rate whose history names no `interval`"),
    ],
)
def test_modifiers_of_unknown_meaning_are_refused(modifiers: str, reason: str) -> None:
    payload = {"type": "query alert", "query": f"sum(last_5m):sum:m{{*}}{modifiers} > 1"}
    refused = simulate(payload, History([minutes("1x30", kind="rate")]), since=START, until=at("01:00"))
    assert isinstance(refused, Refusal)
    assert reason in refused.reason


@pytest.mark.parametrize("edge", ["started", "complete"])
def test_a_window_without_any_bucket_is_not_full(edge: Any) -> None:
    query, series = "avg(last_1m):avg:m{*}.rollup(avg, 300)", minutes("1x30")
    settings = Settings(edge_buckets=edge, bucket_seconds=300)
    assert value(query, series, when="00:08", settings=settings, require_full_window=True) is None
    assert value("avg(last_1m):avg:m{*}", series, when="00:08", settings=settings, require_full_window=True) is None


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("avg(last_1mo):top(avg:m{*} by {host}.rollup(avg, 1), 1, 'mean', 'desc')", "would be computed anew"),
        ("avg(last_5m):avg:m{*} by {host}.fill(last, 999999999)", "buckets before its window"),
        ("avg(last_5m):moving_rollup(avg:m{*}, 1e300, 'sum')", "more than 100,000 points"),
    ],
)
def test_what_would_take_too_long_is_refused(query: str, reason: str) -> None:
    sources = (minutes("1x30", tags=A), minutes("1x10 _x3 1x17", tags=B))
    refused = simulate(
        {"type": "query alert", "query": f"{query} > 1"}, History(sources), since=START, until=at("24:00")
    )
    assert isinstance(refused, Refusal)
    assert reason in refused.reason

"""Each query function computes what its page says, or is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from generator.query.functions import FUNCTIONS, Function, Kind
from generator.simulate import shifts
from generator.simulate.evaluating import simulate
from generator.simulate.functions import IMPLEMENTATIONS, REFUSED
from generator.simulate.history import History
from generator.simulate.refusal import Refusal
from generator.simulate.settings import Settings
from generator.simulate.timeline import Simulation
from tests.simulate.histories import START, at, minutes
from tests.simulate.values import found, value

_PAGE = "https://docs.datadoghq.com/dashboards/functions/"
# Page, function, a point a minute from 00:00, what stands at 00:05; nothing is None.
COMPUTED: list[tuple[str, str, str, float | None]] = [
    ("arithmetic", "abs({})", "0x5 -3", 3),
    ("arithmetic", "log2({})", "0x5 8", 3),
    ("arithmetic", "log10({})", "0x5 100", 2),
    ("arithmetic", "log10({})", "0x5 0", None),
    ("exclusion", "clamp_min({}, 2)", "0x5 1", 2),
    ("exclusion", "clamp_max({}, 2)", "0x5 3", 2),
    ("exclusion", "cutoff_min({}, 2)", "0x5 1", None),
    ("exclusion", "cutoff_min({}, 2)", "0x5 2", 2),
    ("exclusion", "cutoff_max({}, 2)", "0x5 3", None),
    ("exclusion", "cutoff_max({}, 2)", "0x5 2", 2),
    ("rate", "diff({})", "0x4 1 7", 6),
    ("rate", "diff({})", "_x5 7", None),
    ("rate", "monotonic_diff({})", "0x4 7 1", None),
    ("rate", "monotonic_diff({})", "0x4 1 7", 6),
    ("rate", "derivative({})", "0x4 1 7", 0.1),
    ("rate", "per_second({})", "0x4 1 7", 0.1),
    ("rate", "per_minute({})", "0x4 1 7", 6),
    ("rate", "per_minute({})", "0x4 7 1", -6),
    ("rate", "per_hour({})", "0x4 1 7", 360),
    ("rate", "throughput({})", "0x5 6", 0.1),
    ("rollup", "moving_rollup({}, 180, 'sum')", "9x3 1 2 4", 7),
    ("rollup", "moving_rollup({}, 180, 'max')", "9x3 1 4 2", 4),
    ("rollup", "moving_rollup({}, 180, 'min')", "0x3 1 4 2", 1),
    ("rollup", "moving_rollup({}, 180, 'avg')", "9x3 1 _ 4", 2.5),
    ("rollup", "moving_rollup({}, 180, 'count')", "9x3 1 _ 4", 2),
    ("smoothing", "median_3({})", "9x3 5 1 3", 3),
    ("smoothing", "rollingavg_5({})", "9 1 2 3 4 5", 3),
    # Half of 4, a quarter of 2, an eighth of 0 and so on, over the sum of all weights, 63 of 64.
    ("smoothing", "ewma_3({})", "0 0 0 0 2 4", round((2 + 0.5) / (63 / 64), 6)),
]


@pytest.mark.parametrize(("page", "function", "text", "expected"), COMPUTED)
def test_a_function_computes_what_its_page_says(page: str, function: str, text: str, expected: float | None) -> None:
    computed = value(f"sum(last_1m):{function.format('sum:m{*}')}", minutes(text), when="00:05")
    assert computed == expected, f"{_PAGE}{page}/"


def test_a_change_goes_back_over_a_gap_for_as_long_as_the_window() -> None:
    series = minutes("0x3 1 _ 7")
    assert value("sum(last_2m):diff(sum:m{*})", series, when="00:05") == 6
    assert value("sum(last_2m):derivative(sum:m{*})", series, when="00:05") == 0.05
    assert value("sum(last_1m):diff(sum:m{*})", series, when="00:05") is None


@pytest.mark.parametrize(
    ("settings", "query", "text", "expected"),
    [
        (Settings(first_difference="nothing"), "sum(last_2m):diff(sum:m{*})", "0x3 1 2 7", 5),
        (Settings(first_difference="before"), "sum(last_2m):diff(sum:m{*})", "0x3 1 2 7", 6),
        (Settings(unchanged="nothing"), "avg(last_2m):monotonic_diff(sum:m{*})", "0x3 1 1 7", 6),
        (Settings(unchanged="zero"), "avg(last_2m):monotonic_diff(sum:m{*})", "0x3 1 1 7", 3),
        (Settings(falling_rates="nothing"), "sum(last_1m):per_minute(sum:m{*})", "0x4 7 1", None),
        (Settings(first_points="before"), "sum(last_2m):median_3(sum:m{*})", "9x3 1 2 5", 2 + 2),
        (Settings(first_points="window"), "sum(last_2m):median_3(sum:m{*})", "9x3 1 2 5", 2 + 3.5),
        (Settings(first_points="nothing"), "sum(last_3m):median_3(sum:m{*})", "9x3 1 2 5", 2),
        (Settings(first_points="nothing"), "sum(last_2m):rollingavg_5(sum:m{*})", "9x3 1 2 5", None),
        (Settings(first_points="window"), "sum(last_2m):ewma_3(sum:m{*})", "9x4 0 3", 0 + 2),
    ],
)
def test_what_the_documentation_leaves_open_is_a_setting(
    settings: Settings, query: str, text: str, expected: float | None
) -> None:
    assert value(query, minutes(text), when="00:05", settings=settings) == expected


def test_a_change_is_taken_of_each_source_before_they_are_summed() -> None:
    """https://docs.datadoghq.com/dashboards/functions/rate/#value-difference."""
    restarted = (minutes("100x4 5 7", tags=("host:a",)), minutes("0x4 1 3", tags=("host:b",)))
    assert value("sum(last_2m):monotonic_diff(sum:m{*})", *restarted, when="00:05") == 2 + 1 + 2


GROUPS = [minutes(text, tags=(f"host:{name}", f"zone:{zone}")) for name, text, zone in
          (("a", "5x2", "x"), ("b", "0x2", "x"), ("c", "3", "y"), ("d", "_ 9", "y"))]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("count_nonzero(sum:m{*} by {host})", {(): 2}),
        ("count_nonzero_finite(sum:m{*} by {host})", {(): 2}),
        ("count_not_null(sum:m{*} by {host})", {(): 3}),
        ("sum(sum:m{*} by {host,zone}, {zone})", {("zone:x",): 5, ("zone:y",): 9}),
        ("max(sum:m{*} by {host,zone}, {zone})", {("zone:x",): 5, ("zone:y",): 9}),
        ("avg(sum:m{*} by {host})", {(): round(14 / 3, 6)}),
        ("min(sum:m{*} by {host})", {(): 0}),
        ("count(sum:m{*} by {host})", {(): 3}),
    ],
)
def test_groups_are_counted_and_combined(query: str, expected: dict[Any, float]) -> None:
    """https://docs.datadoghq.com/dashboards/functions/count/ and https://docs.datadoghq.com/metrics/nested_queries/."""
    assert found(f"avg(last_1m):{query}", *GROUPS, when="00:01") == expected


@pytest.mark.parametrize(
    ("function", "kept"),
    [
        ("top({}, 1, 'max', 'desc')", "d"), ("top({}, 1, 'mean', 'asc')", "b"), ("top({}, 1, 'sum', 'desc')", "a"),
        ("top({}, 1, 'last', 'desc')", "d"), ("top({}, 1, 'min', 'asc')", "b"), ("top({}, 1, 'l2norm', 'desc')", "d"),
        ("top({}, 1, 'area', 'desc')", "a"),
    ],
)  # fmt: skip
def test_ranks_keep_the_groups_that_lead_over_the_window(function: str, kept: str) -> None:
    """https://docs.datadoghq.com/dashboards/functions/rank/."""
    ranked = found(f"avg(last_2m):{function.format('sum:m{*} by {host}')}", *GROUPS, when="00:01")
    assert {group[0] for group, each in ranked.items() if each is not None} == {f"host:{kept}"}


def test_the_short_names_of_ranks_say_how_many_and_by_what() -> None:
    several = [minutes(str(place), tags=(f"host:{place}",)) for place in range(10, 17)]
    for name, kept in (("top5", range(12, 17)), ("bottom5", range(10, 15)), ("top5_max", range(12, 17))):
        ranked = found(f"avg(last_1m):{name}(sum:m{{*}} by {{host}})", *several, when="00:00")
        assert {group[0] for group, each in ranked.items() if each is not None} == {f"host:{each}" for each in kept}


_ARGUMENTS = {
    Kind.EXPRESSION: "sum:m{*} by {host}",
    Kind.NUMBER: "2",
    Kind.WHOLE_NUMBER: "300",
    Kind.SHIFT: "'-1d'",
    Kind.TIMEZONE: "'Asia/Tokyo'",
    Kind.GROUPING: "{host}",
}


def _call(function: Function) -> str:
    """A call with the arguments that must not be left out."""
    needed = [each for each in function.parameters if not each.optional]
    words = {each.name: f"'{each.choices[0]}'" for each in needed if each.choices}
    numbers = {"seconds": "-300"} if function.name in shifts.SHIFTS else {}
    texts = [words.get(each.name) or numbers.get(each.name) or _ARGUMENTS.get(each.kind, "'p95'") for each in needed]
    return f"{function.name}({', '.join(texts)})"


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_each_function_is_simulated_or_refused_by_its_name(function: Function) -> None:
    payload = {"type": "query alert", "query": f"avg(last_5m):{_call(function)} > 0"}
    done = simulate(payload, History([minutes("1x30", tags=("host:a",))]), since=START, until=at("00:20"))
    if function.name in REFUSED:
        assert isinstance(done, Refusal)
        assert done.reason == f"`{function.name}`: {REFUSED[function.name]}"
    else:
        assert isinstance(done, Simulation), done


def test_nothing_is_both_computed_and_refused_or_unknown_to_the_table() -> None:
    known = {*IMPLEMENTATIONS, *shifts.SHIFTS}
    assert not known & set(REFUSED)
    assert (known | set(REFUSED)) <= set(FUNCTIONS)

"""Whatever times people write: what is rendered keeps its promises, or is refused."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.explain.monitor import KindProblem, Monitor
from generator.kinds import batch_delay, batch_failure
from tests.kinds import brute_force
from tests.kinds.brute_force import DAY, Clocks, minute
from tests.kinds.rendering import CONTEXT

ZONES = st.sampled_from(["Europe/Berlin", "Africa/Cairo", "Australia/Lord_Howe", "America/New_York", "Asia/Tokyo"])
TIMES = st.tuples(st.integers(0, 23), st.sampled_from([0, 1, 20, 30, 59]))
LAGS = st.sampled_from([0, 20, 45, 90])
# The changes of all zones, and the weeks around them.
SPANS = (("2026-03-01T00:00Z", "2026-05-05T00:00Z"), ("2026-09-25T00:00Z", "2026-11-10T00:00Z"))
STRIDE = 37


def written(at: tuple[int, int]) -> str:
    return f"{at[0]:02}:{at[1]:02}"


@cache
def clocks(zone: str, first: str, last: str) -> Clocks:
    return Clocks(zone, minute(first), minute(last))


def test_a_schedule_loses_nothing() -> None:
    kept = 0

    @settings(max_examples=25, derandomize=True, deadline=None)
    @given(zone=ZONES, at=TIMES, lag=LAGS, days=st.sets(st.integers(0, 6), min_size=1))
    def holds(zone: str, at: tuple[int, int], lag: int, days: set[int]) -> None:
        nonlocal kept
        found = rendered_failure(zone, lag, tuple(sorted(days)), delivery="schedule", notify_at=written(at))
        monitors = [brute_force.monitor(each.query, each.options) for each in found if isinstance(each, Monitor)]
        if not monitors:
            return
        for first, last in SPANS:
            events = range(minute(first), minute(last) - 8 * DAY, STRIDE)
            told = brute_force.first_told(monitors, events, clocks(zone, first, last), lag=lag, bucket=10)
            assert len(told) == len(events)
            kept += len(told)

    holds()
    assert kept > 10_000


def test_lateness_is_told_for_what_is_done_after_the_deadline_and_for_nothing_else() -> None:
    judged = 0

    @settings(max_examples=120, derandomize=True, deadline=None)
    @given(zone=ZONES, start=TIMES, deadline=TIMES, lag=LAGS)
    def holds(zone: str, start: tuple[int, int], deadline: tuple[int, int], lag: int) -> None:
        nonlocal judged
        parameters = {"state_machine": "n", "runs": {"from": written(start)}, "deadline": written(deadline)}
        context = msgspec.structs.replace(CONTEXT, timezone=zone, metrics_arrive_within={"aws": timedelta(minutes=lag)})
        (found,) = batch_delay.monitors(msgspec.convert(parameters, batch_delay.Parameters), context)
        if isinstance(found, KindProblem):
            return
        monitor = brute_force.monitor(found.query, found.options)
        for first, last in SPANS:
            shown = clocks(zone, first, last)
            starts = shown.shows(start[0] * 60 + start[1])
            looks = list(monitor.evaluations(shown))
            for due in shown.shows(deadline[0] * 60 + deadline[1])[2:]:
                assert due + lag in looks or due + lag > shown.last
                run = max(at for at in starts if at < due)
                if due - run > 22 * 60:
                    # The clocks skip the start: there is no run on that day.
                    continue
                for finish in (*range(run, due, STRIDE), due, due + 1, due + 60):
                    is_told = brute_force.told_late(monitor, due + lag, finish, lag=lag, bucket=10)
                    assert is_told == (finish > due)
                    judged += 1

    holds()
    assert judged > 10_000


def test_a_shift_is_never_early_on_business_days() -> None:
    told = 0

    @settings(max_examples=60, derandomize=True, deadline=None)
    @given(zone=ZONES, start=TIMES, hours=st.integers(1, 12), notify_at=TIMES, lag=LAGS)
    def holds(zone: str, start: tuple[int, int], hours: int, notify_at: tuple[int, int], lag: int) -> None:
        nonlocal told
        runs = {"from": written(start), "to": written(((start[0] + hours) % 24, start[1]))}
        found = rendered_failure(zone, lag, (0, 1, 2, 3, 4), runs=runs, notify_at=written(notify_at))
        if isinstance(found[0], KindProblem):
            return
        monitor = brute_force.monitor(found[0].query, found[0].options)
        at = notify_at[0] * 60 + notify_at[1]
        for first, last in SPANS:
            shown = clocks(zone, first, last)
            for begin in shown.shows(start[0] * 60 + start[1])[1:-3]:
                alert = begin + monitor.shift
                assert alert >= begin + lag
                if shown.weekday(alert) in range(5):
                    assert (shown.time_of_day(alert) - at) % DAY <= 2 * 60
                    told += 1

    holds()
    assert told > 1000


def rendered_failure(
    zone: str, lag: int, days: tuple[int, ...], **parameters: object
) -> tuple[Monitor, ...] | tuple[KindProblem, ...]:
    context = msgspec.structs.replace(
        CONTEXT, timezone=zone, business_days=days, metrics_arrive_within={"aws": timedelta(minutes=lag)}
    )
    parameters = {"state_machine": "n", **parameters}
    return batch_failure.monitors(msgspec.convert(parameters, batch_failure.Parameters), context)

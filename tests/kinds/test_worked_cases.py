"""The cases worked by hand: batches of the night, and when people hear of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from generator.explain.arrivals import Reading, arrivals, reading, told_late
from tests.kinds import brute_force
from tests.kinds.brute_force import DAY, Clocks
from tests.kinds.rendering import LAG, delay, failure, payloads

NIGHT = {"from": "04:00", "to": "05:30"}
SHIFTED: dict[str, Any] = {"runs": NIGHT, "notify_at": "10:00"}
SCHEDULED: dict[str, Any] = {"runs": NIGHT, "notify_at": "10:00", "delivery": "schedule"}
HALF_PAST_ONE: dict[str, Any] = {"runs": {"from": "01:30", "to": "03:30"}, "notify_at": "10:00"}
HALF_PAST_TWO: dict[str, Any] = {"runs": {"from": "02:30", "to": "03:30"}, "notify_at": "10:00"}
TWO_SCHEDULED: dict[str, Any] = {**HALF_PAST_TWO, "delivery": "schedule"}
CRON_IN_UTC: dict[str, Any] = {"runs": {"from": "02:00", "to": "03:00", "timezone": "UTC"}, "notify_at": "10:00"}
NAIVELY_LATE: dict[str, Any] = {
    "comparator": "<",
    "threshold": 1,
    "missing": "show_and_notify_no_data",
    "metrics": frozenset({brute_force.SUCCEEDED}),
    "zone": "Asia/Tokyo",
}
LATE: dict[str, Any] = {"runs": {"from": "04:00"}, "deadline": "08:00"}


def local(text: str, zone: str) -> datetime:
    """The first of two equal local times; an hour on where the clocks skip it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def readings_of(rendered: Sequence[dict[str, Any]]) -> tuple[Reading, ...]:
    return tuple(found for each in rendered if (found := reading(each)) is not None)


def shown(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}"


def told(parameters: dict[str, Any], zone: str, failed: str, *, is_brute: bool) -> str:
    """When the first of the rendered monitors tells of it, as explain says or as evaluating them gives."""
    rendered = payloads(failure(zone, **parameters))
    event = local(failed, zone)
    if not is_brute:
        return shown(arrivals(readings_of(rendered), event, arrives_within=LAG)[0], zone)
    at = int(event.timestamp()) // 60
    monitors = [brute_force.monitor(each["query"], each["options"]) for each in rendered]
    first = brute_force.first_told(monitors, [at], Clocks(zone, at - 8 * DAY, at + 8 * DAY), lag=20)[at]
    return shown(datetime.fromtimestamp(first * 60, UTC), zone)


@pytest.mark.parametrize("is_brute", [False, True], ids=["explained", "evaluated"])
@pytest.mark.parametrize(
    ("parameters", "zone", "failed", "expected"),
    [
        pytest.param(SHIFTED, "Asia/Tokyo", "2026-11-24T04:12", "Tue 2026-11-24 10:12", id="a Tuesday, shifted"),
        pytest.param(SCHEDULED, "Asia/Tokyo", "2026-11-24T04:12", "Tue 2026-11-24 10:00", id="a Tuesday, scheduled"),
        pytest.param(SHIFTED, "Asia/Tokyo", "2026-11-24T05:29", "Tue 2026-11-24 11:29", id="at the end, shifted"),
        pytest.param(SCHEDULED, "Asia/Tokyo", "2026-11-24T05:29", "Tue 2026-11-24 10:00", id="at the end, scheduled"),
        pytest.param(SHIFTED, "Asia/Tokyo", "2026-11-28T05:29", "Sat 2026-11-28 11:29", id="a Saturday, shifted"),
        pytest.param(SCHEDULED, "Asia/Tokyo", "2026-11-28T05:29", "Mon 2026-11-30 10:00", id="a Saturday, scheduled"),
        pytest.param(SHIFTED, "Asia/Tokyo", "2027-01-11T04:12", "Mon 2027-01-11 10:12", id="a holiday, shifted"),
        pytest.param(SCHEDULED, "Asia/Tokyo", "2027-01-11T04:12", "Mon 2027-01-11 10:00", id="a holiday, scheduled"),
        pytest.param(SHIFTED, "Europe/Berlin", "2026-10-25T04:12", "Sun 2026-10-25 10:12", id="Berlin, autumn"),
        pytest.param(SHIFTED, "Europe/Berlin", "2027-03-28T04:12", "Sun 2027-03-28 10:12", id="Berlin, spring"),
        pytest.param(SCHEDULED, "Europe/Berlin", "2026-10-25T04:12", "Mon 2026-10-26 10:00", id="Berlin, autumn, sch."),
        pytest.param(SCHEDULED, "Europe/Berlin", "2027-03-28T04:12", "Mon 2027-03-29 10:00", id="Berlin, spring, sch."),
        pytest.param(HALF_PAST_ONE, "Europe/Berlin", "2026-10-26T01:30", "Mon 2026-10-26 10:00", id="01:30, a Monday"),
        pytest.param(HALF_PAST_ONE, "Europe/Berlin", "2026-10-25T01:30", "Sun 2026-10-25 09:00", id="01:30, autumn"),
        pytest.param(HALF_PAST_ONE, "Europe/Berlin", "2027-03-28T01:30", "Sun 2027-03-28 11:00", id="01:30, spring"),
        pytest.param(HALF_PAST_TWO, "Europe/Berlin", "2026-10-26T02:30", "Mon 2026-10-26 10:00", id="02:30, a Monday"),
        pytest.param(HALF_PAST_TWO, "Europe/Berlin", "2026-10-25T02:30", "Sun 2026-10-25 09:00", id="02:30, autumn"),
        pytest.param(HALF_PAST_TWO, "Europe/Berlin", "2027-03-28T02:30", "Sun 2027-03-28 11:00", id="03:30, spring"),
        pytest.param(
            TWO_SCHEDULED, "Europe/Berlin", "2026-10-25T02:30", "Mon 2026-10-26 10:00", id="02:30 autumn, sch."
        ),
        pytest.param(
            TWO_SCHEDULED, "Europe/Berlin", "2027-03-28T02:30", "Mon 2027-03-29 10:00", id="03:30 spring, sch."
        ),
        pytest.param(CRON_IN_UTC, "Europe/Berlin", "2026-12-01T03:00", "Tue 2026-12-01 10:00", id="UTC cron, winter"),
        pytest.param(CRON_IN_UTC, "Europe/Berlin", "2026-06-02T04:00", "Tue 2026-06-02 11:00", id="UTC cron, summer"),
    ],
)
def test_a_failure_is_told_as_worked_by_hand(
    parameters: dict[str, Any], zone: str, failed: str, expected: str, *, is_brute: bool
) -> None:
    assert told(parameters, zone, failed, is_brute=is_brute) == expected


@pytest.mark.parametrize(("parameters", "seconds"), [(HALF_PAST_ONE, 30600), (HALF_PAST_TWO, 27000)])
def test_a_shift_is_right_on_business_days_and_not_on_the_sundays_of_the_switch(
    parameters: dict[str, Any], seconds: int
) -> None:
    (rendered,) = payloads(failure("Europe/Berlin", **parameters))

    assert rendered["query"].count(f"-{seconds}") == 3


def alerts(query_window: int, shift: int, failures: Sequence[int]) -> list[tuple[int, int]]:
    """From when to when a monitor that is evaluated every minute is in alert; minutes of one day."""
    one = brute_force.Monitor(query_window, shift)
    states = [any(one.reads(failed, at, 1) for failed in failures) for at in range(DAY)]
    starts = [at for at in range(1, DAY) if states[at] and not states[at - 1]]
    ends = [at - 1 for at in range(1, DAY) if states[at - 1] and not states[at]]
    return list(zip(starts, ends, strict=True))


def test_two_failures_of_a_night_are_one_alert() -> None:
    (rendered,) = payloads(failure(**SHIFTED))
    monitor = brute_force.monitor(rendered["query"], rendered["options"])
    failures = (4 * 60 + 12, 5 * 60 + 29)

    assert alerts(monitor.window, monitor.shift, failures) == [(10 * 60 + 12, 13 * 60 + 29)]
    assert len(alerts(60, monitor.shift, failures)) == 2


def late(zone: str, started: str, finished: str | None, **parameters: Any) -> str | None:
    (rendered,) = payloads(delay(zone, **{**LATE, **parameters}))
    (one,) = readings_of([rendered])
    finish = None if finished is None else local(finished, zone)
    at = told_late(one, local(started, zone), finish, arrives_within=LAG)
    return None if at is None else shown(at, zone)


@pytest.mark.parametrize(
    ("zone", "started", "finished", "parameters", "expected"),
    [
        pytest.param("Asia/Tokyo", "2026-11-24T04:00", None, {}, "Tue 2026-11-24 08:20", id="never done"),
        pytest.param("Asia/Tokyo", "2026-11-24T04:00", "2026-11-24T07:58", {}, None, id="done 07:58, visible 08:13"),
        pytest.param("Asia/Tokyo", "2026-11-24T04:00", "2026-11-24T08:05", {}, "Tue 2026-11-24 08:20", id="done 08:05"),
        pytest.param("Asia/Tokyo", "2026-11-24T04:00", "2026-11-24T05:40", {}, None, id="a retry at 05:40 in time"),
        pytest.param("Europe/Berlin", "2026-10-25T01:30", "2026-10-25T01:35", {"runs": {"from": "01:30"}}, None,
                     id="Berlin 01:30, autumn"),
        pytest.param("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T02:35", {"runs": {"from": "02:30"}}, None,
                     id="Berlin 02:30, autumn"),
        pytest.param("Europe/Berlin", "2026-10-25T02:30", None, {"runs": {"from": "02:30"}}, "Sun 2026-10-25 08:20",
                     id="Berlin 02:30, autumn, never done"),
        pytest.param("Europe/Berlin", "2027-03-28T02:30", None, {"runs": {"from": "02:30"}}, "Sun 2027-03-28 08:20",
                     id="Berlin 02:30, spring: the run is skipped"),
    ],
)  # fmt: skip
def test_lateness_is_told_as_worked_by_hand(
    zone: str, started: str, finished: str | None, parameters: dict[str, Any], expected: str | None
) -> None:
    assert late(zone, started, finished, **parameters) == expected


def test_a_retry_that_succeeds_does_not_hide_the_failure() -> None:
    rendered = payloads(failure(**SHIFTED)) + payloads(failure(**SCHEDULED))

    assert not any("succeeded" in each["query"] for each in rendered)


# What naive monitors do. The brute-force reading has to see it, or it proves nothing.


def first_minutes(monitor: brute_force.Monitor, zone: str, failed: str) -> dict[int, int]:
    at = int(local(failed, zone).timestamp()) // 60
    return brute_force.first_told([monitor], [at], Clocks(zone, at - 8 * DAY, at + 8 * DAY), lag=20)


def test_a_window_of_one_day_loses_what_fails_on_a_saturday() -> None:
    naive = brute_force.Monitor(24 * 60, time_of_day=600, days=tuple(range(5)), zone="Asia/Tokyo")

    assert first_minutes(naive, "Asia/Tokyo", "2026-11-28T05:29") == {}


def test_windows_without_overlap_lose_what_comes_late() -> None:
    naive = brute_force.Monitor(24 * 60, time_of_day=600, zone="Asia/Tokyo")

    assert first_minutes(naive, "Asia/Tokyo", "2026-11-24T09:45") == {}


def test_a_day_long_window_takes_what_was_late_yesterday_for_today() -> None:
    naive = brute_force.Monitor(24 * 60, delay=20, time_of_day=500, **NAIVELY_LATE)
    (rendered,) = payloads(delay(**LATE))
    ours = brute_force.monitor(rendered["query"], rendered["options"])
    look = int(local("2026-11-25T08:20", "Asia/Tokyo").timestamp()) // 60
    yesterday = int(local("2026-11-24T08:30", "Asia/Tokyo").timestamp()) // 60

    assert not brute_force.told_late(naive, look, yesterday, lag=20)
    assert brute_force.told_late(ours, look, yesterday, lag=20)


def test_a_check_at_the_deadline_is_a_false_alarm() -> None:
    naive = brute_force.Monitor(5 * 60, time_of_day=480, **NAIVELY_LATE)
    look = int(local("2026-11-24T08:00", "Asia/Tokyo").timestamp()) // 60

    assert brute_force.told_late(naive, look, look - 2, lag=15)


@pytest.mark.parametrize("parameters", [SHIFTED, SCHEDULED])
def test_a_failure_tells_only_while_it_is_an_alert(parameters: dict[str, Any]) -> None:
    for each in failure(group_by=["stage"], **parameters):
        assert each.notify_when == ("is_alert",)
        assert each.options["on_missing_data"] == "resolve"
        assert each.options["new_group_delay"] == 0
        assert "evaluation_delay" not in each.options
        assert "default_zero" not in each.query


def test_lateness_is_told_with_and_without_data() -> None:
    (each,) = delay(**LATE)

    assert each.notify_when == each.urgent_when == ("is_alert", "is_no_data")
    assert each.options["on_missing_data"] == "show_and_notify_no_data"
    assert each.options["evaluation_delay"] == LAG // timedelta(seconds=1)

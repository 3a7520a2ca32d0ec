"""Downtimes: their mark, equality with what Datadog answers, and starts that a write moves out of the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.resources.types import Payload, resource_types

DOWNTIME = resource_types()["downtime"]
ID = "main/api/holiday/production"
MARK = f"Managed by toban, do not edit here: {ID}"
NOW = datetime(2026, 11, 23, 12, 30, 15, tzinfo=UTC)
BASE: dict[str, Any] = {
    "message": "Patches.",
    "monitor_identifier": {"monitor_tags": ["service:api", "env:production"]},
    "scope": "*",
    "display_timezone": "Asia/Tokyo",
    "schedule": {
        "recurrences": [{"duration": "2h", "rrule": "FREQ=WEEKLY;INTERVAL=1;BYDAY=SU", "start": "2024-01-07T03:00:00"}],
        "timezone": "Asia/Tokyo",
    },
}
ONCE: dict[str, Any] = {**BASE, "schedule": {"start": "2026-12-29T09:00:00Z", "end": "2027-01-03T21:00:00Z"}}


def answer(sent: Payload, now: datetime = NOW, **fields: Any) -> dict[str, Any]:
    """What Datadog lists after a POST at an instant, with lists in another order."""
    attributes = DOWNTIME.wire.sealed(DOWNTIME.tracked(sent, ID), None, now)["data"]["attributes"]
    schedule = dict(attributes["schedule"])
    if "recurrences" in schedule:
        schedule["current_downtime"] = {"start": "2026-11-28T18:00:00+00:00", "end": "2026-11-28T20:00:00+00:00"}
    else:
        schedule["start"] = (schedule["start"] or now.isoformat()).replace("Z", "+00:00")
        schedule["end"] = schedule["end"] and schedule["end"].replace("Z", "+00:00")
    identifier = {"monitor_tags": attributes["monitor_identifier"]["monitor_tags"][::-1]}
    row = {
        "mute_first_recovery_notification": False,
        "notify_end_states": ["warn", "no data", "alert"],
        "notify_end_types": ["expired"],
        **attributes,
        "canceled": None,
        "status": "scheduled",
        "created": now.isoformat(),
        "modified": now.isoformat(),
        "schedule": schedule,
        "monitor_identifier": identifier,
        **fields,
    }
    return dict(DOWNTIME.wire.row({"id": "1-2", "type": "downtime", "attributes": row}))


def is_as_declared(live: Payload, declared: Payload) -> bool:
    wanted = DOWNTIME.tracked(declared, ID)
    return DOWNTIME.comparable(live, wanted) == DOWNTIME.comparable(wanted, wanted)


def recurring(rule: str, start: str, *, duration: str = "2h", zone: str = "Asia/Tokyo") -> dict[str, Any]:
    recurrence = {"duration": duration, "rrule": rule, "start": start}
    return {**BASE, "schedule": {"recurrences": [recurrence], "timezone": zone}}


def with_start(live: Payload, start: str) -> dict[str, Any]:
    (recurrence,) = live["schedule"]["recurrences"]
    return {**live, "schedule": {**live["schedule"], "recurrences": [{**recurrence, "start": start}]}}


def test_the_mark_is_the_last_line_of_the_message() -> None:
    marked = DOWNTIME.tracked(BASE, ID)
    assert marked["message"] == f"Patches.\n\n{MARK}"
    assert DOWNTIME.tracking_id(marked) == ID
    assert DOWNTIME.tracking_id(BASE) is None
    assert DOWNTIME.title(marked) == "Patches."


@pytest.mark.parametrize("declared", [BASE, ONCE], ids=["recurring", "once"])
def test_what_was_created_equals_what_was_declared(declared: Payload) -> None:
    assert is_as_declared(answer(declared), declared)


RULES = [
    "FREQ=DAILY;INTERVAL=1",
    "FREQ=WEEKLY;BYDAY=MO,TH",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO",
    "FREQ=MONTHLY;BYDAY=1MO",
]


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    st.sampled_from(RULES),
    st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "UTC"]),
    st.integers(0, 7 * 365 * 1440).map(lambda minutes: datetime(2024, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)),
)
def test_a_recurrence_is_the_same_whenever_it_was_written(rule: str, zone: str, now: datetime) -> None:
    declared = recurring(rule, "2024-01-01T03:30:00", zone=zone)
    assert is_as_declared(answer(declared, now), declared)
    (written,) = answer(declared, now)["schedule"]["recurrences"]
    assert datetime.fromisoformat(written["start"]) > now.replace(tzinfo=None) - timedelta(hours=12)


def test_what_was_sent_is_never_in_the_past() -> None:
    (sent,) = DOWNTIME.wire.sealed(BASE, None, NOW)["data"]["attributes"]["schedule"]["recurrences"]
    assert sent["start"] == "2026-11-29T03:00:00"
    late = DOWNTIME.wire.sealed(ONCE, None, datetime(2026, 12, 30, tzinfo=UTC))["data"]["attributes"]["schedule"]
    assert late == {"start": None, "end": "2027-01-03T21:00:00Z"}


MOVED = {
    "to another hour": "2026-11-29T04:00:00",
    "to another day": "2026-11-30T03:00:00",
    "to a later Sunday than the next": "2026-12-06T03:00:00",
}


@pytest.mark.parametrize("start", MOVED.values(), ids=MOVED)
def test_a_start_that_somebody_moved_is_seen(start: str) -> None:
    assert not is_as_declared(with_start(answer(BASE), start), BASE)


CHANGES: dict[str, dict[str, Any]] = {
    "scope": {"scope": "env:staging"},
    "message": {"message": f"Other.\n\n{MARK}"},
    "zone shown": {"display_timezone": "UTC"},
    "first recovery": {"mute_first_recovery_notification": True},
    "states": {"notify_end_states": ["alert"]},
    "ends": {"notify_end_types": ["canceled"]},
    "monitors": {"monitor_identifier": {"monitor_tags": ["service:api"]}},
    "schedule": {"schedule": {"start": "2050-01-01T00:00:00+00:00", "end": None}},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_by_hand_is_seen(change: Payload) -> None:
    assert not is_as_declared({**answer(BASE), **change}, BASE)


def test_a_downtime_that_began_late_for_its_write_is_as_declared() -> None:
    late = datetime(2026, 12, 30, 8, tzinfo=UTC)
    assert is_as_declared(answer(ONCE, late), ONCE)
    by_hand = {**answer(ONCE, late), "created": "2026-12-01T00:00:00+00:00"}
    assert not is_as_declared(by_hand, ONCE)


def test_equal_lengths_and_rules_are_equal() -> None:
    declared = recurring("FREQ=DAILY", "2024-01-01T03:00:00", duration="1d")
    live = answer(recurring("RRULE:interval=1;freq=daily", "2024-01-01T03:00:00", duration="24h"))
    assert is_as_declared(live, declared)


def test_a_schedule_that_stays_is_not_written_again() -> None:
    """Datadog refuses to move the start of what holds right now."""
    wanted = {**DOWNTIME.tracked(BASE, ID), "scope": "env:a"}
    body = DOWNTIME.writable(wanted, answer(BASE))
    assert "schedule" not in body
    assert body["scope"] == "env:a"


def test_another_end_keeps_the_start_as_datadog_has_it() -> None:
    live = answer(ONCE)
    wanted = {**DOWNTIME.tracked(ONCE, ID), "schedule": {**ONCE["schedule"], "end": "2027-01-10T00:00:00Z"}}
    body = DOWNTIME.writable(wanted, live)
    assert body["schedule"] == {"start": live["schedule"]["start"], "end": "2027-01-10T00:00:00Z"}
    sent = DOWNTIME.wire.sealed(body, "1-2", datetime(2027, 1, 1, tzinfo=UTC))["data"]
    assert sent["id"] == "1-2"
    assert sent["attributes"]["schedule"] == body["schedule"]


def test_once_and_again_and_again_replace_each_other() -> None:
    assert DOWNTIME.identity(BASE) != DOWNTIME.identity(ONCE)


@pytest.mark.parametrize("state", [{"status": "ended"}, {"status": "canceled"}, {"canceled": "2026-11-23T00:00:00Z"}])
def test_what_has_ended_or_was_cancelled_is_gone(state: Payload) -> None:
    assert not DOWNTIME.is_live(answer(BASE, **state))
    assert DOWNTIME.is_live(answer(BASE))


def test_only_what_holds_once_can_be_over() -> None:
    later = datetime(2027, 2, 1, tzinfo=UTC)
    assert [DOWNTIME.is_over(each, later) for each in (ONCE, BASE)] == [True, False]
    assert not DOWNTIME.is_over(ONCE, NOW)


ODD = [None, "x", [], {}, {"recurrences": [None]}, {"recurrences": "x"}, {"recurrences": [{"start": 7, "rrule": 3}]}]
ODD += [{"recurrences": [{"start": "2024-13-01", "rrule": "FREQ=DAILY"}], "timezone": 5}, {"start": 5, "end": []}]


@pytest.mark.parametrize("schedule", ODD, ids=repr)
def test_odd_live_schedules_are_compared_all_the_same(schedule: Any) -> None:
    live = {**answer(BASE), "schedule": schedule}
    assert not is_as_declared(live, BASE)
    assert DOWNTIME.comparable(live) == DOWNTIME.comparable(live)
    assert isinstance(DOWNTIME.likeness(live), tuple)
    DOWNTIME.identity(live)

"""Groups told of at once: https://docs.datadoghq.com/monitors/configuration/#notification-grouping."""

from __future__ import annotations

from typing import Any

import pytest

from generator.simulate.settings import Settings
from tests.simulate.histories import changes, minutes, simulated, told

QUERY = "avg(last_1m):avg:m{*} by {service,host} > 5"


def host(name: str, text: str, service: str = "web") -> Any:
    return minutes(text, tags=[f"host:{name}", f"service:{service}"])


def found(*series: Any, settings: Settings | None = None, **options: Any) -> Any:
    defaults = {"notify_by": ["service"], "thresholds": {"critical": 5, "warning": 3}}
    return simulated(QUERY, *series, until="01:00", settings=settings or Settings(), **{**defaults, **options})


def test_a_service_alerts_once_for_all_of_its_hosts() -> None:
    both = (host("a", "1x10 9x20 1x31"), host("b", "1x15 9x25 1x21"), host("c", "1x20 9x41", "db"))
    assert told(found(*both)) == ["00:10 service:web Alert", "00:20 service:db Alert", "00:40 service:web OK"]


def test_the_states_of_each_group_stay_its_own() -> None:
    both = (host("a", "1x10 9x20 1x31"), host("b", "1x15 9x25 1x21"))
    assert changes(found(*both)) == [
        "00:10 host:a service:web Alert",
        "00:15 host:b service:web Alert",
        "00:30 host:a service:web OK",
        "00:40 host:b service:web OK",
    ]


def test_the_worst_state_is_told() -> None:
    both = (host("a", "1x10 4x40 1x11"), host("b", "1x20 9x10 1x31"))
    assert told(found(*both)) == [
        "00:10 service:web Warn",
        "00:20 service:web Alert",
        "00:30 service:web Warn",
        "00:50 service:web OK",
    ]


def test_each_change_is_told_by_a_setting() -> None:
    both = (host("a", "1x10 9x20 1x31"), host("b", "1x15 9x25 1x21"))
    assert told(found(*both, settings=Settings(merged_notifications="each"))) == [
        "00:10 service:web Alert",
        "00:15 service:web Alert",
        "00:30 service:web OK",
        "00:40 service:web OK",
    ]


def test_a_simple_alert_tells_of_the_monitor_as_a_whole() -> None:
    """https://docs.datadoghq.com/monitors/guide/alert_aggregation/."""
    some = (host("a", "1x10 9x20 1x31"), host("b", "1x15 9x25 1x21", "db"))
    assert told(found(*some, notify_by=["*"])) == ["00:10 Alert", "00:40 OK"]


@pytest.mark.parametrize("notify_by", [["service", "host"], [], None, "service", ["region"], [7]])
def test_what_is_no_part_of_the_keys_changes_nothing(notify_by: Any) -> None:
    assert told(found(host("a", "1x10 9x51"), notify_by=notify_by)) == ["00:10 host:a service:web Alert"]


def test_reminders_come_once_for_all() -> None:
    both = (host("a", "1x10 9x51"), host("b", "1x15 9x46"))
    assert told(found(*both, renotify_interval=20)) == [
        "00:10 service:web Alert",
        "00:30 service:web Alert again",
        "00:50 service:web Alert again",
    ]
    assert told(found(*both, renotify_interval=20, renotify_occurrences=1)) == [
        "00:10 service:web Alert",
        "00:30 service:web Alert again",
    ]


def test_a_host_in_a_downtime_hides_no_other() -> None:
    schedule = {"start": "2027-01-05T00:00:00Z", "end": "2027-01-05T00:50:00Z"}
    downtime = {"monitor_identifier": {"monitor_id": 7}, "scope": "host:a", "schedule": schedule}
    sent = simulated(
        QUERY,
        host("a", "1x10 9x51"),
        host("b", "1x20 9x10 1x31"),
        until="01:00",
        downtimes=[downtime],
        notify_by=["service"],
    )
    assert told(sent) == [
        "00:10 service:web Alert muted",
        "00:20 service:web Alert",
        "00:30 service:web OK",
        "00:50 service:web Alert after downtime",
    ]

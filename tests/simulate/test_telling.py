"""What a notification says when it arrives."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from generator.message.event import State
from generator.schedule.zones import UnknownZone, zone
from generator.simulate.telling import sent
from generator.simulate.timeline import GroupTimeline, Notification

AT = 1_799_999_940
PAYLOAD: dict[str, Any] = {
    "name": "{{host.name}} is slow",
    "type": "query alert",
    "query": "avg(last_5m):avg:a{*} by {host} > 2",
    "message": "{{value}} {{comparator}} {{threshold}} ({{warn_threshold}}) since "
    "{{local_time 'first_triggered_at' 'Asia/Tokyo'}} {{nothing}}\n"
    "{{#is_alert}}@pager{{/is_alert}} {{#is_renotify}}@again{{/is_renotify}} @slack",
    "options": {"thresholds": {"critical": 2, "warning": 1}, "escalation_message": "Still. @boss"},
}
ALERT = Notification(AT, State.OK, State.ALERT, 2.5, first_triggered_at=AT - 600, last_triggered_at=AT)


def zones(name: str) -> Any:
    found = zone(name)
    return None if isinstance(found, UnknownZone) else found


def arrived(notification: Notification) -> Any:
    (found,) = sent(PAYLOAD, GroupTimeline(group=("host:web-1",), notifications=(notification,)), zones)
    return found


def test_an_alert_has_its_value_thresholds_and_local_times() -> None:
    found = arrived(ALERT)
    assert found.title == "web-1 is slow"
    assert found.text.splitlines()[0] == "2.5 &gt; 2.0 (1.0) since 2027-01-15 16:49:00+09:00 "
    assert (found.told, found.unknown) == (("@pager", "@slack"), ("nothing",))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"is_renotify": True}, ("@pager", "@again", "@slack", "@boss")),
        ({"muted": True}, ()),
        ({"before": State.ALERT, "after": State.OK}, ("@slack",)),
    ],
    ids=["a reminder brings the escalation message", "nobody is told of a muted one", "a recovery"],
)
def test_who_is_told_depends_on_what_happened(fields: dict[str, Any], told: tuple[str, ...]) -> None:
    assert arrived(msgspec.structs.replace(ALERT, **fields)).told == told


def test_a_notification_of_several_groups_knows_only_what_they_share() -> None:
    found = arrived(msgspec.structs.replace(ALERT, group=()))
    assert (found.group, found.title) == ((), " is slow")


def test_the_threshold_is_that_of_the_query_where_no_option_names_one() -> None:
    payload = {**PAYLOAD, "message": "{{threshold}}", "options": {}}
    (found,) = sent(payload, GroupTimeline(group=("host:web-1",), notifications=(ALERT,)), zones)
    assert found.text == "2.0"

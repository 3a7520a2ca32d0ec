"""A backtest as JSON. Times are RFC 3339 in UTC, durations are seconds.

`{"version": 1, "from", "to", "source", "base", "requests", "flapping_seconds", "assumptions": [text], "monitors":
[{"tracking_id", "title", "path", "line", "timezone", "base": VERSION, "proposed": VERSION}]}`. A VERSION is null where
the monitor is not in it or nothing is compared, `{"not_run": reason, "budget": whether requests were spent}`, or
`{"evaluations", "evaluations_with_data", "groups", "alerts", "seconds_in_alert", "longest_seconds", "warnings",
"without_data", "notified", "notified_outside_business_hours", "flapping", "notes": [text], "depends_on", "episodes":
[{"state", "group", "from", "to", "value"}], "notifications": [{"at", "group", "before", "after", "handles", "reminder",
"in_business_hours"}]}`. `to` of an episode is null where it had not ended. `depends_on` is null without
`--sensitivity`, else `[{"setting", "chosen", "instead", "groups", "notifications", "first_at"}]`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from generator.backtest.model import Backtest, Backtested, Course, Episode, NotRun, Told
from generator.message.event import State
from generator.report.json_text import json_text
from generator.simulate.sensitivity import Difference


def backtest_json(found: Backtest) -> str:
    told = {
        "version": 1,
        "from": rfc3339(found.since),
        "to": rfc3339(found.until),
        "source": found.source,
        "base": found.base,
        "requests": found.requests,
        "flapping_seconds": found.flapping_seconds,
        "assumptions": list(found.assumptions),
        "monitors": [_monitor(each, found.flapping_seconds) for each in found.monitors],
    }
    return json_text(told) + "\n"


def rfc3339(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _monitor(of: Backtested, flapping_seconds: int) -> dict[str, Any]:
    return {
        "tracking_id": of.tracking_id,
        "title": of.title,
        "path": of.path,
        "line": of.line,
        "timezone": of.hours.zone.key,
        "base": _version(of.base, flapping_seconds),
        "proposed": _version(of.proposed, flapping_seconds),
    }


def _version(version: Course | NotRun | None, flapping_seconds: int) -> dict[str, Any] | None:
    if version is None:
        return None
    if isinstance(version, NotRun):
        return {"not_run": version.reason, "budget": version.is_budget}
    return {
        "evaluations": version.evaluations,
        "evaluations_with_data": version.with_points,
        "groups": version.groups,
        "alerts": len(version.of(State.ALERT)),
        "seconds_in_alert": version.seconds_in(State.ALERT),
        "longest_seconds": version.longest,
        "warnings": len(version.of(State.WARNING)),
        "without_data": len(version.of(State.NO_DATA)),
        "notified": len(version.told),
        "notified_outside_business_hours": len(version.told_outside),
        "flapping": version.flaps(flapping_seconds),
        "notes": list(version.notes),
        "depends_on": None if version.depends_on is None else [_dependence(each) for each in version.depends_on],
        "episodes": [_episode(each) for each in version.episodes],
        "notifications": [_notification(each) for each in version.told],
    }


def _episode(episode: Episode) -> dict[str, Any]:
    return {
        "state": episode.state.value,
        "group": list(episode.group),
        "from": rfc3339(episode.start),
        "to": None if episode.end is None else rfc3339(episode.end),
        "value": episode.value,
    }


def _dependence(of: Difference) -> dict[str, Any]:
    return {
        "setting": of.setting,
        "chosen": of.chosen,
        "instead": of.instead,
        "groups": of.groups_that_differ,
        "notifications": of.notifications_that_differ,
        "first_at": None if of.first_at is None else rfc3339(of.first_at),
    }


def _notification(told: Told) -> dict[str, Any]:
    return {
        "at": rfc3339(told.at),
        "group": list(told.group),
        "before": told.before.value,
        "after": told.after.value,
        "handles": list(told.handles),
        "reminder": told.is_renotify,
        "in_business_hours": told.in_business_hours,
    }

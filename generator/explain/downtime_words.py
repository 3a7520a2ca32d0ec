"""A downtime in sentences, from its payload. What it lacks is not told; none makes this fail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from generator.explain.durations import duration_words
from generator.explain.phrases import code, listed, on_days
from generator.schedule.local_time import clock
from generator.schedule.moments import YEARS
from generator.schedule.recurrence import rule_days
from generator.schedule.zones import zone

_DURATION = re.compile(r"([0-9]{1,4})([mhdw])")
_UNITS = {"m": 1, "h": 60, "d": 1440, "w": 10080}
_SHOWN = 10


def explain_downtime(payload: Mapping[str, Any]) -> str:
    """Whom it silences and when."""
    schedule, shown = _mapping(payload.get("schedule")), payload.get("display_timezone")
    recurrences = schedule.get("recurrences")
    where = schedule.get("timezone") if recurrences else shown
    parts = (
        [_recurring(_mapping(each)) for each in recurrences[:_SHOWN]]
        if isinstance(recurrences, list)
        else [_once(schedule, zone(str(where)))]
    )
    when = listed([part for part in parts if part] or ["from the moment it is created"])
    of_zone = f" ({where})" if isinstance(where, str) and where else ""
    return f"Silences {_whom(payload)} {when}{of_zone}."


def _whom(payload: Mapping[str, Any]) -> str:
    identifier = _mapping(payload.get("monitor_identifier"))
    tags = identifier.get("monitor_tags")
    if "monitor_id" in identifier:
        told = f"the monitor {code(str(identifier['monitor_id']))}"
    elif not isinstance(tags, list) or tags == ["*"]:
        told = "all monitors"
    else:
        told = f"monitors tagged {listed(code(str(tag)) for tag in tags[:_SHOWN] or [''])}"
    scope = str(payload.get("scope") or "*")
    return told if scope == "*" else f"{told} in the groups {code(scope)}"


def _recurring(recurrence: Mapping[str, Any]) -> str:
    rule, start = str(recurrence.get("rrule") or ""), _local(recurrence.get("start"))
    lasting = _minutes(recurrence.get("duration"))
    days = rule_days(rule)
    which = f"by the rule {code(rule)}" if days is None else on_days(days)
    if start is None or lasting is None:
        return which
    if days is None or lasting >= timedelta(days=1):
        return f"{which} from {clock(start.time())} for {duration_words(lasting)}"
    return f"{which} from {clock(start.time())} to {clock((start + lasting).time())}"


def _once(schedule: Mapping[str, Any], where: object) -> str:
    told = []
    for word, name in (("from", "start"), ("to", "end")):
        moment = _local(schedule.get(name))
        if moment is not None:
            there = moment.astimezone(where) if isinstance(where, ZoneInfo) and moment.tzinfo else moment
            told.append(f"{word} {there:%Y-%m-%d} {clock(there.time())}")
    return " ".join(told)


def _local(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found and found.year in YEARS else None


def _minutes(duration: object) -> timedelta | None:
    found = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    return timedelta(minutes=int(found[1]) * _UNITS[found[2]]) if found else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}

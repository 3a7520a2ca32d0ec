"""What `--from` and `--to` mean."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from generator.cli._exits import USAGE, Stop
from generator.schedule.fields import parse_duration
from generator.schedule.local_time import instant, is_skipped
from generator.source.wording import shown

LONGEST = timedelta(days=460)
"""Datadog keeps metrics for 15 months (https://docs.datadoghq.com/data_security/data_retention_periods/)."""
BY_DEFAULT = timedelta(days=30)
_HINT = "write a day such as 2026-10-01, a local time such as 2026-10-01T04:12, or how long before the end, such as 7d"


def stretch(
    since: str | None, until: str | None, *, zone: ZoneInfo, span: tuple[int, int] | None, now: datetime
) -> tuple[int, int]:
    """Seconds since 1970, both included; `span` is that of the history in files, None where it is asked for."""
    if until is not None:
        end = _moment(until, "--to", zone, before=now)
    else:
        end = now if span is None else datetime.fromtimestamp(span[1], UTC)
    begin = end - BY_DEFAULT
    if since is not None:
        begin = _moment(since, "--from", zone, before=end)
    elif span is not None:
        begin = max(datetime.fromtimestamp(span[0], UTC), end - LONGEST)
    _refuse(begin, end, zone, now)
    return int(begin.timestamp()), int(end.timestamp())


def _refuse(begin: datetime, end: datetime, zone: ZoneInfo, now: datetime) -> None:
    told = f"from {begin.astimezone(zone):%Y-%m-%d %H:%M} to {end.astimezone(zone):%Y-%m-%d %H:%M}"
    if begin >= end:
        raise Stop(f"there is no time {told} ({zone.key})", hint="write a `--from` before `--to`", code=USAGE)
    if end - begin > LONGEST:
        raise Stop(f"{told} is longer than {LONGEST.days} days", hint="backtest a shorter stretch", code=USAGE)
    if begin >= now:
        raise Stop(f"{told} has not been yet", hint="write a `--from` in the past", code=USAGE)


def _moment(text: str, option: str, zone: ZoneInfo, *, before: datetime) -> datetime:
    try:
        return before - parse_duration(text)
    except ValueError:
        pass
    except OverflowError:
        raise Stop(f"`{option}` {shown(text)} is before all times", hint=_HINT, code=USAGE) from None
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo is not None else _local(found, option, zone)
    except (ValueError, OverflowError):
        raise Stop(f"`{option}` {shown(text)} is no time", hint=_HINT, code=USAGE) from None


def _local(found: datetime, option: str, zone: ZoneInfo) -> datetime:
    at, day = found.time(), found.date()
    # A day whose midnight the clocks skip begins an hour later, which is its first moment all the same.
    if at != time(0) and is_skipped(day, at, zone):
        told = f"{found:%Y-%m-%d %H:%M}"
        raise Stop(f"`{option}` {told} is skipped by the clocks of {zone.key}", hint="write another time", code=USAGE)
    return instant(day, at, zone)

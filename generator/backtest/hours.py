"""Business hours, to tell by whom and when an alert is read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct

from generator.schedule.local_time import is_between


class BusinessHours(Struct, frozen=True, kw_only=True):
    """Weekdays count from 0, Monday; none means all. On `holidays` nobody works."""

    zone: ZoneInfo
    days: tuple[int, ...]
    start: time
    end: time
    holidays: frozenset[date] = frozenset()

    def are_at(self, second: int) -> bool:
        """Whether people work at a moment in seconds since 1970."""
        local = self.local(second)
        is_working_day = not self.days or local.weekday() in self.days
        return is_working_day and local.date() not in self.holidays and is_between(local.time(), self.start, self.end)

    def local(self, second: int) -> datetime:
        return datetime.fromtimestamp(second, UTC).astimezone(self.zone)

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
        """Whether people work at a moment in seconds since 1970; hours past midnight belong to the day before."""
        local = self.local(second)
        shown, day = local.time(), local.date()
        if not is_between(shown, self.start, self.end):
            return False
        if self.end <= self.start and shown < self.end:
            day = date.fromordinal(day.toordinal() - 1)
        return (not self.days or day.weekday() in self.days) and day not in self.holidays

    def local(self, second: int) -> datetime:
        return datetime.fromtimestamp(second, UTC).astimezone(self.zone)

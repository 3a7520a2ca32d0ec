"""Where and when alerts are read, from what a kind knows of its surroundings."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from generator.explain.monitor import Context, KindProblem
from generator.schedule.delivery import Office
from generator.schedule.zones import UnknownZone, zone


def office(context: Context) -> Office | KindProblem:
    found = zone_of(context.timezone, where=())
    if isinstance(found, KindProblem):
        return found
    return Office(found, context.business_days, context.reference_years)


def zone_of(name: str, *, where: tuple[str | int, ...]) -> ZoneInfo | KindProblem:
    """The zone that a field names."""
    found = zone(name)
    if isinstance(found, UnknownZone):
        return KindProblem(field=where, rule="unknown-zone", message=found.message, hint=found.hint)
    return found

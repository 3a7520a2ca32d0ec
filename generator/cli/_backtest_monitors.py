"""Which monitors a backtest is about, and when people work who hear of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from msgspec import UNSET

from generator.backtest.hours import BusinessHours
from generator.cli._exits import USAGE, Stop
from generator.finding import is_error
from generator.render.contexts import business_times
from generator.render.model import Rendering, Resource
from generator.render.project import Project
from generator.schedule.public_holidays import UnknownCountry, public_holidays
from generator.schedule.zones import zone

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Pair:
    """A monitor as it is and as proposed; `is_compared` where there is a revision to compare with."""

    base: Resource | None
    proposed: Resource | None

    @property
    def shown(self) -> Resource:
        found = self.proposed or self.base
        assert found is not None  # noqa: S101 - a pair is made of one at least
        return found

    @property
    def differs(self) -> bool:
        return self.base is None or self.proposed is None or self.base.payload != self.proposed.payload


def pairs(rendering: Rendering, earlier: Rendering | None, names: Sequence[str]) -> tuple[Pair, ...]:
    """Those with the names; without names all, or where there is an earlier revision all that differ."""
    before = {} if earlier is None else {each.tracking_id: each for each in _monitors(earlier)}
    found: list[Pair] = []
    for each in _monitors(rendering):
        known = [name for name in (each.tracking_id, *each.previous_ids) if name in before]
        found.append(Pair(before.pop(known[0]) if known else None, each))
    found += (Pair(each, None) for each in before.values())
    found.sort(key=lambda pair: pair.shown.tracking_id)
    if names:
        return _named(names, found, rendering)
    return tuple(each for each in found if earlier is None or each.differs)


def _monitors(rendering: Rendering) -> Iterable[Resource]:
    return (each for each in rendering.resources if each.resource == "monitor")


def _named(names: Sequence[str], found: Sequence[Pair], rendering: Rendering) -> tuple[Pair, ...]:
    """Whose tracking id is or holds one of the names, in whole parts; `NAME` finds `NAME.ELEMENT` too."""
    chosen: dict[str, Pair] = {}
    for name in names:
        meant = [each for each in found if any(f"/{name}{end}" in f"/{each.shown.tracking_id}/" for end in "/.")]
        if not meant or not name.strip("/"):
            raise _unknown(name, found, rendering)
        chosen |= {each.shown.tracking_id: each for each in meant}
    return tuple(chosen[name] for name in sorted(chosen))


def _unknown(name: str, found: Sequence[Pair], rendering: Rendering) -> Stop:
    from generator.source.wording import nearest, shown

    if any(f"/{name}/" in f"/{each}/" for each in rendering.broken):
        return Stop(f"{shown(name, 80)} cannot be rendered", hint="`toban lint` says why")
    parts = {part for each in found for part in (each.shown.tracking_id, each.shown.tracking_id.split("/")[2])}
    meant = nearest(name, parts)
    errors = sum(map(is_error, rendering.findings))
    missing = f"{errors} errors keep monitors from being rendered, see `toban lint`" if errors else ""
    hint = f"did you mean `{meant}`?" if meant else missing or "`toban render` lists all of them"
    return Stop(f"no monitor is called {shown(name, 80)}", hint=hint, code=USAGE)


def zone_of(project: Project) -> ZoneInfo:
    return _zone(project.organization.timezone)


def hours_by_zone(project: Project, timezones: Mapping[str, str], *, since: int) -> Callable[[Resource], BusinessHours]:
    """The organisation's hours in the time zone of a resource's file; holidays are those from `since` on."""
    hours = project.organization.business_hours
    days, (start, end) = business_times(hours)
    holidays: frozenset[date] = frozenset()
    if hours is not UNSET and hours.holidays is not UNSET:
        found = public_holidays(hours.holidays, since=datetime.fromtimestamp(since - 86_400, UTC).date())
        holidays = frozenset() if isinstance(found, UnknownCountry) else frozenset(each.day for each in found)

    def of(resource: Resource) -> BusinessHours:
        name = timezones.get(resource.path) or project.organization.timezone
        return BusinessHours(zone=_zone(name), days=days, start=start, end=end, holidays=holidays)

    return of


def _zone(name: str) -> ZoneInfo:
    found = zone(name)
    return found if isinstance(found, ZoneInfo) else _UTC

"""A downtime holds when a monitor tells what it tells once: that is told at its end, or never.

A failure of the night is told at the `notify_at` of its batch. The alert ends with its window, and what looks on
business days looks once, so that after a day of downtime, on a public holiday for example, nothing is left to tell.
Late is fine, lost is not. Let the downtime end before that moment, or leave the batch out: name other monitors by
`monitor`, or by a tag in `monitor_tags` that the batch has not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from generator.explain.arrivals import Reading
from generator.explain.monitor import Hours
from generator.explain.told_moments import first_told, is_told_once
from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor, Repository
from generator.lint.rule import Complaint, Elsewhere
from generator.query.inspection import leaves
from generator.query.nodes import AllOf, Scope, Tag, Terms
from generator.query.parser import parse_scope
from generator.query.problem import SyntaxProblem
from generator.render.model import Resource
from generator.resources.silence import Silence
from generator.resources.types import resource_types
from generator.schedule.zones import UnknownZone, zone

SEVERITY = Severity.ERROR
REACH = "repository"

# Constants, since what is found must not change with the day on which it is looked for; the later year is looked
# through first, because what is to come says more than what is over.
_YEARS = tuple((datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)) for year in (2027, 2026))
_MOST_SHOWN = 5
_Told = tuple[Reading, Hours | None]


class _Loss(NamedTuple):
    monitor: RenderedMonitor
    told: _Told
    moment: datetime


def findings(repository: Repository) -> Iterator[tuple[Resource, Complaint]]:
    silences = [
        (resource, read(resource.payload))
        for resource in repository.resources
        if (read := resource_types()[resource.resource].silence) is not None
    ]
    candidates = [each for each in repository.monitors if _may_tell_once(each)] if silences else []
    for resource, silence in silences:
        lost = tuple(_losses(silence, candidates))
        if lost:
            yield resource, _complaint(silence, lost)


def _losses(silence: Silence, candidates: Sequence[RenderedMonitor]) -> Iterator[_Loss]:
    narrowed = _tags(silence.scope)
    moments: dict[_Told, datetime | None] = {}
    for monitor in candidates:
        told = _told(monitor) if _is_named(monitor, silence) and not _is_elsewhere(monitor, narrowed) else None
        if told is None:
            continue
        if told not in moments:
            moments[told] = _first_lost(told, silence)
        moment = moments[told]
        if moment is not None:
            yield _Loss(monitor, told, moment)


def _may_tell_once(monitor: RenderedMonitor) -> bool:
    """Cheap: most monitors are told apart from batches without reading their query."""
    is_late = "timeshift(" in monitor.text or "scheduling_options" in monitor.options
    return monitor.type in METRIC_TYPES and (is_late or monitor.resource.happens is not None)


def _told(monitor: RenderedMonitor) -> _Told | None:
    found, happens = monitor.reading, monitor.resource.happens
    return (found, happens) if found is not None and is_told_once(found, happens) else None


def _first_lost(told: _Told, silence: Silence) -> datetime | None:
    windows = (window for since, until in _YEARS for window in silence.windows(since=since, until=until))
    moments = (first_told(*told, since=start, until=end) for start, end in windows)
    return next((moment for moment in moments if moment is not None), None)


def _is_named(monitor: RenderedMonitor, silence: Silence) -> bool:
    if silence.monitor is not None:
        return silence.monitor == f"%{{{monitor.resource.tracking_id}}}"
    tags = monitor.resource.payload.get("tags")
    return silence.tags <= {str(tag) for tag in tags} if isinstance(tags, list) else not silence.tags


def _tags(scope: str) -> Mapping[str, str]:
    """What every group of the scope has; nothing where that cannot be told."""
    parsed = parse_scope(scope)
    parts = () if isinstance(parsed, SyntaxProblem) else _terms(parsed)
    return {part.key: part.value for part in parts if isinstance(part, Tag) and part.value and "*" not in part.value}


def _is_elsewhere(monitor: RenderedMonitor, narrowed: Mapping[str, str]) -> bool:
    """Whether all that the monitor reads has another value of a tag than the downtime's groups."""
    scopes = [_terms(leaf.scope) for leaf in leaves(monitor.tree)] if narrowed else []
    return bool(scopes) and all(any(_differs(part, narrowed) for part in parts) for parts in scopes)


def _differs(part: Scope, narrowed: Mapping[str, str]) -> bool:
    if not isinstance(part, Tag) or not part.value or "*" in part.value:
        return False
    return narrowed.get(part.key, part.value) != part.value


def _terms(scope: Scope) -> tuple[Scope, ...]:
    return scope.operands if isinstance(scope, Terms | AllOf) else (scope,)


def _complaint(silence: Silence, lost: Sequence[_Loss]) -> Complaint:
    first = lost[0]
    more = f", and {len(lost) - 1} more" if len(lost) > 1 else ""
    name, at = first.monitor.resource.tracking_id, _local(first)
    return Complaint(
        f"`{name}`{more} would tell people of something once, as on {at}, and this silences it: "
        "that is told when this ends, or never",
        ("monitor_tags",) if silence.monitor is None else ("monitor",),
        hint="let it end before that, or name other monitors, by `monitor` or by a tag that only they have",
        related=tuple(_elsewhere(each) for each in lost[:_MOST_SHOWN]),
    )


def _elsewhere(loss: _Loss) -> Elsewhere:
    return Elsewhere(f"it tells on {_local(loss)}", of=loss.monitor.resource)


def _local(loss: _Loss) -> str:
    one, happens = loss.told
    name = one.looks.zone.key if one.looks else happens.zone if happens else "UTC"
    found = zone(name)
    if isinstance(found, UnknownZone):
        return f"{loss.moment:%A %Y-%m-%d at %H:%M} (UTC)"
    return f"{loss.moment.astimezone(found):%A %Y-%m-%d at %H:%M} ({name})"

"""A composite monitor is of monitors whose groups have nothing in common, so that it can hardly ever alert.

Of monitors with groups, a composite judges only the groups that all of them have
(https://docs.datadoghq.com/monitors/types/composite/). One by `host` and one by `service` have none, unless a host has
a service's name. Group both by the same key, or one of them by none: a monitor without groups counts for every group.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.composites import composites
from generator.lint.rendered import RenderedMonitor, Repository
from generator.lint.rule import Complaint, Elsewhere
from generator.query.groups import result_groups
from generator.query.nodes import ChainQuery, MonitorQuery
from generator.render.model import Resource

SEVERITY = Severity.WARNING
REACH = "repository"

_MOST_SHOWN = 5
_Grouped = list[tuple[RenderedMonitor, tuple[str, ...]]]


def findings(repository: Repository) -> Iterator[tuple[Resource, Complaint]]:
    for composite, members in composites(repository):
        grouped = [(each, keys) for each in members if (keys := _groups(each))]
        if len(grouped) > 1 and not set.intersection(*(set(keys) for _, keys in grouped)):
            yield composite.resource, _complaint(grouped)


def _groups(monitor: RenderedMonitor) -> tuple[str, ...]:
    """A formula's groups are those of its queries in the option `variables`: they are not told here."""
    if not isinstance(monitor.tree, MonitorQuery | ChainQuery) or monitor.options.get("variables"):
        return ()
    return result_groups(monitor.tree)


def _complaint(grouped: _Grouped) -> Complaint:
    return Complaint(
        "the monitors of this composite have no group in common, and it judges only groups that all of them have",
        ("query",),
        hint="group them by the same key, or one of them by none",
        related=tuple(
            Elsewhere(f"this is grouped by {', '.join(f'`{key}`' for key in keys)}", ("query",), of=each.resource)
            for each, keys in grouped[:_MOST_SHOWN]
        ),
    )

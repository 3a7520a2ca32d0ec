"""Monitors of several environments ask for the same data: each alerts for a problem in any of them.

A written query in more than one environment must name the environment, as in
`{service:api,<< environment.scope >>}`; otherwise a problem in staging wakes the people of production. Where the data
really is not divided by environment, keep the monitor in one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor, Repository
from generator.lint.rule import Complaint
from generator.query.inspection import leaves
from generator.render.model import Resource

SEVERITY = Severity.ERROR
REACH = "file"


def findings(repository: Repository) -> Iterator[tuple[Resource, Complaint]]:
    by_name = sorted(repository.monitors, key=_name)
    for _, same_name in groupby(by_name, key=_name):
        first, *others = same_name
        equal = [other for other in others if _asked(other) == _asked(first)]
        if equal and first.text:
            yield first.resource, _complaint([first, *equal])


def _complaint(monitors: list[RenderedMonitor]) -> Complaint:
    environments = ", ".join(f"`{_environment(each)}`" for each in monitors)
    return Complaint(
        f"the query reads the same data in {environments}",
        ("query",),
        hint="name the environment in its scope: `{…,<< environment.scope >>}`",
    )


def _asked(monitor: RenderedMonitor) -> object:
    """What the query reads, whatever the threshold; a formula's queries stand in the option `variables`."""
    return leaves(monitor.tree) or monitor.text, monitor.options.get("variables")


def _name(monitor: RenderedMonitor) -> str:
    return monitor.resource.tracking_id.rpartition("/")[0]


def _environment(monitor: RenderedMonitor) -> str:
    return monitor.resource.tracking_id.rpartition("/")[2]

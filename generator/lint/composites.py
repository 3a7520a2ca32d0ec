"""What rules on composite monitors share: which monitors of the repository each is made of."""

from __future__ import annotations

from collections.abc import Iterator

from generator.lint.rendered import RenderedMonitor, Repository
from generator.query.inspection import references
from generator.query.nodes import CompositeQuery
from generator.render.model import Resource


def composites(repository: Repository) -> Iterator[tuple[RenderedMonitor, tuple[RenderedMonitor, ...]]]:
    """Each composite that refers to monitors here, with those; costs little where there is none."""
    if not any(_refers(each) for each in repository.resources):
        return
    monitors = {each.resource.tracking_id: each for each in repository.monitors}
    for monitor in repository.monitors:
        if _refers(monitor.resource) and isinstance(monitor.tree, CompositeQuery):
            yield monitor, tuple(monitors[name] for name in references(monitor.tree) if name in monitors)


def _refers(resource: Resource) -> bool:
    return resource.payload.get("type") == "composite" and "%{" in str(resource.payload.get("query"))

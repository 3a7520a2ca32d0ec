"""What rules on composite monitors share: which monitors of the repository each is made of."""

from __future__ import annotations

from collections.abc import Iterator

from generator.lint.rendered import RenderedMonitor, Repository
from generator.query.nodes import CompositeQuery
from generator.render.model import Resource
from generator.resources.references import references


def composites(repository: Repository) -> Iterator[tuple[RenderedMonitor, tuple[RenderedMonitor, ...]]]:
    """Each composite that refers to monitors here, with those; only their queries are read."""
    names_of = {
        each.tracking_id: references({"query": each.payload.get("query")})
        for each in repository.resources
        if _refers(each)
    }
    named = {name for names in names_of.values() for name in names}
    part = tuple(each for each in repository.resources if each.tracking_id in named or _refers(each)) if named else ()
    monitors = {each.resource.tracking_id: each for each in Repository(part, repository.arounds).monitors}
    for tracking_id, names in names_of.items():
        composite = monitors.get(tracking_id)
        if composite is not None and isinstance(composite.tree, CompositeQuery):
            yield composite, tuple(monitors[name] for name in names if name in monitors)


def _refers(resource: Resource) -> bool:
    return resource.payload.get("type") == "composite" and "%{" in str(resource.payload.get("query"))

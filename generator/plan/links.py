"""Which desired resource refers to which, and the Datadog ids by which they are referred to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from generator.plan.changes import is_replaced
from generator.plan.guards import Reference
from generator.plan.matching import Match, Matching
from generator.plan.order import Key, Links
from generator.render.model import Resource
from generator.resources.references import references
from generator.resources.types import resource_types


class Graph(NamedTuple):
    """Links between desired resources, all references, and the ids that outlive the plan, by tracking id.

    A tracking id names one resource of each type; a reference means the type that is created first.
    """

    desired: Mapping[Key, Resource]
    matches: Mapping[Key, Match]
    links: Links
    references: tuple[Reference, ...]
    ids: Mapping[str, str]


_EMPTY = Graph({}, {}, {}, (), {})


def graph(matchings: Mapping[str, Matching]) -> Graph:
    found = [(resource, name) for resource in _referring(matchings) for name in references(resource.payload)]
    if not found:
        return _EMPTY
    pairs = {(kind, pair.desired.tracking_id): pair for kind, each in matchings.items() for pair in each.pairs}
    desired = {key: pair.desired for key, pair in pairs.items()}
    targets = _targets(matchings)
    complete = tuple(Reference(resource, name, targets.get(name)) for resource, name in found)
    return Graph(
        desired=desired,
        matches={key: pair.match for key, pair in pairs.items()},
        links=_links(complete, desired),
        references=complete,
        ids=_ids(matchings, {name for _, name in found}),
    )


def ranks_of(linked: Graph) -> dict[Key, int]:
    """Give the order of the type of each resource that refers or is referred to."""
    types = resource_types()
    keys = {key for source, targets in linked.links.items() for key in (source, *targets)}
    return {key: types[key[0]].order(linked.desired[key].payload) for key in keys}


def _referring(matchings: Mapping[str, Matching]) -> Iterable[Resource]:
    for kind, found in matchings.items():
        may_refer = resource_types()[kind].may_refer
        yield from (pair.desired for pair in found.pairs if may_refer(pair.desired.payload))


def _targets(matchings: Mapping[str, Matching]) -> dict[str, Key]:
    targets: dict[str, Key] = {}
    for kind, found in matchings.items():
        desired = (pair.desired.tracking_id for pair in found.pairs)
        for name in (*desired, *(stray for stray, _ in (*found.strays, *found.held)), *found.foreign):
            targets.setdefault(name, (kind, name))
    return targets


def _links(complete: Iterable[Reference], desired: Mapping[Key, Resource]) -> Links:
    links: dict[Key, tuple[Key, ...]] = {}
    for reference in complete:
        if reference.target is not None and reference.target in desired:
            source = (reference.source.resource, reference.source.tracking_id)
            links[source] = (*links.get(source, ()), reference.target)
    return links


def _ids(matchings: Mapping[str, Matching], wanted: set[str]) -> dict[str, str]:
    """What is created or replaced by this plan has no id yet, and stands before its namesakes of later types."""
    ids: dict[str, str] = {}
    pending: set[str] = set()
    for found in matchings.values():
        others = (*reversed(found.strays), *reversed(found.held), *found.foreign.items())
        stable = {name: str(live["id"]) for name, live in others}
        for pair in found.pairs:
            name = pair.desired.tracking_id
            if name in wanted and pair.live is not None and not is_replaced(pair):
                stable[name] = str(pair.live["id"])
            elif name in wanted and name not in stable:
                pending.add(name)
        ids |= {name: stable[name] for name in wanted & stable.keys() - ids.keys() - pending}
    return ids

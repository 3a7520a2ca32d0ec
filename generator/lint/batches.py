"""Which batch a monitor watches, and whether two watch one."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, TypeVar

from generator.explain.batch_source import batch_named_by
from generator.lint.rendered import RenderedMonitor
from generator.query.inspection import leaves
from generator.query.nodes import AllOf, Scope, Tag, Terms

Batch = tuple[str, tuple[str, ...]]
"""The environment, and the tags of which each names a batch in it."""

_ANY = "*"


def batch_of(monitor: RenderedMonitor) -> Batch:
    """By what its kind says, and by the tags of its query where it is written by hand."""
    environment = monitor.resource.tracking_id.rpartition("/")[2]
    return environment, monitor.resource.batch or _tags_of(monitor)


Watching = TypeVar("Watching", bound=Hashable)


class Watched(Generic[Watching]):
    """What watches each batch, found by its name: equal ones, and wildcards that take the other in."""

    def __init__(self, watching: Iterable[tuple[Batch, Watching]]) -> None:
        self._by_tag: dict[tuple[str, str], dict[Watching, None]] = {}
        for (environment, tags), each in watching:
            for tag in tags:
                self._by_tag.setdefault((environment, tag), {})[each] = None
        self._wild = [named for named in self._by_tag if _ANY in named[1]]

    def by(self, batch: Batch) -> Iterator[Watching]:
        """Each once; the exact names first."""
        environment, tags = batch
        exact = (self._by_tag.get((environment, tag), {}) for tag in tags)
        alike = (self._by_tag[named] for named in self._alike(environment, tags))
        return iter(dict.fromkeys(each for found in itertools.chain(exact, alike) for each in found))

    def _alike(self, environment: str, tags: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        for tag in tags:
            known = self._by_tag if _ANY in tag else self._wild
            for named in known:
                if named[0] == environment and (_takes_in(tag, named[1]) or _takes_in(named[1], tag)):
                    yield named


def _tags_of(monitor: RenderedMonitor) -> tuple[str, ...]:
    scopes = (_terms(leaf.scope) for leaf in leaves(monitor.tree))
    named = (batch_named_by(term) for terms in scopes for term in terms if isinstance(term, Tag))
    return tuple(sorted({f"{tag.key}:{tag.value}" for tag in named if tag is not None and tag.value}))


def _terms(scope: Scope) -> tuple[Scope, ...]:
    return scope.operands if isinstance(scope, Terms | AllOf) else (scope,)


def _takes_in(pattern: str, text: str) -> bool:
    """Each part between the wildcards is looked for once, behind the one before: a long pattern takes no longer."""
    first, *parts = pattern.split(_ANY)
    if not parts or not text.startswith(first):
        return False
    *between, last = parts
    place = len(first)
    for part in between:
        found = text.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return text.endswith(last) and len(text) - len(last) >= place

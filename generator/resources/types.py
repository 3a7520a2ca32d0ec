"""What a resource type is. Each module of this package that defines `TYPE` is one."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import generator.resources
from generator import registry
from generator.resources.silence import Silence
from generator.resources.wire import BARE, Wire

Payload = Mapping[str, Any]
"""Plain JSON as Datadog sends and takes it; never changed in place."""


@dataclass(frozen=True, slots=True)
class Listing:
    """How the live resources of a type are listed.

    `page_parameter` counts pages or resources (`counts`); a list of `summaries` needs one read for each of ours.
    """

    page_parameter: str
    page_size_parameter: str
    page_size: int
    counts: str
    collection: str | None = None
    summaries: bool = False
    tag_parameter: str | None = None


class Comparable(Protocol):
    def __call__(self, payload: Payload, declared: Payload | None = None, /) -> dict[str, Any]:
        """Give the normal form; of what toban does not know, or manages on request only, what `declared` has too."""


class Writable(Protocol):
    def __call__(self, desired: Payload, live: Payload | None = None, /) -> dict[str, Any]:
        """Give the body of a PUT of `desired` over `live`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """A Datadog resource type: where it lives, how it carries our id, and when two payloads mean the same.

    `tracked` gives the body of a POST: with our id and without what Datadog refuses to be told. `comparable` gives the
    normal form of a desired or a live payload: the server's own defaulting rules applied and what the server adds taken
    away, so that equal forms mean that nothing is to be done; the lists at `unordered` are sorted in it. `writable`
    gives the body of a PUT, in which a key that the YAML no longer has goes back to its default. `repeatable` gives an
    answer of Datadog as what it takes again, with what it asks for and leaves out of its answers. `identity` is what
    cannot be updated: a difference there is a replace. `likeness` is equal where two payloads describe the same thing,
    its first part being the title, and `age` is lower for what was made earlier. `order` sorts creates (low first);
    deletes go the other way round. Only a payload that `may_refer` is searched for `%{TRACKING_ID}`. What is no longer
    `is_live` is as good as deleted, though Datadog still lists it, and what `is_over` at an instant needs no creation.
    `alerts` is what evaluates a query and tells people. `duplicate` finds, in Datadog's refusal of an exact copy, the
    id of the original. `undelete_days` is how long Datadog itself can undelete one in the browser. `silence` reads what
    keeps monitors from telling anybody.
    """

    name: str
    path: str
    order: Callable[[Payload], int]
    title: Callable[[Payload], str]
    listing: Listing
    tracked: Callable[[Payload, str], dict[str, Any]]
    tracking_id: Callable[[Payload], str | None]
    foreign_owner: Callable[[Payload], str | None]
    comparable: Comparable
    writable: Writable
    identity: Callable[[Payload], tuple[object, ...]]
    likeness: Callable[[Payload], tuple[object, ...]]
    age: Callable[[Payload], tuple[object, ...]]
    may_refer: Callable[[Payload], bool]
    creator: Callable[[Payload], str | None]
    alerts: bool = False
    is_live: Callable[[Payload], bool] = lambda _: True
    is_over: Callable[[Payload, datetime], bool] = lambda _payload, _now: False
    silence: Callable[[Payload], Silence] | None = None
    repeatable: Callable[[Payload], Payload] = lambda answer: answer
    wire: Wire = BARE
    duplicate: re.Pattern[str] | None = None
    unordered: frozenset[tuple[str, ...]] = frozenset()
    validate_path: str | None = None
    forced_delete: Mapping[str, str] | None = None
    undelete_days: int | None = None


@functools.cache
def resource_types() -> Mapping[str, ResourceType]:
    """Name → type, in the order of creation."""
    found = [module.TYPE for module in registry.modules(generator.resources).values() if hasattr(module, "TYPE")]
    return {found_type.name: found_type for found_type in sorted(found, key=lambda each: (each.order({}), each.name))}

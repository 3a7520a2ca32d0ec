"""Ids in what is put back that lead to nothing: Datadog takes a graph of an alert that is gone, and shows none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import msgspec

from generator.plan.model import Change, Plan

REFERRING_KEYS = {"alert_id": "monitor", "monitor_id": "monitor", "monitor_ids": "monitor", "slo_id": "slo"}
"""By key: the type of resource whose Datadog id stands there."""

_FEW = 5


def referred_types(plan: Plan) -> frozenset[str]:
    """The types whose live ids one must know to tell."""
    return frozenset(name for change in plan.changes for name, _ in _referred(change.after))


def with_dead_references(plan: Plan, live_ids: Mapping[str, Collection[str]]) -> Plan:
    """Note at each change what it would refer to and is gone; of a type that is not in `live_ids` nothing is known."""
    return msgspec.structs.replace(plan, changes=tuple(_noted(change, live_ids) for change in plan.changes))


def _noted(change: Change, live_ids: Mapping[str, Collection[str]]) -> Change:
    referred = dict.fromkeys(_referred(change.after))
    dead = [f"{name} `{number}`" for name, number in referred if name in live_ids and number not in live_ids[name]]
    if not dead:
        return change
    more = f" and {len(dead) - _FEW} more" if len(dead) > _FEW else ""
    told = f"It refers to {', '.join(dead[:_FEW])}{more}: gone, so that nothing is shown there. Put that back too."
    return msgspec.structs.replace(change, notes=(*change.notes, told))


def _referred(payload: object) -> Iterator[tuple[str, str]]:
    """Type and id; a reference to what gets its id in this run is none yet."""
    pending = [payload]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                pending.append(inner)
                if key in REFERRING_KEYS:
                    ids = inner if isinstance(inner, list) else [inner]
                    yield from ((REFERRING_KEYS[key], str(each)) for each in ids if _is_id(each))


def _is_id(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, str) and _is_plain(value))


def _is_plain(text: str) -> bool:
    """Neither a reference of ours nor a variable of a template."""
    return bool(text) and text.isascii() and text.replace("-", "").isalnum()

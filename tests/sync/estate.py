"""What the project of the sweep has: before the sync, as it shall be after it, and what others have beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from generator.render.model import Resource
from generator.resources.types import resource_types

LOGS = {"type": "log alert", "query": 'logs("x").index("*").rollup("count").last("5m") > 90'}
WEEKLY = {
    "recurrences": [{"duration": "2h", "rrule": "FREQ=WEEKLY;INTERVAL=1;BYDAY=SU", "start": "2024-01-07T03:00:00"}],
    "timezone": "Asia/Tokyo",
}


def _id(name: str) -> str:
    return f"main/api/{name}/production"


def _resource(kind: str, name: str, payload: dict[str, Any]) -> Resource:
    return Resource(_id(name), kind, payload, "monitors/api.yaml", 1)


def monitor(name: str, threshold: int = 90, **fields: Any) -> Resource:
    payload = {
        "name": name, "type": "query alert", "message": f"CPU of {name}", "tags": ["team:web"],
        "query": f"avg(last_5m):avg:system.cpu.user{{service:{name}}} > {threshold}",
        "options": {"thresholds": {"critical": threshold}},
    }  # fmt: skip
    return _resource("monitor", name, {**payload, **fields})


def composite(name: str, *parts: str) -> Resource:
    query = " && ".join(f"%{{{_id(part)}}}" for part in parts)
    return monitor(name, type="composite", query=query, options={})


def slo(name: str, *parts: str, target: float = 99.0) -> Resource:
    thresholds = [{"timeframe": "7d", "target": target}]
    monitor_ids = [f"%{{{_id(part)}}}" for part in parts]
    payload = {"name": name, "type": "monitor", "monitor_ids": monitor_ids, "tags": [], "thresholds": thresholds}
    return _resource("slo", name, payload)


def dashboard(name: str, *parts: str, description: str = "") -> Resource:
    definitions = [{"type": "alert_graph", "alert_id": f"%{{{_id(part)}}}", "viz_type": "timeseries"} for part in parts]
    widgets = [{"definition": definition} for definition in definitions]
    payload = {"title": name, "layout_type": "ordered", "widgets": widgets, "description": description}
    return _resource("dashboard", name, payload)


def downtime(name: str, part: str, message: str = "") -> Resource:
    payload = {
        "message": message or f"About {name}", "monitor_identifier": {"monitor_id": f"%{{{_id(part)}}}"}, "scope": "*",
        "schedule": WEEKLY, "display_timezone": "Asia/Tokyo",
    }  # fmt: skip
    return _resource("downtime", name, payload)


def names(stem: str, count: int) -> list[str]:
    return [f"{stem}-{number:02}" for number in range(count)]


def before() -> list[Resource]:
    return [
        *map(monitor, names("kept", 40)),
        *map(monitor, names("updated", 50)),
        *map(monitor, names("replaced", 12)),
        *map(monitor, names("deleted", 24)),
        *(composite(name, f"replaced-0{place}", f"updated-0{place}") for place, name in enumerate(names("both", 6))),
        composite("gone-composite", "deleted-00", "kept-00"),
        *(slo(name, f"replaced-0{place}", f"kept-0{place}") for place, name in enumerate(names("slo", 6))),
        slo("gone-slo", "deleted-01"),
        *(dashboard(name, f"both-0{place}", f"kept-0{place}") for place, name in enumerate(names("board", 6))),
        dashboard("gone-board", "gone-composite"),
        *(downtime(name, f"replaced-0{place + 4}") for place, name in enumerate(names("quiet", 4))),
        downtime("gone-quiet", "deleted-02"),
        *map(monitor, names("old", 4)),
    ]


def desired(by_hand: Mapping[str, str], threshold: int = 80) -> list[Resource]:
    """`by_hand` are the Datadog ids of what is adopted, by title; `threshold` tells one revision from another."""
    return [
        *map(monitor, names("kept", 40)),
        *(monitor(name, threshold) for name in names("updated", 50)),
        *(monitor(name, **LOGS) for name in names("replaced", 12)),
        *map(monitor, names("created", 60)),
        *(composite(name, f"replaced-0{place}", f"updated-0{place}") for place, name in enumerate(names("both", 6))),
        *(
            composite(name, f"created-0{place}", f"replaced-0{place}")
            for place, name in enumerate(names("new-both", 6))
        ),
        *(slo(name, f"replaced-0{place}", f"kept-0{place}", target=98) for place, name in enumerate(names("slo", 6))),
        *(slo(name, f"created-0{place}") for place, name in enumerate(names("new-slo", 4))),
        *(
            dashboard(name, f"both-0{place}", f"kept-0{place}", description="new")
            for place, name in enumerate(names("board", 6))
        ),
        *(
            dashboard(name, f"new-both-0{place}", f"created-1{place}")
            for place, name in enumerate(names("new-board", 6))
        ),
        *(downtime(name, f"replaced-0{place + 4}", "other words") for place, name in enumerate(names("quiet", 4))),
        *(downtime(name, f"created-0{place}") for place, name in enumerate(names("new-quiet", 4))),
        *(_renamed(monitor(new), old) for new, old in zip(names("new", 4), names("old", 4), strict=True)),
        composite("of-new", "new-00", "new-01"),
        *(_adopting(monitor(name), by_hand[name]) for name in names("adopted", 3)),
        _adopting(dashboard("adopted-board", "adopted-00"), by_hand["adopted-board"]),
    ]


def _renamed(resource: Resource, was: str) -> Resource:
    return msgspec.structs.replace(resource, previous_ids=(_id(was),))


def _adopting(resource: Resource, datadog_id: str) -> Resource:
    return msgspec.structs.replace(resource, adopt=datadog_id)


def made_by_hand() -> list[tuple[str, dict[str, Any]]]:
    """What the project adopts."""
    board = {**dashboard("adopted-board").payload, "widgets": []}
    return [*(("monitor", monitor(name, 12).payload) for name in names("adopted", 3)), ("dashboard", board)]


REPLACED = frozenset(_id(name) for name in names("replaced", 12))
"""What gets a new Datadog id."""


def foreign() -> list[tuple[str, dict[str, Any]]]:
    """Without a mark, of another workspace, and one with a name of ours."""
    marked = resource_types()["monitor"].tracked(monitor("theirs").payload, "other/api/created-00/production")
    unmarked = {**monitor("created-00", 12).payload, "name": "created-00 by hand"}
    board = {**dashboard("by hand").payload, "widgets": []}
    return [("monitor", marked), ("monitor", unmarked), ("dashboard", board)]

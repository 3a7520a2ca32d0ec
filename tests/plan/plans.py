"""Desired resources, live ones and plans in few words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generator.plan.model import Action, Change, Obstacle, Plan
from generator.plan.options import PlanOptions
from generator.plan.planner import plan
from generator.render.model import Resource
from generator.resources.types import Payload, resource_types

Json = dict[str, Any]

_SIGNS = {"widgets": "dashboard", "monitor_identifier": "downtime", "thresholds": "slo"}
"""What only one type has at the top."""

LOGS: Json = {"type": "log alert", "query": 'logs("x").index("*").rollup("count").last("5m") > 90'}


def tracking_id(name: str) -> str:
    """`a` is of the service `api`, `web/a` of another, `other/web/a` of another workspace."""
    return "/".join((*("main", "api")[: max(0, 2 - name.count("/"))], name, "production"))


def token(name: str) -> str:
    return f"%{{{tracking_id(name)}}}"


def monitor(name: str, /, *, was: Sequence[str] = (), adopt: str | None = None, **fields: Any) -> Resource:
    payload = {
        "name": f"CPU of {name}",
        "type": "query alert",
        "query": f"avg(last_5m):avg:cpu{{service:{name}}} > 90",
        "message": "@slack-web",
        "tags": ["team:web"],
        "options": {"thresholds": {"critical": 90}},
        **fields,
    }
    previous = tuple(map(tracking_id, was))
    return Resource(tracking_id(name), "monitor", payload, "monitors/api.yaml", 3, previous_ids=previous, adopt=adopt)


def composite(name: str, /, *parts: str, **fields: Any) -> Resource:
    return monitor(name, type="composite", query=" && ".join(map(token, parts)), options={}, **fields)


def dashboard(name: str, /, *parts: str, adopt: str | None = None, **fields: Any) -> Resource:
    widgets = [{"definition": {"type": "alert_graph", "alert_id": token(part)}} for part in parts]
    payload = {"title": f"Overview of {name}", "layout_type": "ordered", "widgets": widgets, **fields}
    return Resource(tracking_id(name), "dashboard", payload, "dashboards/api.yaml", 5, adopt=adopt)


WEEKLY: Json = {
    "recurrences": [{"duration": "150m", "rrule": "FREQ=WEEKLY;BYDAY=SU", "start": "2001-01-07T23:00:00"}],
    "timezone": "Asia/Tokyo",
}


def downtime(name: str, /, tags: Sequence[str] = ("service:api",), scope: str = "*", **fields: Any) -> Resource:
    payload = {
        "message": f"Quiet {name}",
        "monitor_identifier": {"monitor_tags": list(tags)},
        "scope": scope,
        "schedule": WEEKLY,
        **fields,
    }
    return Resource(tracking_id(name), "downtime", payload, "monitors/api.yaml", 7)


def slo(name: str, /, **fields: Any) -> Resource:
    query = {part: f"sum:{part}{{service:{name}}}.as_count()" for part in ("numerator", "denominator")}
    thresholds = [{"timeframe": "7d", "target": 99}]
    payload = {"name": f"Health of {name}", "type": "metric", "query": query, "thresholds": thresholds, **fields}
    return Resource(tracking_id(name), "slo", payload, "monitors/api.yaml", 9)


def live(resource: Resource, number: int, **fields: Any) -> Payload:
    """The resource as Datadog would list it under that id, with fields changed by hand."""
    kind = resource_types()[resource.resource]
    tracked = kind.tracked(resource.payload, resource.tracking_id)
    if kind.name == "dashboard":
        return {**tracked, "id": f"abc-{number}", "created_at": f"2026-01-{number:02}", **fields}
    return {**tracked, "id": number, "priority": None, "creator": {"name": "someone"}, **fields}


def unmarked(payload: Payload) -> Payload:
    """Without our id: made in the browser, or its tags were lost."""
    return {**payload, "tags": ["team:web"], "description": ""}


def listed(*payloads: Payload) -> dict[str, list[Payload]]:
    """By type, as the lists of Datadog come."""
    by_type: dict[str, list[Payload]] = {name: [] for name in resource_types()}
    for payload in payloads:
        by_type[next((kind for sign, kind in _SIGNS.items() if sign in payload), "monitor")].append(payload)
    return by_type


def planned(desired: Sequence[Resource], *payloads: Payload, **options: Any) -> Plan:
    return plan(desired, listed(*payloads), PlanOptions(workspace="main", **options))


def actions(made: Plan) -> list[tuple[str, str, str | None]]:
    """(action, name, Datadog id) of each change, in order."""
    return [(each.action.value, name_of(each), each.id) for each in made.changes]


def name_of(change: Change | Obstacle) -> str:
    return change.tracking_id.removeprefix("main/").removeprefix("api/").removesuffix("/production")


def rules(made: Plan) -> list[str]:
    return [each.rule for each in made.obstacles]


def blocking(made: Plan) -> list[str]:
    return [each.rule for each in made.obstacles if each.blocks]


def reviews(made: Plan) -> list[str]:
    """Rules of what needs a review, where nothing blocks."""
    assert blocking(made) == []
    return [each.rule for each in made.obstacles if each.needs_review]


def only_obstacle(made: Plan) -> Obstacle:
    (obstacle,) = made.obstacles
    return obstacle


CREATE, UPDATE, REPLACE, DELETE, ADOPT = (action.value for action in Action)

"""Searching monitors: /api/v1/monitor/search and /api/v1/monitor/groups/search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.group_states import found_group, shown_groups
from generator.localdog.handles import mentioned
from generator.localdog.monitor_list import TYPE
from generator.localdog.organisation import Json, Organisation, Payload
from generator.localdog.queries import metrics_and_scopes
from generator.localdog.search_query import Fields, SearchProblem, search
from generator.localdog.wire import answer, in_turns, rejected, whole_number

Found = TypeVar("Found")
DEFAULT_PER_PAGE = 30
MAX_PER_PAGE = 1000
SORTS: dict[str, Callable[[Payload], Any]] = {
    "id": lambda monitor: monitor["id"],
    "name": lambda monitor: (monitor["name"].casefold(), monitor["id"]),
    "status": lambda monitor: (monitor["overall_state"], monitor["id"]),
    "tags": lambda monitor: (monitor["tags"], monitor["id"]),
}


def routes(organisation: Organisation) -> list[Route]:
    searches = Searches(organisation)
    return [
        Route("/api/v1/monitor/search", searches.monitors, methods=["GET"]),
        Route("/api/v1/monitor/groups/search", searches.groups, methods=["GET"]),
    ]


@dataclass(frozen=True)
class Searches:
    organisation: Organisation

    async def monitors(self, request: Request) -> Response:
        found = await self._found(request)
        page, per_page, shown = paged(request, found)
        return answer(
            {
                "counts": counts(found),
                "metadata": metadata(page, per_page, len(found)),
                "monitors": [self._result(monitor) for monitor in shown],
            }
        )

    async def groups(self, request: Request) -> Response:
        """A group is found as its monitor would be, were that in the group's state."""
        records = self.organisation.store.standings.all()
        means = asked(request)
        found = [
            (shown, name, group)
            async for monitor in in_turns(self._monitors())
            for name, group in shown_groups(records.get(monitor["id"])).items()
            if means(fields_of(shown := {**monitor, "overall_state": group.status}))
        ]
        page, per_page, part = paged(request, found)
        groups = [found_group(monitor, name, group, muted_until=muted_until(monitor)) for monitor, name, group in part]
        whole = metadata(page, per_page, len(found))
        return answer({"counts": counts([each[0] for each in found]), "metadata": whole, "groups": groups})

    def _monitors(self) -> Iterator[Payload]:
        return map(msgspec.json.decode, [*self.organisation.store.bodies(TYPE)])

    async def _found(self, request: Request) -> list[Payload]:
        means = asked(request)
        found = [monitor async for monitor in in_turns(self._monitors()) if means(fields_of(monitor))]
        return ordered(found, request.query_params.get("sort", ""))

    def _result(self, monitor: Payload) -> Payload:
        groups = shown_groups(self.organisation.store.standings.find(monitor["id"])).values()
        metrics, scopes = metrics_and_scopes(monitor["type"], monitor["query"])
        creator = monitor.get("creator") or {}
        return {
            "id": monitor["id"],
            "org_id": monitor["org_id"],
            "name": monitor["name"],
            "type": monitor["type"],
            "classification": classification(monitor),
            "status": monitor["overall_state"],
            "query": monitor["query"],
            "tags": monitor["tags"],
            "metrics": metrics,
            "scopes": scopes,
            "notifications": [{"handle": handle, "name": handle} for handle in mentioned(monitor)],
            "creator": {name: creator.get(name) for name in ("id", "handle", "name")},
            "last_triggered_ts": max((group.last_triggered_ts for group in groups), default=0) or None,
            "muted_until_ts": muted_until(monitor),
            "quality_issues": [],
            "priority": monitor["priority"],
            "restricted_roles": monitor["restricted_roles"],
            "overall_state_modified": monitor["overall_state_modified"],
        }


def asked(request: Request) -> Callable[[Fields], bool]:
    try:
        return search(request.query_params.get("query", ""))
    except SearchProblem as error:
        raise rejected(f"Query parsing error: {error}") from error


def classification(monitor: Payload) -> str:
    """The word that counts go by: recorded are metric, log, custom and synthetics, reported is anomaly."""
    type_: str = monitor["type"]
    if type_ == "query alert" and "anomalies(" in monitor["query"]:
        return "anomaly"
    return {"query alert": "metric", "service check": "custom"}.get(type_, type_.removesuffix(" alert"))


def fields_of(monitor: Payload) -> Fields:
    def said(field: str) -> tuple[str, ...] | None:
        found = FIELDS.get(field)
        return None if found is None else tuple(text.lower() for text in found(monitor))

    return said


def priority_words(monitor: Payload) -> tuple[str, ...]:
    priority = monitor.get("priority")
    return () if priority is None else (str(priority), f"p{priority}")


def creator_words(monitor: Payload) -> tuple[str, ...]:
    creator = monitor.get("creator") or {}
    return tuple(str(creator[part]) for part in ("handle", "name") if creator.get(part))


FIELDS: dict[str, Callable[[Payload], tuple[str, ...]]] = {
    "": lambda monitor: (monitor["name"], monitor["message"], str(monitor["id"])),
    "title": lambda monitor: (monitor["name"],),
    "message": lambda monitor: (monitor["message"],),
    "id": lambda monitor: (str(monitor["id"]),),
    "type": lambda monitor: (classification(monitor), monitor["type"]),
    "status": lambda monitor: (monitor["overall_state"],),
    "muted": lambda monitor: (str(is_muted(monitor)),),
    "tag": lambda monitor: tuple(monitor["tags"]),
    "priority": priority_words,
    "notification": mentioned,
    "creator": creator_words,
    "metric": lambda monitor: metrics_and_scopes(monitor["type"], monitor["query"])[0],
    "scope": lambda monitor: metrics_and_scopes(monitor["type"], monitor["query"])[1],
    "query": lambda monitor: (monitor["query"],),
    "draft_status": lambda monitor: (str(monitor.get("draft_status")),),
}


def is_muted(monitor: Payload) -> bool:
    return bool(monitor["options"].get("silenced"))


def muted_until(monitor: Payload) -> int | None:
    """When the mute of the whole monitor ends; one without an end has none."""
    end: int | None = (monitor["options"].get("silenced") or {}).get("*")
    return end


def ordered(monitors: list[Payload], sort: str) -> list[Payload]:
    field, _, direction = sort.partition(",")
    if field and (field not in SORTS or direction not in {"", "asc", "desc"}):
        raise rejected("The value provided for parameter 'sort' is invalid")
    return sorted(monitors, key=SORTS[field or "id"], reverse=direction == "desc")


def paged(request: Request, found: list[Found]) -> tuple[int, int, list[Found]]:
    page = whole_number(request, "page") or 0
    per_page = min(whole_number(request, "per_page", lowest=1) or DEFAULT_PER_PAGE, MAX_PER_PAGE)
    return page, per_page, found[page * per_page : (page + 1) * per_page]


def metadata(page: int, per_page: int, total: int) -> Payload:
    return {"total_count": total, "page_count": -(-total // per_page), "page": page, "per_page": per_page}


def counts(monitors: list[Payload]) -> Payload:
    return {
        "status": counted(monitor["overall_state"] for monitor in monitors),
        "muted": counted(is_muted(monitor) for monitor in monitors),
        "tag": counted(tag for monitor in monitors for tag in monitor["tags"]),
        "type": counted(classification(monitor) for monitor in monitors),
    }


def counted(values: Iterable[Json]) -> list[Payload]:
    return [{"count": count, "name": name} for name, count in Counter(values).most_common()]

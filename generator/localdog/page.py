"""The pages for people: what the server holds, its faults and last requests, and one monitor in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.explain.words import explain_monitor
from generator.localdog.evaluations import reason_of
from generator.localdog.fault_words import deed_words, when_words
from generator.localdog.group_states import shown_groups
from generator.localdog.monitor_list import TYPE
from generator.localdog.monitor_search import fields_of, is_muted
from generator.localdog.organisation import Organisation, Payload, timestamp
from generator.localdog.outcome import WORST_FIRST
from generator.localdog.recent import Seen
from generator.localdog.search_query import SearchProblem, search
from generator.localdog.standing_store import MonitorRecord
from generator.localdog.store import Page

FOLDER = Path(__file__).parent / "pages"
MOST_MONITORS = 500
MOST_REQUESTS = 30
MOST_TOLD = 20
MOST_GROUPS = 500
# Nothing runs and nothing is fetched from elsewhere, whatever stands in a name or a message.
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
NO_TEAM, NO_SERVICE = "no team", "no service"
PLURALS = {"monitor": "monitors", "dashboard": "dashboards", "slo": "SLOs", "downtime": "downtimes"}


def own_routes(organisation: Organisation) -> list[Route]:
    pages = Pages(organisation)
    return [
        Route("/", pages.overview, methods=["GET"]),
        Route("/monitors/{monitor_id:int}", pages.monitor, methods=["GET"]),
        Route("/_toban/page.css", style, methods=["GET"]),
    ]


@dataclass(frozen=True)
class Pages:
    organisation: Organisation

    async def overview(self, request: Request) -> Response:
        query = request.query_params.get("query", "")
        found, total, problem = self._found(query)
        faults = self.organisation.faults
        limits = faults.scenario.rate_limits
        return self._rendered(
            "overview.html",
            counts=list(self._counts()),
            query=query,
            problem=problem,
            teams=by_team(found),
            notifications=[told(each) for each in self.organisation.store.standings.newest_notifications(MOST_TOLD)],
            more=total - len(found),
            scenario=faults.scenario.name,
            faults=[
                {"when": when_words(fault.when), "do": deed_words(fault.do), "matched": matched, "struck": struck}
                for fault, matched, struck in faults.told()
            ],
            rate_limits=[{"bucket": name, **msgspec.to_builtins(limits[name])} for name in limits],
            requests=[shown(seen) for seen in islice(self.organisation.recent.newest_first(), MOST_REQUESTS)],
        )

    async def monitor(self, request: Request) -> Response:
        monitor_id = request.path_params["monitor_id"]
        record = self.organisation.store.find(TYPE, monitor_id) if monitor_id < 2**63 else None
        if record is None:
            return self._rendered("missing.html", status=404)
        monitor: Payload = msgspec.json.decode(record.body)
        standings = self.organisation.store.standings
        standing = standings.find(monitor_id)
        return self._rendered(
            "monitor.html",
            not_evaluated=reason_of(self.organisation, record.body, standing),
            groups=list(group_rows(standing)),
            notifications=[told(each) for each in standings.newest_notifications(MOST_TOLD, monitor_id)],
            name=monitor["name"],
            words=code_apart(explain_monitor(monitor)),
            fields=list(fields(monitor)),
            query=monitor["query"],
            message=monitor["message"],
            json=msgspec.json.format(record.body, indent=2).decode(),
        )

    def _found(self, query: str) -> tuple[list[Payload], int, str]:
        """The first monitors that are searched for, how many there are in all, and what is wrong with the search."""
        store = self.organisation.store
        if not query.strip():
            first = store.bodies(TYPE, page=Page(limit=MOST_MONITORS))
            return [msgspec.json.decode(body) for body in first], store.counts().get(TYPE, 0), ""
        try:
            means = search(query)
        except SearchProblem as error:
            return [], 0, str(error)
        monitors: Iterator[Payload] = map(msgspec.json.decode, store.bodies(TYPE))
        found = [monitor for monitor in monitors if means(fields_of(monitor))]
        return found[:MOST_MONITORS], len(found), ""

    def _counts(self) -> Iterator[Payload]:
        numbers = self.organisation.store.counts()
        for resource_type, plural in PLURALS.items():
            yield {"name": plural, "number": numbers.get(resource_type, 0)}
        yield {"name": "series", "number": self.organisation.store.series.count()}

    def _rendered(self, template: str, *, status: int = 200, **values: object) -> Response:
        now = timestamp(self.organisation.now())
        shown_now = {"now": now[:19].replace("T", " "), "stands": self.organisation.time.stands_at is not None}
        text = templates().get_template(template).render(**shown_now, **values)
        return Response(text.encode(errors="replace"), status, HEADERS, media_type="text/html")


async def style(_request: Request) -> Response:
    return Response((FOLDER / "page.css").read_bytes(), headers=HEADERS, media_type="text/css")


@cache
def templates() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True)


def by_team(monitors: Iterable[Payload]) -> list[Payload]:
    """Teams, their services and those monitors, each by name; what has none comes last."""
    teams: dict[str, dict[str, list[Payload]]] = {}
    for monitor in sorted(monitors, key=lambda monitor: monitor["name"].casefold()):
        team, service = (tag_value(monitor, key) for key in ("team", "service"))
        teams.setdefault(team or NO_TEAM, {}).setdefault(service or NO_SERVICE, []).append(row(monitor))
    return [
        {"name": team, "services": [{"name": name, "monitors": teams[team][name]} for name in in_order(teams[team])]}
        for team in in_order(teams)
    ]


def in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (name in {NO_TEAM, NO_SERVICE}, name))


def tag_value(monitor: Payload, key: str) -> str | None:
    prefix = f"{key}:"
    return next((tag.removeprefix(prefix) for tag in monitor["tags"] if tag.startswith(prefix)), None)


def row(monitor: Payload) -> Payload:
    shown_fields = {name: monitor[name] for name in ("id", "name", "type", "query")}
    state: str = monitor["overall_state"]
    return {**shown_fields, "state": state, "colour": colour(state), "muted": is_muted(monitor)}


def colour(state: str) -> str:
    """The name of a state in the style sheet."""
    return state.lower().replace(" ", "-")


def group_rows(standing: MonitorRecord | None) -> Iterator[Payload]:
    """Those in the worst state first."""
    groups = sorted(shown_groups(standing).items(), key=lambda pair: (worst_first(pair[1].status), pair[0]))
    for name, group in groups[:MOST_GROUPS]:
        yield {
            "name": name,
            "state": group.status,
            "colour": colour(group.status),
            "triggered": moment_text(group.last_triggered_ts),
            "resolved": moment_text(group.last_resolved_ts),
        }


def worst_first(status: str) -> int:
    return WORST_FIRST.index(status) if status in WORST_FIRST else len(WORST_FIRST)


def moment_text(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M") if at else ""


def told(notification: Payload) -> Payload:
    """A notification as a row of a table."""
    return {
        **notification,
        "at": notification["at"][:16].replace("T", " "),
        "text": notification["text"].strip(),
        "colour": colour(notification["status"]),
        "handles": " ".join(notification["handles"]) or "nobody",
    }


def fields(monitor: Payload) -> Iterator[Payload]:
    """The fields that people ask for first."""
    told_fields = {
        "id": monitor["id"],
        "type": monitor["type"],
        "state": monitor["overall_state"],
        "tags": ", ".join(monitor["tags"]),
        "priority": monitor["priority"],
        "created": monitor["created"],
        "modified": monitor["modified"],
        "muted": ", ".join(monitor["options"].get("silenced") or {}),
    }
    return ({"name": name, "value": value} for name, value in told_fields.items() if value not in (None, ""))


def code_apart(text: str) -> list[Payload]:
    """The parts of a text between backquotes are code."""
    return [{"text": part, "is_code": place % 2 == 1} for place, part in enumerate(text.split("`"))]


def shown(seen: Seen) -> Payload:
    return {
        "number": seen.number,
        "time": seen.at[11:19],
        "method": seen.method,
        "target": f"{seen.path}?{seen.query}" if seen.query else seen.path,
        "answer": "none" if seen.status is None else seen.status,
        "milliseconds": seen.milliseconds,
        "fault": seen.fault,
    }

"""Dashboards: /api/v1/dashboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.dashboard_rules import layout_change_rejection, rejection
from generator.localdog.organisation import Organisation, Payload, timestamp
from generator.localdog.store import Page, Record
from generator.localdog.widgets import tabs_with_ids, with_ids
from generator.localdog.wire import Rejected, answer, answer_json, body_object, encode, is_true, rejected, whole_number

TYPE = "dashboard"
DELETED = "deleted dashboard"
# An absent field comes back like this; every other field of the request comes back as it was sent.
DEFAULTS: Payload = {"description": None, "notify_list": None, "template_variables": None}
SUMMARY = ("id", "title", "description", "author_handle", "created_at", "modified_at", "url", "layout_type")
READ_ONLY = frozenset({"id", "author_handle", "author_name", "url", "created_at", "modified_at"})
SLUG_LENGTH = 80
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
# Odd multipliers map running numbers one to one onto numbers that look unrelated.
ID_MULTIPLIER = 0x9E3779B97F4D
WIDGET_ID_MULTIPLIER = 0x1D8E4E27C47D
WIDGET_ID_BITS = 53


def routes(organisation: Organisation) -> list[Route]:
    dashboards = Dashboards(organisation)
    one = "/api/v1/dashboard/{dashboard_id}"
    return [
        Route("/api/v1/dashboard", dashboards.list, methods=["GET"]),
        Route("/api/v1/dashboard", dashboards.create, methods=["POST"]),
        Route("/api/v1/dashboard", dashboards.delete_several, methods=["DELETE"]),
        Route("/api/v1/dashboard", dashboards.restore_several, methods=["PATCH"]),
        Route(one, dashboards.read, methods=["GET"]),
        Route(one, dashboards.update, methods=["PUT"]),
        Route(one, dashboards.delete, methods=["DELETE"]),
    ]


@dataclass(frozen=True)
class Dashboards:
    organisation: Organisation

    async def create(self, request: Request) -> Response:
        sent = judged(await body_object(request))
        store = self.organisation.store
        with store.transaction():
            dashboard_id = dashboard_id_of(store.next_number(TYPE))
            now = timestamp(self.organisation.now())
            dashboard = self._completed(dashboard_id, sent, created_at=now, modified_at=now)
            store.put(record_of(dashboard))
        return answer(dashboard)

    async def update(self, request: Request) -> Response:
        sent = await body_object(request)
        store = self.organisation.store
        with store.transaction():
            before = msgspec.json.decode(self._record(request).body)
            problem = layout_change_rejection(before["layout_type"], judged(sent)["layout_type"])
            if problem is not None:
                raise rejected(problem)
            now = timestamp(self.organisation.now())
            dashboard = self._completed(before["id"], sent, created_at=before["created_at"], modified_at=now)
            store.put(record_of(dashboard))
        return answer(dashboard)

    async def read(self, request: Request) -> Response:
        return answer_json(self._record(request).body)

    async def list(self, request: Request) -> Response:
        page = Page(limit=whole_number(request, "count"), skip=whole_number(request, "start") or 0)
        shown = DELETED if is_true(request, "filter[deleted]") else TYPE
        bodies = self.organisation.store.bodies(shown, page=page)
        return answer({"dashboards": [summary(msgspec.json.decode(body)) for body in bodies]})

    async def delete(self, request: Request) -> Response:
        with self.organisation.store.transaction():
            record = self._record(request)
            self._move(record, DELETED)
        return answer({"deleted_dashboard_id": record.id})

    async def delete_several(self, request: Request) -> Response:
        """All or none of them."""
        return self._moved(await body_object(request), TYPE, DELETED)

    async def restore_several(self, request: Request) -> Response:
        return self._moved(await body_object(request), DELETED, TYPE)

    def _moved(self, sent: Payload, source: str, target: str) -> Response:
        with self.organisation.store.transaction():
            for record in [self._found(source, dashboard_id) for dashboard_id in ids_of(sent)]:
                self._move(record, target)
        return Response(status_code=204)

    def _move(self, record: Record, target: str) -> None:
        """What is deleted can be restored, and refers to nothing meanwhile."""
        store = self.organisation.store
        store.delete(record.type, record.id)
        board = record_of(msgspec.json.decode(record.body))
        store.put(board if target == TYPE else Record(target, board.id, board.body))

    def _record(self, request: Request) -> Record:
        return self._found(TYPE, request.path_params["dashboard_id"])

    def _found(self, resource_type: str, dashboard_id: str) -> Record:
        record = self.organisation.store.find(resource_type, dashboard_id)
        if record is None:
            raise rejected(f"Dashboard with ID {dashboard_id} not found", 404)
        return record

    def _completed(self, dashboard_id: str, sent: Payload, *, created_at: str, modified_at: str) -> Payload:
        widgets = with_ids(sent["widgets"], self._take_widget_ids)
        user = self.organisation.user
        dashboard: Payload = {
            "id": dashboard_id,
            "title": sent["title"],
            **DEFAULTS,
            **{field: value for field, value in sent.items() if field not in READ_ONLY},
            "author_handle": user["handle"],
            "author_name": user["name"],
            "url": f"/dashboard/{dashboard_id}/{slug(sent['title'])}",
            "created_at": created_at,
            "modified_at": modified_at,
            "restricted_roles": sent.get("restricted_roles") or [],
            "widgets": widgets,
        }
        if sent.get("notify_list"):
            dashboard["notify_list"] = sorted(sent["notify_list"])
        if "tabs" in sent:
            dashboard["tabs"] = tabs_with_ids(sent["tabs"], widgets)
        return dashboard

    def _take_widget_ids(self, count: int) -> Iterator[int]:
        if not count:
            return iter(())
        first = self.organisation.store.next_number("widget", count=count)
        return (number * WIDGET_ID_MULTIPLIER % 2**WIDGET_ID_BITS for number in range(first, first + count))


def ids_of(sent: Payload) -> list[str]:
    """The ids in a request to delete or restore several, each once."""
    named = sent.get("data")
    if not isinstance(named, list) or not named or not all(isinstance(each, dict) for each in named):
        raise rejected("'data' is invalid")
    for each in named:
        if each.get("type") != "dashboard" or not isinstance(each.get("id"), str):
            raise rejected("'data' is invalid")
    return list(dict.fromkeys(each["id"] for each in named))


def planted(_organisation: Organisation, payload: Payload) -> Record | None:
    """An exported dashboard as it was."""
    has_parts = isinstance(payload.get("widgets"), list) and isinstance(payload.get("title"), str)
    return record_of(payload) if has_parts and isinstance(payload.get("id"), str) else None


def judged(sent: Payload) -> Payload:
    error = rejection(sent)
    if error is not None:
        raise Rejected(400, {"errors": [error]})
    return sent


def record_of(dashboard: Payload) -> Record:
    return Record(TYPE, dashboard["id"], encode(dashboard), tags=tuple(dashboard.get("tags") or ()))


def summary(dashboard: Payload) -> Payload:
    return {field: dashboard.get(field) for field in SUMMARY}


def dashboard_id_of(number: int) -> str:
    """Three groups of three characters, as in `abc-def-ghi`; different for different numbers."""
    rest = number * ID_MULTIPLIER % len(ALPHABET) ** 9
    letters = ""
    for _ in range(9):
        rest, place = divmod(rest, len(ALPHABET))
        letters += ALPHABET[place]
    return f"{letters[:3]}-{letters[3:6]}-{letters[6:]}"


def slug(title: str) -> str:
    """The readable end of a dashboard's URL: seen to keep letters, digits and hyphens, 80 characters at most."""
    kept = "".join(
        letter for letter in title.lower().replace(" ", "-") if letter == "-" or (letter.isascii() and letter.isalnum())
    )
    while "--" in kept:
        kept = kept.replace("--", "-")
    return kept.strip("-")[:SLUG_LENGTH]

"""Dashboard lists: /api/v1/dashboard/lists/manual, and what is on them in version 2."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.dashboards import TYPE as DASHBOARD
from generator.localdog.organisation import Organisation, Payload, timestamp
from generator.localdog.store import Record
from generator.localdog.wire import answer, body_object, encode, rejected

TYPE = "dashboard_list"
FIRST_ID = 100_001
MANUAL = "/api/v1/dashboard/lists/manual"
ITEMS = "/api/v2/dashboard/lists/manual/{list_id}/dashboards"
KINDS = ("custom_timeboard", "custom_screenboard", "integration_screenboard", "integration_timeboard", "host_timeboard")


def routes(organisation: Organisation) -> list[Route]:
    lists = DashboardLists(organisation)
    one = f"{MANUAL}/{{list_id}}"
    return [
        Route(MANUAL, lists.list, methods=["GET"]),
        Route(MANUAL, lists.create, methods=["POST"]),
        Route(one, lists.read, methods=["GET"]),
        Route(one, lists.update, methods=["PUT"]),
        Route(one, lists.delete, methods=["DELETE"]),
        Route(ITEMS, lists.dashboards, methods=["GET"]),
        Route(ITEMS, lists.add, methods=["POST"]),
        Route(ITEMS, lists.replace, methods=["PUT"]),
        Route(ITEMS, lists.remove, methods=["DELETE"]),
    ]


@dataclass(frozen=True)
class DashboardLists:
    organisation: Organisation

    async def list(self, _request: Request) -> Response:
        bodies = self.organisation.store.bodies(TYPE)
        return answer({"dashboard_lists": [shown(msgspec.json.decode(body)) for body in bodies]})

    async def create(self, request: Request) -> Response:
        name = named(await body_object(request))
        store, now = self.organisation.store, timestamp(self.organisation.now())
        with store.transaction():
            made: Payload = {
                "author": {"name": self.organisation.user["name"], "handle": self.organisation.user["handle"]},
                "created": now,
                "dashboards": [],
                "id": store.next_number(TYPE, first=FIRST_ID),
                "is_favorite": False,
                "modified": now,
                "name": name,
            }
            self._keep(made)
        return answer(shown(made))

    async def read(self, request: Request) -> Response:
        return answer(shown(self._found(request)))

    async def update(self, request: Request) -> Response:
        sent = await body_object(request)
        with self.organisation.store.transaction():
            found = self._found(request)
            changed = {**found, "name": named(sent), "modified": timestamp(self.organisation.now())}
            self._keep(changed)
        return answer(shown(changed))

    async def delete(self, request: Request) -> Response:
        store = self.organisation.store
        with store.transaction():
            list_id = self._found(request)["id"]
            store.delete(TYPE, list_id)
        return answer({"deleted_dashboard_list_id": list_id})

    async def dashboards(self, request: Request) -> Response:
        items = [item for each in self._found(request)["dashboards"] if (item := self._item(each)) is not None]
        return answer({"dashboards": items, "total": len(items)})

    async def add(self, request: Request) -> Response:
        sent = named_dashboards(await body_object(request))
        new: list[Payload] = []
        with self.organisation.store.transaction():
            found = self._found(request)
            new += [each for each in sent if each not in found["dashboards"] and self._item(each) is not None]
            self._keep({**found, "dashboards": [*found["dashboards"], *new]})
        return answer({"added_dashboards_to_list": new})

    async def replace(self, request: Request) -> Response:
        sent = named_dashboards(await body_object(request))
        with self.organisation.store.transaction():
            kept = [each for each in sent if self._item(each) is not None]
            self._keep({**self._found(request), "dashboards": kept})
        return answer({"dashboards": kept})

    async def remove(self, request: Request) -> Response:
        sent = named_dashboards(await body_object(request))
        with self.organisation.store.transaction():
            found = self._found(request)
            gone = [each for each in found["dashboards"] if each in sent]
            self._keep({**found, "dashboards": [each for each in found["dashboards"] if each not in gone]})
        return answer({"deleted_dashboards_from_list": gone})

    def _found(self, request: Request) -> Payload:
        text = request.path_params["list_id"]
        is_number = text.isascii() and text.isdigit() and len(text) <= 18
        record = self.organisation.store.find(TYPE, int(text)) if is_number else None
        if record is None:
            raise rejected(f"Manual Dashboard List with id {text} not found", 404)
        found: Payload = msgspec.json.decode(record.body)
        return found

    def _keep(self, found: Payload) -> None:
        self.organisation.store.put(Record(TYPE, found["id"], encode(found)))

    def _item(self, named_one: Payload) -> Payload | None:
        record = self.organisation.store.find(DASHBOARD, named_one["id"])
        if record is None:
            return None
        board: Payload = msgspec.json.decode(record.body)
        return {
            **named_one,
            "title": board["title"],
            "url": board.get("url"),
            "author": {"name": board.get("author_name"), "handle": board.get("author_handle")},
            "created": board.get("created_at"),
            "modified": board.get("modified_at"),
            "tags": board.get("tags"),
            "icon": None,
            "integration_id": None,
            "is_favorite": False,
            "is_read_only": False,
            "is_shared": False,
            "popularity": 0,
        }


def shown(found: Payload) -> Payload:
    """A list tells how many dashboards are on it, not which."""
    count = len(found["dashboards"])
    return {**found, "dashboards": None, "dashboard_count": count, "type": "manual_dashboard_list"}


def named(sent: Payload) -> str:
    name = sent.get("name")
    if not isinstance(name, str) or not name:
        raise rejected("'name' parameter can't be empty")
    return name


def named_dashboards(sent: Payload) -> list[Payload]:
    """Each dashboard by its id and kind; anything else about it is dropped."""
    found = sent.get("dashboards")
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise rejected("'dashboards' is invalid")
    for each in found:
        if not isinstance(each.get("id"), str) or each.get("type") not in KINDS:
            raise rejected("'dashboards' is invalid")
    return [{"id": each["id"], "type": each["type"]} for each in found]

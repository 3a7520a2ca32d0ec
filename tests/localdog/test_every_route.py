"""Whatever is sent to any route, the server answers in its own words and lives on."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any

import pytest
from starlette.routing import Route

from generator.localdog.app import parts
from generator.localdog.organisation import Organisation
from generator.localdog.server import wall_clock
from generator.localdog.store import Store
from tests.localdog.client import Client, Payload

IDS = ("7", "0", "-1", "99999999999999999999", "abc-def-ghi", "%00", "%ff", "00000000-0000-0000-0000-000000000001")
QUERIES = (
    "page=-1", "page=x", "page_size=0", "per_page=99999999999", "query=%00", "query=((((", "monitor_ids=,,", "ids=%ff",
    "page[limit]=x", "page[offset]=-1", "limit=x", "offset=-5", "count=x&start=y", "from=1&to=x", "sort=,", "q=:",
    "force=maybe", "group_states=x", "monitor_tags=" + "a:b," * 300, "id_offset=9999999999999", "tags=" + "x" * 5000,
)  # fmt: skip
ODD: tuple[Any, ...] = (
    {}, {"data": None}, {"data": []}, {"data": {}}, {"data": {"attributes": None}}, {"data": {"attributes": {}}},
    {"data": {"type": [], "attributes": {"name": {}}}}, {"name": None}, {"name": []}, {"series": {}},
    {"dashboards": {}}, {"scope": {}, "end": []}, {"type": {}, "query": []},
    {"thresholds": [None], "type": "metric", "name": "x", "query": 3}, {"layout_type": {}, "title": 3, "widgets": {}},
    {"data": {"id": {}, "type": "downtime", "attributes": {"schedule": 7}}},
    {"data": {"type": "timeseries_request", "attributes": {"queries": {}, "formulas": 7, "from": [], "to": {}}}},
)  # fmt: skip


def played_routes() -> list[tuple[str, str]]:
    with closing(Store.open(None)) as store:
        organisation = Organisation(store, wall_clock)
        found = [route for part in parts() if hasattr(part, "routes") for route in part.routes(organisation)]
    return sorted(
        {
            (method, re.sub(r":\w+\}", "}", route.path))
            for route in found
            if isinstance(route, Route)
            for method in route.methods or ()
            if method != "HEAD"
        }
    )


ROUTES = played_routes()


def filled(path: str, text: str) -> str:
    return re.sub(r"\{\w+\}", text, path)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_route_breaks(call: Client, monitor: Payload, method: str, path: str) -> None:
    call("POST", "/api/v1/monitor", monitor)
    paths = [filled(path, text) for text in IDS] if "{" in path else [path]
    sent = [(each, body) for each in paths[:3] for body in ODD] if method in {"POST", "PUT", "PATCH", "DELETE"} else []
    sent += [(f"{paths[0]}?{query}", None) for query in QUERIES]
    sent += [(each, None) for each in paths]
    broken = [(each, body) for each, body in sent if call(method, each, body).status >= 500]
    assert broken == []
    assert call("GET", "/api/v1/validate").status == 200


def test_the_routes_are_all_looked_at() -> None:
    assert len(ROUTES) > 50

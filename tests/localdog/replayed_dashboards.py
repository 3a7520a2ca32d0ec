"""How recorded exchanges about dashboards are replayed."""

from __future__ import annotations

import json

from generator.localdog.store import Record, Store
from tests.localdog.client import Payload
from tests.localdog.replay import Comparison, Edit, Exchange, Reason, Replay, put
from tests.localdog.replayed_monitors import RIGHTS


def seed(store: Store, exchange: Exchange) -> None:
    if exchange.before:
        seed_dashboard(store, exchange.before)
    elif exchange.method == "PUT" and exchange.status == 400:
        seed_dashboard(store, {**exchange.request, "id": exchange.path.split("/")[4]})


def seed_dashboard(store: Store, dashboard: Payload) -> None:
    put(store, Record("dashboard", dashboard["id"], json.dumps(dashboard).encode()))


DASHBOARDS = Replay(
    file="roundtrips_dashboards.jsonl",
    reasons=(
        RIGHTS,
        Reason("older rule: a text of Python 2 in the error", lambda exchange: "{u'" in str(exchange.response)),
        Reason("an answer made by hand", lambda exchange: exchange.synthetic),
        Reason(
            "an update of a dashboard that was never recorded",
            lambda exchange: exchange.status == 200 and exchange.method == "PUT" and not exchange.before,
        ),
    ),
    edits=(
        Edit(
            "without `is_read_only`, a plain field until mid-2025",
            lambda exchange: (
                "is_read_only" in exchange.request and "is_read_only" not in str(exchange.response.get("errors"))
            ),
            lambda exchange: exchange._replace(
                request={name: value for name, value in exchange.request.items() if name != "is_read_only"}
            ),
        ),
    ),
    comparison=Comparison(
        unplayed=frozenset(
            {
                "id",
                "url",
                "author_handle",
                "author_name",
                "created_at",
                "modified_at",
                "widget_ids",  # given by the server
                "restricted_roles",  # of one organisation
                "is_read_only",  # answered until mid-2025
            }
        ),
        dated=frozenset(),
    ),
    seed=seed,
)

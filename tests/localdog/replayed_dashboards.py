"""How recorded exchanges about dashboards are replayed."""

from __future__ import annotations

import json

from generator.localdog.store import Record, Store
from tests.localdog.client import Payload
from tests.localdog.replay import Comparison, Edit, Exchange, Excuse, Mask, Reason, Replay, put
from tests.localdog.replayed_monitors import GIVEN, RIGHTS

LAST_READ_ONLY = "2026-03"


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
        masks=(
            GIVEN,
            Mask("whose values are the recording account's", frozenset({"author_handle", "url"})),
            Mask("whose values are the account's, and null for some", frozenset({"author_name"}), nullable=True),
        ),
        excuses=(
            Excuse(
                "`restricted_roles`, which Terraform's recordings lack where it was not sent, and all of 2020 and 2021",
                "added",
                frozenset({"restricted_roles"}),
                lambda exchange: "terraform" in exchange.source or exchange.recorded < "2022",
            ),
            Excuse(
                "the roles that the old `is_read_only` gave, in 2021",
                "differs",
                frozenset({"restricted_roles"}),
                lambda exchange: exchange.recorded < "2022",
            ),
            Excuse(
                "`is_read_only`, answered until 2025",
                "missing",
                frozenset({"is_read_only"}),
                lambda exchange: exchange.recorded < LAST_READ_ONLY,
            ),
        ),
    ),
    seed=seed,
)

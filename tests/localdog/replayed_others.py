"""How recorded reads, deletions, searches, lists and mutes are replayed."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

from generator.localdog.store import Record, Reference, Store
from tests.localdog.client import Payload
from tests.localdog.replay import Comparison, Edit, Exchange, Mask, Reason, Replay, put
from tests.localdog.replayed_dashboards import DASHBOARDS, seed_dashboard
from tests.localdog.replayed_monitors import MONITORS, PART, RIGHTS, seed_monitor
from tests.localdog.replayed_slos import BLANK

BOARD: Payload = {"title": "board", "layout_type": "ordered", "widgets": []}
REFERENCED = re.compile(
    r"monitor \[(?P<id>\d+),(?P<name>.*)\] is referenced in (?P<called>[a-z ]+): \[(?P<by>.*),(?P<by_name>.*)\]"
)


def seed(store: Store, exchange: Exchange) -> None:
    """Put there what the answer says was there."""
    if exchange.path.startswith("/api/v1/monitor"):
        seed_monitors(store, exchange)
    elif "/lists/manual" in exchange.path:
        seed_list(store, exchange)
    elif exchange.path.startswith("/api/v1/slo/") and exchange.status in {200, 204, 400}:
        seed_slo(store, exchange)
    elif exchange.status in {200, 204}:
        seed_boards(store, exchange)


def seed_monitors(store: Store, exchange: Exchange) -> None:
    path = urlsplit(exchange.path)
    for text in parse_qs(path.query).get("monitor_ids", []):
        seed_referenced(store, int(text), exchange)
    part = path.path.split("/")[4] if path.path.count("/") > 3 else ""
    if not part.isdigit() or exchange.status == 404:
        return
    monitor = {**PART, "id": int(part), "name": named(exchange), "type": typed(exchange)}
    if "query" in exchange.response:
        silenced = {"*": None} if path.path.endswith("/unmute") else {}
        monitor = {**exchange.response, "options": {**exchange.response["options"], "silenced": silenced}}
        if not path.path.endswith(("/mute", "/unmute")):
            monitor = exchange.response
    seed_monitor(store, {name: value for name, value in monitor.items() if name != "matching_downtimes"})


def named(exchange: Exchange) -> str:
    found = re.search(r'"(.*)" is already unmuted', str(exchange.response.get("errors")))
    return found[1] if found else "a monitor"


def typed(exchange: Exchange) -> str:
    return "query alert" if "query alert" in str(exchange.response.get("errors")) else "metric alert"


def seed_referenced(store: Store, monitor_id: int, exchange: Exchange) -> None:
    errors = exchange.response.get("errors")
    reasons = errors.get(str(monitor_id), []) if isinstance(errors, dict) else []
    found = [match for reason in reasons if (match := REFERENCED.match(reason))]
    seed_monitor(store, {**PART, "id": monitor_id, "name": found[0]["name"] if found else "a monitor"})
    for match in found:
        by = int(match["by"]) if match["by"].isdigit() else match["by"]
        body = json.dumps({"id": by, "name": match["by_name"]}).encode()
        called = match["called"]
        referrer = "monitor" if called == "composite monitors" else "slo"
        put(store, Record(referrer, by, body, references=(Reference("monitor", monitor_id, called),)))


def seed_slo(store: Store, exchange: Exchange) -> None:
    slo_id = urlsplit(exchange.path).path.split("/")[4]
    put(store, Record("slo", slo_id, json.dumps({**BLANK, "id": slo_id}).encode()))


def with_newer_texts(exchange: Exchange) -> Exchange:
    (told,) = exchange.response["errors"]
    return exchange._replace(response={"errors": [told.replace("u'", "'")]})


def seed_list(store: Store, exchange: Exchange) -> None:
    part = exchange.path.rpartition("/")[2]
    if exchange.status != 200 or not part.isdigit():
        return
    found = exchange.response
    count = found.get("dashboard_count") or 0
    boards = [{"id": f"aaa-aaa-{number:03}", "type": "custom_timeboard"} for number in range(count)]
    kept = {name: found.get(name) for name in ("author", "created", "is_favorite", "modified", "name")}
    put(
        store, Record("dashboard_list", int(part), json.dumps({"id": int(part), "dashboards": boards, **kept}).encode())
    )


def seed_boards(store: Store, exchange: Exchange) -> None:
    part = exchange.path.rpartition("/")[2]
    if part != "dashboard":
        board = exchange.response if "widgets" in exchange.response else BOARD
        seed_dashboard(store, {**board, "id": part})
    for each in exchange.request.get("data", []):
        state = "deleted dashboard" if exchange.method == "PATCH" else "dashboard"
        put(store, Record(state, each["id"], json.dumps({**BOARD, "id": each["id"]}).encode()))


OTHERS = Replay(
    file="roundtrips_other.jsonl",
    reasons=(
        RIGHTS,
        Reason("corrections of SLOs are not played", lambda each: "/slo" in each.path and "correction" in each.path),
        Reason(
            "it lists what the recording account held",
            lambda each: (
                each.status == 200
                and each.path.split("?")[0].endswith(("/groups/search", "/lists/manual"))
                and each.method == "GET"
            ),
        ),
    ),
    edits=(
        Edit(
            "with texts of Python 3 in the error",
            lambda exchange: "[u'" in str(exchange.response.get("errors")),
            with_newer_texts,
        ),
    ),
    comparison=Comparison(
        masks=(
            *MONITORS.comparison.masks,
            *DASHBOARDS.comparison.masks,
            Mask("ids and times of lists and mutes", frozenset({"start", "uuid", "deleted_dashboard_list_id"})),
            Mask("of the recording account too", frozenset({"author", "creator_id"})),
        ),
        excuses=(*MONITORS.comparison.excuses, *DASHBOARDS.comparison.excuses),
    ),
    seed=seed,
)

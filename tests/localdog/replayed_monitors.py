"""How recorded exchanges about monitors are replayed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from generator.localdog.store import Record, Store
from tests.localdog.client import Payload
from tests.localdog.replay import Comparison, Edit, Exchange, Excuse, Mask, Reason, Replay, put

RIGHTS = Reason("refused for the rights of the recording account", lambda exchange: exchange.status == 403)
GIVEN = Mask(
    "ids and times", frozenset({"id", "monitor_id", "created", "created_at", "modified", "modified_at", "widget_ids"})
)
ODD_DAYS = ("2020-10-28", "2025-05-14", "2026-02-09")
PART: Payload = {
    "type": "metric alert",
    "name": "part",
    "message": "",
    "query": "avg(last_5m):avg:system.load.5{*} > 5",
    "tags": [],
    "options": {},
    "multi": False,
}


def option(exchange: Exchange, name: str) -> Any:
    return (exchange.request.get("options") or {}).get(name)


def without_option(exchange: Exchange, name: str) -> Exchange:
    return exchange._replace(
        request=without_inner(exchange.request, name), response=without_inner(exchange.response, name)
    )


def without_inner(payload: Payload, name: str) -> Payload:
    if not isinstance(payload.get("options"), dict):
        return payload
    return {**payload, "options": {each: value for each, value in payload["options"].items() if each != name}}


def with_missing_data(exchange: Exchange) -> Exchange:
    """The server drops `default` from the answer, so that only the request changes."""
    options = {**exchange.request["options"], "on_missing_data": "default"}
    answered = without_option(exchange, "notify_no_data").response
    return without_option(exchange, "notify_no_data")._replace(
        request={**exchange.request, "options": without_inner({"options": options}, "notify_no_data")["options"]},
        response=answered,
    )


def is_scheduled_alone(exchange: Exchange) -> bool:
    scheduling = option(exchange, "scheduling_options")
    is_scheduled = isinstance(scheduling, dict) and "custom_schedule" in scheduling
    return is_scheduled and option(exchange, "on_missing_data") is None and exchange.status == 200


def is_ungrouped_check(exchange: Exchange) -> bool:
    request = exchange.request
    return request.get("type") == "service check" and ".by(" not in request["query"] and exchange.recorded < "2022"


def has_past_end(exchange: Exchange) -> bool:
    """`{"*": 0}` was taken as no end then as now."""
    ends = ((exchange.response.get("options") or {}).get("silenced") or {}).values()
    return exchange.recorded < "2021" and any(isinstance(end, int) and is_past(end) for end in ends)


def is_past(end: int) -> bool:
    return end < datetime.fromisoformat("2026-01-01T00:00:00+00:00").timestamp()


def had_no_simple_groups(exchange: Exchange) -> bool:
    answered = exchange.response.get("options") or {"groupby_simple_monitor": None}
    return exchange.type == "log alert" and exchange.recorded < "2020-06" and "groupby_simple_monitor" not in answered


def was_flipped_for_arithmetic(exchange: Exchange) -> bool:
    request = exchange.request
    is_change = request.get("type") == "metric alert" and request.get("query", "").startswith("change(")
    return exchange.recorded < "2021" and is_change


def seed(store: Store, exchange: Exchange) -> None:
    if exchange.before:
        seed_monitor(store, exchange.before)
    elif exchange.path.endswith("/validate") and exchange.path.split("/")[4].isdigit():
        seed_monitor(store, {**PART, **exchange.request, "id": int(exchange.path.split("/")[4])})
    if exchange.request.get("type") == "composite" and exchange.status == 200:
        for part in exchange.request["query"].replace("!", " ").split():
            if part.isdigit():
                seed_monitor(store, {**PART, "id": int(part)})


def seed_monitor(store: Store, monitor: Payload) -> None:
    extra = {"restriction_policy": None, "assets": monitor.get("assets", [])}
    body = {name: value for name, value in monitor.items() if name not in extra}
    put(store, Record("monitor", monitor["id"], json.dumps(body).encode(), json.dumps(extra).encode()))


MONITORS = Replay(
    file="roundtrips.jsonl",
    reasons=(
        RIGHTS,
        Reason(
            "older rule: custom schedules were not offered yet",
            lambda exchange: "Required parameter 'evaluation_window'" in str(exchange.response),
        ),
        Reason("older rule: a service check without by(), refused since 2022", is_ungrouped_check),
        Reason(
            "older rule: in 2020 a log monitor took `no_data_timeframe`",
            lambda exchange: (
                exchange.recorded < "2021"
                and exchange.type == "log alert"
                and option(exchange, "no_data_timeframe") is not None
            ),
        ),
        Reason("older rule: until mid-2020 log monitors had no `groupby_simple_monitor`", had_no_simple_groups),
        Reason("older rule: until the end of 2020 an end in the past was kept in `silenced`", has_past_end),
        Reason(
            "older rule: in January 2022 thresholds of log monitors stayed whole numbers",
            lambda exchange: exchange.recorded[:7] == "2022-01" and exchange.response.get("type") == "log alert",
        ),
        Reason("older rule: in 2020 a `change()` of sums became a query alert", was_flipped_for_arithmetic),
    ),
    edits=(
        Edit(
            "without `timeout_h` above 24, refused since mid-2022",
            lambda exchange: (option(exchange, "timeout_h") or 0) > 24,
            lambda exchange: without_option(exchange, "timeout_h"),
        ),
        Edit("with `on_missing_data` beside a custom schedule, asked for since", is_scheduled_alone, with_missing_data),
    ),
    comparison=Comparison(
        masks=(
            GIVEN,
            Mask("whose values are the recording account's", frozenset({"org_id", "creator"})),
            Mask(
                "what the monitor had already seen when it was updated",
                frozenset({"overall_state", "overall_state_modified"}),
            ),
        ),
        excuses=(
            Excuse(
                "newer fields, which old recordings lack",
                "added",
                frozenset({"assets", "draft_status", "restriction_policy", "priority"}),
            ),
            Excuse(
                "`locked`, filled in until early 2022",
                "missing",
                frozenset({"locked"}),
                lambda exchange: exchange.recorded < "2022-03",
            ),
            Excuse(
                "`avalanche_window`, `run_as` and `restricted`, seen on single days of 2020, 2025 and 2026",
                "missing",
                frozenset({"avalanche_window", "run_as", "restricted"}),
                lambda exchange: exchange.recorded[:10] in ODD_DAYS,
            ),
            Excuse(
                "what the old `locked` made of roles, until 2021",
                "differs",
                frozenset({"locked", "restricted_roles"}),
                lambda exchange: exchange.recorded < "2022",
            ),
        ),
    ),
    seed=seed,
)

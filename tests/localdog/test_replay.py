"""Recorded exchanges with the real Datadog get the same answers from the local one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from generator.localdog.server import embedded
from generator.localdog.store import Store
from tests.localdog.client import Client, Payload
from tests.localdog.replay import CORPUS, Comparison, Edit, Exchange, Reason, Replay, seed_dashboard, seed_monitor

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the recorded exchanges are not beside the repository")

RIGHTS = Reason("refused for the rights of the recording account", lambda exchange: exchange.status == 403)


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


MONITOR_REASONS = (
    RIGHTS,
    Reason(
        "custom schedules were not offered yet",
        lambda exchange: "Required parameter 'evaluation_window'" in str(exchange.response),
    ),
    Reason("service check without by(), refused since 2022", is_ungrouped_check),
)
MONITOR_EDITS = (
    Edit(
        "without timeout_h above 24, refused since mid-2022",
        lambda exchange: (option(exchange, "timeout_h") or 0) > 24,
        lambda exchange: without_option(exchange, "timeout_h"),
    ),
    Edit("with on_missing_data beside a custom schedule", is_scheduled_alone, with_missing_data),
)
MONITOR_COMPARISON = Comparison(
    unplayed=frozenset(
        {
            "id",
            "monitor_id",
            "org_id",
            "creator",
            "created",
            "created_at",
            "modified",  # given by the server
            "overall_state",
            "overall_state_modified",  # of a monitor that had already run when it was updated
            "avalanche_window",
            "run_as",
            "restricted",
            "restricted_roles",  # of one organisation
            "locked",  # filled in until mid-2021 only
        }
    ),
    dated=frozenset({"assets", "draft_status", "restriction_policy", "priority"}),
)
DASHBOARD_REASONS = (
    RIGHTS,
    Reason("a text of Python 2 in the error", lambda exchange: "{u'" in str(exchange.response)),
    Reason("an answer made by hand", lambda exchange: exchange.synthetic),
    Reason(
        "an update of a dashboard that was never recorded",
        lambda exchange: exchange.status == 200 and exchange.method == "PUT" and not exchange.before,
    ),
)
DASHBOARD_EDITS = (
    Edit(
        "without is_read_only, a plain field until mid-2025",
        lambda exchange: (
            "is_read_only" in exchange.request and "is_read_only" not in str(exchange.response.get("errors"))
        ),
        lambda exchange: exchange._replace(
            request={name: value for name, value in exchange.request.items() if name != "is_read_only"}
        ),
    ),
)
DASHBOARD_COMPARISON = Comparison(
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
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "local.db"


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    with closing(Store.open(database)) as opened:
        yield opened


@pytest.fixture
def replayed(database: Path, store: Store, connect: Callable[[str], Client]) -> Iterator[Client]:
    with embedded(database) as url:
        yield connect(url)


def test_monitors_are_answered_as_recorded(replayed: Client, store: Store, monitor: Payload) -> None:
    def seed(exchange: Exchange) -> None:
        if exchange.before:
            seed_monitor(store, exchange.before)
        elif exchange.path.endswith("/validate") and exchange.path.split("/")[4].isdigit():
            seed_monitor(store, {**monitor, **exchange.request, "id": int(exchange.path.split("/")[4])})
        if exchange.request.get("type") == "composite" and exchange.status == 200:
            for part in exchange.request["query"].replace("!", " ").split():
                if part.isdigit():
                    seed_monitor(store, {**monitor, "id": int(part), "multi": False})

    score = Replay(replayed, MONITOR_REASONS, MONITOR_EDITS, MONITOR_COMPARISON, seed).run("roundtrips.jsonl")
    print(score.told())  # noqa: T201 shown when the floor is missed, and with -s
    assert score.share >= 0.945


def test_dashboards_are_answered_as_recorded(replayed: Client, store: Store) -> None:
    def seed(exchange: Exchange) -> None:
        if exchange.before:
            seed_dashboard(store, exchange.before)
        elif exchange.method == "PUT" and exchange.status == 400:
            seed_dashboard(store, {**exchange.request, "id": exchange.path.split("/")[4]})

    score = Replay(replayed, DASHBOARD_REASONS, DASHBOARD_EDITS, DASHBOARD_COMPARISON, seed).run(
        "roundtrips_dashboards.jsonl"
    )
    print(score.told())  # noqa: T201 shown when the floor is missed, and with -s
    assert score.share >= 0.985

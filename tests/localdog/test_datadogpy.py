"""The older client, datadogpy, and its command `dog` take the local Datadog for the real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.localdog.client import Client, Payload
from tests.localdog.evaluated import START as MORNING
from tests.localdog.evaluated import driven, receiver

datadog = pytest.importorskip("datadog", reason="datadogpy is not installed")

QUERY = "avg(last_5m):avg:system.load.5{env:prod} by {host} > 5"
SLO: Payload = {
    "type": "metric",
    "query": {"numerator": "sum:good{*}.as_count()", "denominator": "sum:all{*}.as_count()"},
    "thresholds": [{"timeframe": "7d", "target": 90}],
}
START = 1_641_344_400

Dog = Callable[..., Any]


@pytest.fixture
def api(call: Client) -> Iterator[Any]:
    datadog.initialize(api_key="a" * 32, app_key="b" * 40, api_host=call.url, mute=False, hostname_from_config=False)
    datadog.api._host_name = "here"  # noqa: SLF001 it would look the machine's name up
    yield datadog.api
    datadog.initialize(api_key="", app_key="", api_host="http://127.0.0.1:1", hostname_from_config=False)


def test_a_monitor_lives_its_life(api: Any) -> None:
    made = api.Monitor.create(
        type="metric alert", query=QUERY, name="load", message="@slack-ops", tags=["team:data"],
        options={"thresholds": {"critical": 5}},
    )  # fmt: skip
    monitor_id = made["id"]
    assert api.Monitor.get(monitor_id, group_states="all")["state"] == {"groups": {}}
    assert [each["id"] for each in api.Monitor.get_all(monitor_tags=["team:data"])] == [monitor_id]
    assert [each["id"] for each in api.Monitor.get_all(name="loa", tags=["env:prod"])] == [monitor_id]
    assert api.Monitor.update(monitor_id, name="higher")["name"] == "higher"
    assert api.Monitor.mute(monitor_id, end=4_000_000_000)["options"]["silenced"] == {"*": 4_000_000_000}
    assert api.Monitor.unmute(monitor_id, all_scopes=True)["options"]["silenced"] == {}
    assert api.Monitor.search(query="team:data")["metadata"]["total_count"] == 1
    assert api.Monitor.search_groups(query="team:data")["groups"] == []
    assert api.Monitor.validate(type="metric alert", query=QUERY) == {}
    assert api.Monitor.delete(monitor_id, force=True) == {"deleted_monitor_id": monitor_id}


def test_the_client_takes_the_recorded_answer_about_deletion_for_an_error(api: Any) -> None:
    """`{"data": {"ok": [N]}, "errors": null}`: datadogpy minds that there are errors, not what they are."""
    made = api.Monitor.create(type="metric alert", query=QUERY)
    with pytest.raises(datadog.api.exceptions.ApiError, match=rf"'ok': \[{made['id']}\]"):
        api.Monitor.can_delete(monitor_ids=[made["id"]])


def test_errors_are_raised_with_the_servers_words(api: Any) -> None:
    with pytest.raises(datadog.api.exceptions.ApiError, match="Monitor not found"):
        api.Monitor.get(7)
    with pytest.raises(datadog.api.exceptions.ApiError, match="does not match that used in the query"):
        api.Monitor.create(type="metric alert", query=QUERY, options={"thresholds": {"critical": 6}})


def test_everything_is_muted_and_unmuted(api: Any) -> None:
    assert api.Monitor.mute_all()["scope"] == ["*"]
    assert not api.Monitor.unmute_all()


def test_dashboards_and_their_lists(api: Any) -> None:
    widgets = [{"definition": {"type": "note", "content": "hello"}}]
    board = api.Dashboard.create(title="Usage", layout_type="ordered", widgets=widgets)
    assert api.Dashboard.get(board["id"])["title"] == "Usage"
    assert [each["id"] for each in api.Dashboard.get_all()["dashboards"]] == [board["id"]]
    changed = api.Dashboard.update(board["id"], title="Usage of all", layout_type="ordered", widgets=widgets)
    assert changed["title"] == "Usage of all"
    boards = api.DashboardList.create(name="ours")
    api.DashboardList.v2.add_items(boards["id"], dashboards=[{"id": board["id"], "type": "custom_timeboard"}])
    assert api.DashboardList.v2.get_items(boards["id"])["total"] == 1
    assert api.DashboardList.delete(boards["id"]) == {"deleted_dashboard_list_id": boards["id"]}
    assert api.Dashboard.delete(board["id"]) == {"deleted_dashboard_id": board["id"]}


def test_a_service_level_objective_lives_its_life(api: Any) -> None:
    """The client takes any answer that holds `errors` for an error."""
    made = api.ServiceLevelObjective.create(**SLO, name="Answers")["data"][0]
    assert api.ServiceLevelObjective.get(made["id"])["data"]["name"] == "Answers"
    assert [each["id"] for each in api.ServiceLevelObjective.get_all()["data"]] == [made["id"]]
    changed = api.ServiceLevelObjective.update(made["id"], **SLO, name="Other")["data"][0]
    assert changed["name"] == "Other"
    assert api.ServiceLevelObjective.delete(made["id"]) == {"data": [made["id"]], "error": None}


def test_metrics_are_pushed_and_asked_for(api: Any) -> None:
    points = [(START + 60 * minute, minute) for minute in range(4)]
    assert api.Metric.send(metric="load", points=points, host="a", tags=["env:prod"])["status"] == "ok"
    found = api.Metric.query(start=START, end=START + 240, query="avg:load{env:prod} by {host}.rollup(avg,60)")
    assert [value for _, value in found["series"][0]["pointlist"]] == [0, 1, 2, 3]
    assert found["series"][0]["scope"] == "host:a"
    assert api.Metric.list(START) == {"from": str(START), "metrics": ["load"]}


def test_a_pushed_metric_alerts_and_its_message_arrives() -> None:
    """From the client's push to what the team reads, and back to well."""
    with receiver() as hook, driven(webhook=hook.url) as server:
        datadog.initialize(api_key="a" * 32, app_key="b" * 40, api_host=server.call.url, mute=False)
        api = datadog.api
        monitor = api.Monitor.create(
            type="metric alert", query="avg(last_5m):avg:shop.queue{env:prod} by {queue} > 100",
            name="Queue {{queue.name}} is long", options={"thresholds": {"critical": 100}, "new_group_delay": 0},
            message="{{#is_alert}}{{queue.name}} holds {{value}} orders. @slack-shop{{/is_alert}}"
            "{{#is_recovery}}{{queue.name}} is short again. @slack-shop{{/is_recovery}}",
        )  # fmt: skip
        push = {"metric": "shop.queue", "tags": ["env:prod", "queue:orders"], "host": "a"}
        api.Metric.send(**push, points=[(MORNING + 60 * minute, 250) for minute in range(10)])
        server.advance("5m")
        assert (
            api.Monitor.get(monitor["id"], group_states="all")["state"]["groups"]["queue:orders"]["status"] == "Alert"
        )
        api.Metric.send(**push, points=[(MORNING + 60 * minute, 20) for minute in range(10, 30)])
        server.advance("15m")
        assert api.Monitor.get(monitor["id"])["overall_state"] == "OK"
        assert [(each["title"], each["text"], each["handles"]) for each in hook.received] == [
            (
                "[Triggered on {queue:orders}] Queue orders is long",
                "orders holds 250.0 orders. @slack-shop",
                ["@slack-shop"],
            ),
            (
                "[Recovered on {queue:orders}] Queue orders is long",
                "orders is short again. @slack-shop",
                ["@slack-shop"],
            ),
        ]
        assert [each["id"] for each in server.told()] == [each["id"] for each in hook.received]


@pytest.fixture
def dog(call: Client, tmp_path: Path) -> Dog:
    """Run the command and read the JSON that it prints."""
    command = Path(sys.executable).with_name("dog")
    if not command.exists():
        pytest.skip("the command `dog` is not installed")
    keys = ("--api-key", "a" * 32, "--application-key", "b" * 40, "--api_host", call.url)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DD_", "DATADOG_"))}

    def run(*arguments: str) -> Any:
        done = subprocess.run(
            [str(command), "--raw", "--config", str(tmp_path / "none"), *keys, *arguments],
            capture_output=True, text=True, timeout=60, check=False, env=environment,
        )  # fmt: skip
        return json.loads(done.stdout) if done.returncode == 0 and done.stdout else done.stderr + done.stdout

    return run


def test_the_command_dog_keeps_monitors(call: Client, dog: Dog) -> None:
    options = json.dumps({"thresholds": {"critical": 5}})
    made = dog("monitor", "post", "metric alert", QUERY, "--name", "load", "--tags", "team:data", "--options", options)
    monitor_id = str(made["id"])
    assert dog("monitor", "show", monitor_id)["name"] == "load"
    assert dog("monitor", "update", monitor_id, "--name", "higher")["name"] == "higher"
    assert [each["name"] for each in dog("monitor", "show_all")] == ["higher"]
    assert dog("monitor", "mute", monitor_id, "--end", "4000000000")["options"]["silenced"] == {"*": 4_000_000_000}
    assert dog("monitor", "validate", "metric alert", QUERY) == {}
    dog("monitor", "delete", monitor_id)
    assert call("GET", "/api/v1/monitor").body == []
    assert "Monitor not found" in dog("monitor", "show", monitor_id)


def test_the_command_dog_posts_metrics_and_dashboards(call: Client, dog: Dog) -> None:
    dog("metric", "post", "load", "7", "--tags", "env:prod", "--host", "a")
    assert call("GET", "/api/v1/metrics?from=1").body["metrics"] == ["load"]
    widgets = json.dumps([{"definition": {"type": "note", "content": "hello"}}])
    board: Payload = dog("dashboard", "post", "Usage", widgets, "ordered")
    assert dog("dashboard", "show", board["id"])["title"] == "Usage"


def test_the_command_dog_keeps_service_level_objectives(dog: Dog) -> None:
    thresholds = ",".join(f"{each['timeframe']}:{each['target']}" for each in SLO["thresholds"])
    query = (f"--numerator={SLO['query']['numerator']}", f"--denominator={SLO['query']['denominator']}")
    made = dog(
        "service_level_objective", "create", "--type=metric", "--name=Answers", *query, f"--thresholds={thresholds}"
    )
    slo_id = made["data"][0]["id"]  # `show` fails inside the command itself, before it asks anything
    assert [each["id"] for each in dog("service_level_objective", "show_all")["data"]] == [slo_id]
    assert dog("service_level_objective", "delete", slo_id)["data"] == [slo_id]

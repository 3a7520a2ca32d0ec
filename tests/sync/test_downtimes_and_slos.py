"""Downtimes and SLOs: after a sync nothing is left to do, lost answers double nothing, what refers follows."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from generator.plan.model import Action
from generator.render.model import Resource
from generator.resources.types import resource_types
from generator.sync.outcome import Status
from tests.corpus import corpus_lines

DOWNTIME, SLO, MONITOR = (resource_types()[name] for name in ("downtime", "slo", "monitor"))
NOW = datetime.now(UTC)
WEEKLY: dict[str, Any] = {
    "recurrences": [{"duration": "2h", "rrule": "FREQ=WEEKLY;INTERVAL=1;BYDAY=SU", "start": "2024-01-07T03:00:00"}],
    "timezone": "Asia/Tokyo",
}
NEW_YEAR: dict[str, Any] = {"start": "2050-12-29T09:00:00Z", "end": "2051-01-03T21:00:00Z"}
LAST_YEAR: dict[str, Any] = {"start": "2024-12-29T09:00:00Z", "end": "2025-01-03T21:00:00Z"}
QUERY = {"numerator": "sum:good{*}.as_count()", "denominator": "sum:all{*}.as_count()"}
Make = Callable[..., Resource]


@pytest.fixture(autouse=True)
def _empty(datadog: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(datadog).netloc, timeout=10)
    connection.request("POST", "/_toban/reset")
    connection.getresponse().read()
    connection.close()


def tracking_id(name: str) -> str:
    return f"main/api/{name}/production"


def downtime(name: str, **fields: Any) -> Resource:
    payload = {
        "message": f"About {name}",
        "monitor_identifier": {"monitor_tags": ["service:api"]},
        "scope": "*",
        "schedule": WEEKLY,
        "display_timezone": "Asia/Tokyo",
        **fields,
    }
    return Resource(tracking_id(name), "downtime", payload, "monitors/api.yaml", 3)


def slo(name: str, **fields: Any) -> Resource:
    thresholds = [{"timeframe": "7d", "target": 99}]
    payload = {"name": name, "type": "metric", "query": QUERY, "tags": [], "thresholds": thresholds, **fields}
    return Resource(tracking_id(name), "slo", payload, "monitors/api.yaml", 3)


def of_monitors(name: str, *parts: str, **fields: Any) -> Resource:
    made = slo(name, type="monitor", monitor_ids=[f"%{{{tracking_id(part)}}}" for part in parts], **fields)
    del made.payload["query"]
    return made


def actions(project: Any, *desired: Resource, **options: Any) -> list[tuple[str, str]]:
    made = project.plan(*desired, **options)
    return [(change.action.value, change.tracking_id.split("/")[2]) for change in made.changes]


def synced(project: Any, *desired: Resource) -> list[str]:
    """The names in the order in which they were written."""
    done = [change.tracking_id.split("/")[2] for change in project.plan(*desired).changes]
    outcomes = project.sync(*desired)
    assert outcomes.are_as_planned, outcomes
    left = project.plan(*desired).changes
    assert [(each.tracking_id, each.fields) for each in left] == []
    return done


SCHEDULES = {"weekly": WEEKLY, "once": NEW_YEAR}


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_after_a_sync_of_downtimes_nothing_is_left_to_do(project: Any, schedule: dict[str, Any]) -> None:
    synced(project, downtime("a", schedule=schedule))
    synced(project, downtime("a", schedule=schedule, scope="env:a", message="Other words"))
    assert len(project.client.live(DOWNTIME)) == 1


def test_what_refers_is_written_after_what_it_refers_to(project: Any, monitor: Make) -> None:
    silent = downtime("e", monitor_identifier={"monitor_id": f"%{{{tracking_id('a')}}}"})
    budget = monitor(
        "c", type="slo alert", query=f'error_budget("%{{{tracking_id("b")}}}").over("7d") > 10', options={}
    )
    both = monitor("d", type="composite", query=f"%{{{tracking_id('a')}}} && %{{{tracking_id('c')}}}", options={})
    desired = (silent, both, budget, of_monitors("b", "a"), monitor("a"))
    order = synced(project, *desired)
    assert order[:3] == ["a", "b", "c"]
    assert sorted(order) == ["a", "b", "c", "d", "e"]
    (promised,), (silenced,) = project.client.live(SLO), project.client.live(DOWNTIME)
    assert promised["monitor_ids"] == [silenced["monitor_identifier"]["monitor_id"]]
    assert actions(project) == [("delete", name) for name in ("e", "d", "c", "b", "a")]
    assert project.sync().are_as_planned
    assert not any(project.live().values())


@pytest.mark.parametrize("make", [downtime, slo])
@pytest.mark.parametrize("fault", ["lost", "dropped", "500"])
def test_a_create_whose_answer_is_lost_is_done_once(
    make: Make, fault: str, faulty: Callable[..., Any], project_at: Callable[[str], Any], project: Any
) -> None:
    desired = make("a")
    kind = resource_types()[desired.resource]
    through = project_at(faulty(lambda call: fault if call.method == "POST" and call.number == 1 else None).url)
    assert [each.status for each in through.sync(desired).outcomes] == [Status.DONE]
    assert len(project.client.live(kind)) == 1
    assert actions(project, desired) == []


def test_once_and_again_and_again_are_replaced(project: Any) -> None:
    synced(project, downtime("a"))
    (before,) = project.client.live(DOWNTIME)
    assert actions(project, downtime("a", schedule=NEW_YEAR)) == [("replace", "a")]
    synced(project, downtime("a", schedule=NEW_YEAR))
    (after,) = project.client.live(DOWNTIME)
    assert after["id"] != before["id"]
    assert project.client.read(DOWNTIME, before["id"]) is None


def test_what_was_cancelled_by_hand_is_created_anew(project: Any) -> None:
    synced(project, downtime("a"))
    (live,) = project.client.live(DOWNTIME)
    project.client.delete(DOWNTIME, live["id"])
    assert project.client.live(DOWNTIME) == ()
    assert actions(project, downtime("a")) == [("create", "a")]
    synced(project, downtime("a"))


def test_a_downtime_that_is_over_is_told_of_and_not_created(project: Any) -> None:
    made = project.plan(downtime("a", schedule=LAST_YEAR), now=NOW)
    assert made.changes == ()
    assert [(each.rule, each.blocks) for each in made.obstacles] == [("over", False)]


def test_a_downtime_that_has_ended_is_nobodys_drift(project: Any) -> None:
    ended = downtime("a", schedule=LAST_YEAR)
    applied = {("downtime", ended.tracking_id): DOWNTIME.tracked(ended.payload, ended.tracking_id)}
    made = project.plan(downtime("a", schedule=NEW_YEAR), now=NOW, applied=applied)
    assert ([each.action for each in made.changes], made.drift) == ([Action.CREATE], ())


def test_an_archived_downtime_is_put_back(project: Any) -> None:
    synced(project, downtime("a"))
    project.sync()
    assert project.client.live(DOWNTIME) == ()
    (outcome,) = project.restore(f"run-{project.runs}").outcomes
    assert (outcome.action, outcome.status) == (Action.CREATE, Status.DONE)
    assert actions(project, downtime("a")) == []


def test_a_downtime_that_lost_its_mark_is_offered_for_adoption(project: Any) -> None:
    synced(project, downtime("a"))
    (live,) = project.client.live(DOWNTIME)
    project.client.update(DOWNTIME, live["id"], {"message": "About a"})
    refused = project.plan(downtime("a"))
    assert [each.rule for each in refused.obstacles] == ["lost-tag"]


def test_every_recorded_slo_is_as_declared_after_its_sync(project: Any, monitor: Make) -> None:
    """As toban would declare it: with what the server adds taken away."""
    compared = 0
    for number, line in enumerate(corpus_lines("slos.jsonl")):
        payload = SLO.tracked(line["json"], tracking_id(f"slo-{number}"))
        thresholds = [{key: each[key] for key in each if "display" not in key} for each in payload["thresholds"]]
        made = Resource(tracking_id(f"slo-{number}"), "slo", {**payload, "thresholds": thresholds}, "a.yaml", 1)
        if payload["type"] == "monitor":
            made.payload["monitor_ids"] = [f"%{{{tracking_id('m')}}}"]
        synced(project, made, monitor("m"))
        compared += 1
    assert compared >= 15

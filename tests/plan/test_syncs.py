"""Plans carried out against the local Datadog: what people see happen to their monitors."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.datadog.client import Datadog
from generator.datadog.target import Target
from generator.localdog.server import embedded
from generator.plan.model import Plan
from generator.plan.options import PlanOptions
from generator.plan.planfile import decoded, encoded
from generator.plan.planner import plan
from generator.render.model import Resource
from generator.resources.types import Payload, resource_types
from generator.sync.archive import Archive
from generator.sync.executor import apply
from generator.sync.journal import Journal
from tests.plan.plans import (
    ADOPT,
    CREATE,
    DELETE,
    LOGS,
    REPLACE,
    UPDATE,
    actions,
    blocking,
    composite,
    dashboard,
    monitor,
    reviews,
    rules,
    tracking_id,
    unmarked,
)

MONITOR, DASHBOARD = resource_types()["monitor"], resource_types()["dashboard"]


class Organisation:
    """A Datadog organisation and the people who sync to it, or edit in the browser."""

    def __init__(self, client: Datadog, state: Path) -> None:
        self._client = client
        self._state = state
        self._runs = itertools.count()

    def plan(self, *desired: Resource, workspace: str = "main", **options: Any) -> Plan:
        live = {name: self._client.live(kind) for name, kind in resource_types().items()}
        return plan(desired, live, PlanOptions(workspace=workspace, **options))

    def sync(self, *desired: Resource, **options: Any) -> Plan:
        """Carry out what a file of the plan says, look that nothing is left to do, and give the plan."""
        made = decoded(encoded(self.plan(*desired, **options)))
        assert blocking(made) == []
        run = f"run-{next(self._runs)}"
        with Journal.begin(self._state, run, made) as journal:
            outcomes = apply(made, self._client, journal, Archive(self._state, run))
        assert outcomes.are_as_planned, outcomes
        assert actions(self.plan(*desired, **options)) == []
        return made

    def monitors(self) -> dict[int, Payload]:
        return {each["id"]: each for each in self._client.live(MONITOR)}

    def dashboards(self) -> tuple[Payload, ...]:
        return self._client.live(DASHBOARD)

    def named(self, name: str) -> Payload:
        (found,) = (each for each in self.monitors().values() if each["name"] == f"CPU of {name}")
        return found

    def made_in_browser(self, payload: Payload, **fields: Any) -> int:
        body = {key: payload[key] for key in ("name", "type", "query", "message", "tags", "options")}
        return int(self._client.create(MONITOR, {**body, **fields})["id"])

    def edited_in_browser(self, number: int, **fields: Any) -> None:
        self._client.update(MONITOR, str(number), fields)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with embedded(None) as address:
        yield address


@pytest.fixture
def datadog(url: str, tmp_path: Path) -> Iterator[Organisation]:
    with Datadog(Target(url, "key", "key"), clock=time.monotonic, sleep=time.sleep, random=lambda: 0.5) as client:
        for kind in (DASHBOARD, MONITOR):
            for each in client.live(kind, wanted_titles=["Overview of d"]):
                client.delete(kind, str(each["id"]), force=True)
        yield Organisation(client, tmp_path)


def test_was_keeps_the_datadog_id(datadog: Organisation) -> None:
    datadog.sync(monitor("old"))
    before = datadog.named("old")["id"]
    made = datadog.sync(monitor("new", was=["old"]))
    assert actions(made) == [(UPDATE, "new", str(before))]
    assert list(datadog.monitors()) == [before]
    assert MONITOR.tracking_id(datadog.named("new")) == tracking_id("new")


def test_without_was_a_new_name_of_the_same_title_is_refused(datadog: Organisation) -> None:
    datadog.sync(monitor("old"))
    assert blocking(datadog.plan(_retitled("new", "old"))) == ["probable-rename"]


def _retitled(name: str, like: str) -> Resource:
    payload = {**monitor(name).payload, "name": monitor(like).payload["name"]}
    return Resource(tracking_id(name), "monitor", payload, "monitors/api.yaml", 3)


def test_a_monitor_made_by_hand_is_adopted_with_its_id(datadog: Organisation) -> None:
    number = datadog.made_in_browser(monitor("a").payload, message="by hand", tags=["x"])
    made = datadog.sync(monitor("a", adopt=str(number)))
    assert actions(made) == [(ADOPT, "a", str(number))]
    assert datadog.monitors()[number]["message"] == "@slack-web"


def test_a_lost_tag_offers_the_adoption_that_mends_it(datadog: Organisation) -> None:
    datadog.sync(monitor("a"))
    number = datadog.named("a")["id"]
    datadog.edited_in_browser(number, tags=["team:web"])
    refused = datadog.plan(monitor("a"))
    assert blocking(refused) == ["lost-tag"]
    assert f"adopt: {{production: {number}}}" in refused.obstacles[0].hint
    datadog.sync(monitor("a", adopt=str(number)))
    datadog.sync(monitor("a"))
    assert list(datadog.monitors()) == [number]


def test_another_type_gives_a_new_monitor_and_what_refers_to_it_follows(datadog: Organisation) -> None:
    parts = [monitor("a"), monitor("b")]
    others = [composite("both", "a", "b"), dashboard("d", "a")]
    datadog.sync(*parts, *others)
    old, other, both = (datadog.named(name)["id"] for name in ("a", "b", "both"))
    made = datadog.sync(monitor("a", **LOGS), monitor("b"), *others)
    assert [action for action, _, _ in actions(made)] == [REPLACE, UPDATE, UPDATE]
    new = datadog.named("a")["id"]
    assert old not in datadog.monitors()
    assert datadog.monitors()[both]["query"] == f"{new} && {other}"


def test_the_leftover_of_an_interrupted_replace_is_cleared_away(datadog: Organisation) -> None:
    datadog.sync(monitor("a"), monitor("b"), composite("both", "a", "b"))
    old = datadog.named("a")["id"]
    desired = monitor("a", **LOGS)
    new = datadog.made_in_browser(MONITOR.tracked(desired.payload, desired.tracking_id))
    made = datadog.sync(desired, monitor("b"), composite("both", "a", "b"))
    assert [(action, live_id) for action, _, live_id in actions(made)] == [
        (UPDATE, str(datadog.named("both")["id"])),
        (DELETE, str(old)),
    ]
    assert datadog.named("a")["id"] == new


def test_a_clone_made_in_the_browser_is_told_and_survives(datadog: Organisation) -> None:
    datadog.sync(monitor("a"))
    ours = datadog.named("a")
    clone = datadog.made_in_browser(ours, name="CPU of a (clone)")
    made = datadog.sync(monitor("a"), prune=True)
    assert (made.changes, rules(made)) == ((), ["duplicate-live"])
    changed = datadog.sync(monitor("a", message="@slack-other"), prune=True)
    assert actions(changed) == [(UPDATE, "a", str(ours["id"]))]
    assert datadog.monitors()[clone]["message"] == "@slack-web"


def test_prune_deletes_what_the_yaml_no_longer_has_up_to_a_share(datadog: Organisation) -> None:
    many = [monitor(f"m{number}") for number in range(20)]
    datadog.sync(*many)
    assert rules(datadog.sync(*many[:16])) == ["prunable"]
    assert reviews(datadog.plan(*many[:10], prune=True)) == ["mass-delete"]
    datadog.sync(*many[:16], prune=True)
    assert len(datadog.monitors()) == 16
    datadog.sync(*many[:4], prune=True)
    assert len(datadog.monitors()) == 4


def test_a_pruned_composite_goes_with_its_parts(datadog: Organisation) -> None:
    datadog.sync(monitor("a"), monitor("b"), composite("both", "a", "b"), dashboard("d", "both"))
    datadog.sync(prune=True)
    assert datadog.monitors() == {}


def test_another_workspace_and_what_people_made_stay_as_they_are(datadog: Organisation) -> None:
    datadog.sync(monitor("other/api/a"), workspace="other")
    by_hand = datadog.made_in_browser(unmarked(monitor("x").payload))
    before = datadog.monitors()
    datadog.sync(monitor("b"), prune=True)
    datadog.sync(prune=True)
    assert datadog.monitors() == before
    assert by_hand in before
    number = next(iter(before.keys() - {by_hand}))
    assert blocking(datadog.plan(monitor("a", adopt=str(number)), take_over=True)) == ["adopt-owned"]


def test_a_field_that_the_yaml_no_longer_has_goes_back_to_its_default(datadog: Organisation) -> None:
    full = {"critical": 90, "warning": 70}
    rich = {"thresholds": full, "renotify_interval": 60, "escalation_message": "again", "include_tags": False}
    datadog.sync(monitor("a", priority=2, draft_status="draft", options=rich))
    datadog.sync(monitor("a"))
    live = datadog.named("a")
    assert (live["priority"], live["draft_status"]) == (None, "published")
    assert {"renotify_interval", "escalation_message"} & live["options"].keys() == set()
    assert live["options"]["include_tags"] is True


def test_widgets_keep_their_ids_through_an_update(datadog: Organisation) -> None:
    def ids(live: Payload) -> list[Any]:
        return [widget["id"] for widget in live["widgets"]]

    datadog.sync(monitor("a"), monitor("b"), dashboard("d", "a", "b"))
    (before,) = datadog.dashboards()
    datadog.sync(monitor("a"), monitor("b"), dashboard("d", "a", "b", title="Overview of d, renamed"))
    (after,) = datadog.dashboards()
    assert ids(after) == ids(before)


def test_a_first_sync_creates_in_the_order_of_references(datadog: Organisation) -> None:
    made = datadog.sync(dashboard("d", "both"), composite("both", "a", "b"), monitor("b"), monitor("a"))
    assert {action for action, _, _ in actions(made)} == {CREATE}
    ids = {name: datadog.named(name)["id"] for name in ("a", "b", "both")}
    assert datadog.named("both")["query"] == f"{ids['a']} && {ids['b']}"

"""A batch is told in another way: its monitor is replaced, and what a schedule needs beside it comes and goes."""

from __future__ import annotations

from typing import Any

import pytest

from generator.plan.model import Action
from generator.render.model import Resource
from generator.render.renderer import render

ORGANIZATION = b"""
workspace: main
timezone: Asia/Tokyo
business_hours: {days: mon-fri, from: "10:00", to: "19:00"}
notify: "@slack-data"
environments: {production: {scope: "env:production", aws: {account: "111122223333", region: ap-northeast-1}}}
"""
PLAIN, MONDAY = "main/nightly/failed/production", "main/nightly/failed.mon/production"


def told_by(delivery: str) -> tuple[Resource, ...]:
    service = f"""
service: nightly
monitors:
  failed: {{kind: batch_failure, state_machine: nightly, runs: {{from: "04:00", to: "05:30"}}, delivery: {delivery}}}
"""
    files = {"monitors/organization.yaml": ORGANIZATION, "monitors/nightly.yaml": service.encode()}
    rendering = render(files)
    assert rendering.findings == ()
    return rendering.resources


def actions(made: Any) -> list[tuple[Action, str]]:
    return sorted(((each.action, each.tracking_id) for each in made.changes), key=lambda pair: pair[1])


@pytest.mark.parametrize("other", ["timeshift", "at_once"])
def test_a_schedule_replaces_the_monitor_and_creates_that_of_the_longer_gap(project: Any, other: str) -> None:
    project.sync(*told_by(other))
    made = project.plan(*told_by("schedule"), replace=False)

    assert actions(made) == [(Action.CREATE, MONDAY), (Action.REPLACE, PLAIN)]
    assert [each for each in made.obstacles if each.blocks] == []
    (note,) = (note for change in made.changes for note in change.notes if "history" in note)
    assert "mutes" in note


@pytest.mark.parametrize("other", ["timeshift", "at_once"])
def test_another_delivery_replaces_the_monitor_and_deletes_that_of_the_longer_gap(project: Any, other: str) -> None:
    project.sync(*told_by("schedule"))
    made = project.plan(*told_by(other), replace=False)

    assert actions(made) == [(Action.DELETE, MONDAY), (Action.REPLACE, PLAIN)]
    assert [each for each in made.obstacles if each.blocks] == []


def test_a_change_of_delivery_is_synced_to_the_end(project: Any) -> None:
    for delivery in ("timeshift", "schedule", "at_once"):
        assert project.sync(*told_by(delivery)).are_as_planned
        assert project.plan(*told_by(delivery)).changes == ()


def test_between_timeshift_and_at_once_the_monitor_keeps_its_id(project: Any) -> None:
    project.sync(*told_by("timeshift"))
    before = [each["id"] for each in project.monitors().values()]
    project.sync(*told_by("at_once"))

    assert [each["id"] for each in project.monitors().values()] == before

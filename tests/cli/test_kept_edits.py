"""An incident in one environment, from the browser back into the YAML that several environments share."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.datadog.client import Datadog
from generator.datadog.target import Target
from generator.localdog.server import embedded
from generator.resources.types import Payload, resource_types
from tests.cli.running import Ran, run_in

MONITOR = resource_types()["monitor"]
ORGANIZATION = """\
workspace: main
environments: {production: {scope: "env:production"}, staging: {scope: "env:staging"}}
notify: "@slack-ops"
"""
SERVICE = """\
service: api
runbook: https://wiki.example.com/runbooks/api
monitors:
  latency:
    kind: metric
    query: avg(last_5m):avg:trace.http.request.duration{service:api,<< environment.scope >>} > 0.8  # seconds
  errors: {kind: metric, query: "sum(last_5m):sum:errors{<< environment.scope >>}.as_count() > 10"}
"""
FILE = Path("monitors") / "api.yaml"


class Project:
    """A folder that was synced, and the Datadog that it was synced to."""

    def __init__(self, folder: Path, url: str, datadog: Datadog) -> None:
        self.folder = folder
        self._url = url
        self._datadog = datadog

    def run(self, *arguments: str) -> Ran:
        return run_in(self.folder, *arguments, "--api-url", self._url)

    def live(self) -> dict[str, Payload]:
        return {str(MONITOR.tracking_id(each)): each for each in self._datadog.live(MONITOR)}

    def edit(self, name: str, fields: dict[str, Any]) -> None:
        """In the browser, which sends the options whole."""
        live = self.live()[f"main/api/{name}"]
        options = {**live["options"], **fields.get("options", {})}
        self._datadog.update(MONITOR, str(live["id"]), {**fields, "options": options})


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    (tmp_path / "monitors").mkdir()
    (tmp_path / "monitors" / "organization.yaml").write_text(ORGANIZATION)
    (tmp_path / FILE).write_text(SERVICE)
    with (
        embedded(None) as url,
        Datadog(Target(url, "key", "key"), clock=time.monotonic, sleep=time.sleep, random=lambda: 0.5) as datadog,
    ):
        found = Project(tmp_path, url, datadog)
        assert found.run("sync", "--yes").code == 0
        yield found


def slower(environment: str, seconds: float) -> dict[str, Any]:
    query = f"avg(last_5m):avg:trace.http.request.duration{{service:api,env:{environment}}} > {seconds}"
    return {"query": query, "options": {"thresholds": {"critical": seconds}}}


def is_in_step(project: Project) -> bool:
    """Nothing is drift, and nothing is to be changed."""
    drift, plan = project.run("drift"), project.run("plan", "--detailed-exitcode")
    assert run_in(project.folder, "lint").code == 0
    return (drift.code, plan.code) == (0, 0)


def test_an_edit_of_one_environment_is_told_and_written_as_what_differs_there(project: Project) -> None:
    before = project.live()
    project.edit("latency/production", {**slower("production", 1.5), "priority": 2})

    told = json.loads(project.run("drift", "--format", "json").out)
    (drift,) = told["drift"]
    assert "+    environments:" in drift["yaml"]
    assert not any("kind: raw" in line for line in drift["yaml"])

    wrote = project.run("drift", "--write-yaml")
    assert (wrote.code, wrote.err.splitlines()[-1]) == (2, f"wrote {FILE}")
    text = (project.folder / FILE).read_text()
    assert text.startswith(SERVICE[: SERVICE.index("  errors:")])
    assert "<< environment.scope >>} > 1.5" in text
    assert is_in_step(project)
    after = project.live()
    assert after["main/api/latency/staging"] == before["main/api/latency/staging"]
    assert after["main/api/latency/production"]["options"]["thresholds"]["critical"] == 1.5


def test_edits_of_several_environments_and_monitors_are_kept_together(project: Project) -> None:
    for environment in ("production", "staging"):
        project.edit(f"errors/{environment}", {"priority": 1})
    project.edit("latency/production", slower("production", 1.5))
    project.edit("latency/staging", slower("staging", 2))
    assert project.run("drift", "--write-yaml").code == 2
    text = (project.folder / FILE).read_text()
    assert text.count("priority: 1") == 1
    assert ("> 0.8  # seconds" in text, "> 1.5" in text, "> 2" in text) == (True, True, True)
    assert is_in_step(project)


def test_what_no_override_can_say_is_shown_whole_and_the_rest_is_kept(project: Project) -> None:
    project.edit("latency/production", {"draft_status": "draft"})
    project.edit("errors/staging", {"priority": 4})
    wrote = project.run("drift", "--write-yaml")
    assert "to be written by hand: `main/api/latency/production`" in wrote.err
    assert "kind: raw" in wrote.out
    assert "priority: 4" in (project.folder / FILE).read_text()
    assert "latency/production" in project.run("drift").out

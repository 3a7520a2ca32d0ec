"""What was not reviewed is not done: plan files that lie, edits in between, users that came since, digests."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from generator.cli import run
from generator.datadog.client import Datadog
from generator.datadog.target import Target
from generator.localdog.server import embedded
from generator.plan.digest import signed
from generator.plan.model import Action, Change, Plan
from generator.plan.planfile import decoded, encoded
from generator.resources.types import Payload, resource_types

MONITOR, SLO, DASHBOARD = (resource_types()[name] for name in ("monitor", "slo", "dashboard"))
FOREIGN = {
    "name": "theirs", "type": "query alert", "query": "avg(last_5m):avg:theirs{*} > 1", "message": "ours alone",
    "tags": ["team:other"], "options": {"thresholds": {"critical": 1}},
}  # fmt: skip


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with embedded(tmp_path / "server.db") as address:
        yield address


@pytest.fixture
def datadog(url: str) -> Iterator[Datadog]:
    with Datadog(Target(url, "key", "key"), clock=time.monotonic, sleep=time.sleep, random=lambda: 0.5) as client:
        yield client


@dataclass(frozen=True)
class Ran:
    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Project:
    """A project in a folder, the Datadog that it syncs to, and the commands."""

    folder: Path
    url: str
    datadog: Datadog

    def run(self, *arguments: object) -> Ran:
        """In this process, where nobody is at a terminal."""
        out, err = io.StringIO(), io.StringIO()
        command = [self.plan_file if each == "plan.json" else str(each) for each in arguments]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run([*command, "--api-url", self.url, "--root", str(self.folder)])
        assert "bug in toban" not in err.getvalue(), err.getvalue()
        return Ran(code, out.getvalue(), err.getvalue())

    @property
    def plan_file(self) -> str:
        return str(self.folder / "plan.json")

    def write(self, **thresholds: int) -> None:
        monitors = (
            f"  {name}: {{kind: metric, query: 'avg(last_5m):avg:{name}{{x:y}} > {threshold}'}}\n"
            for name, threshold in thresholds.items()
            if name != "both"
        )
        both = "  both: {kind: raw, type: composite, name: both, query: '%{a} && %{b}', message: '@slack-a'}\n"
        text = "service: api\nmonitors:\n" + "".join(monitors) + (both if "both" in thresholds else "")
        (self.folder / "monitors" / "api.yaml").write_text(text)

    def synced(self, **thresholds: int) -> None:
        self.write(**thresholds)
        ran = self.run("sync", "--yes")
        assert ran.returncode == 0, ran.stderr

    def planned(self, *options: str) -> Plan:
        self.run("plan", "--out", "plan.json", *options)
        return decoded(Path(self.plan_file).read_text())

    def forge(self, plan: Plan) -> None:
        """Write a plan with all its sums right."""
        Path(self.plan_file).write_text(encoded(signed(plan)))

    def forget(self, *folders: str) -> None:
        """As another checkout, which has not seen what this one did."""
        for folder in folders or ("journal", "applied"):
            shutil.rmtree(self.folder / ".toban" / folder)

    def monitors(self) -> dict[str, Payload]:
        """By name of the metric that they watch, or of the composite."""
        return {_named(each): each for each in self.datadog.live(MONITOR)}

    def edit(self, name: str, **fields: Any) -> None:
        self.datadog.update(MONITOR, str(self.monitors()[name]["id"]), fields)


def _named(payload: Payload) -> str:
    found = re.search(r"avg:(\w+)\{", str(payload["query"]))
    return found[1] if found else str(payload["name"])


@pytest.fixture
def project(tmp_path: Path, url: str, datadog: Datadog, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name in [each for each in os.environ if each.startswith(("DD_", "CI"))]:
        monkeypatch.delenv(name)
    folder = tmp_path / "project"
    (folder / "monitors").mkdir(parents=True)
    organization = "workspace: w\nenvironments: {production: {scope: 'env:production'}}\nnotify: '@slack-a'\n"
    (folder / "monitors" / "organization.yaml").write_text(organization)
    return Project(folder, url, datadog)


def tracking_id(name: str) -> str:
    return f"w/api/{name}/production"


def with_change(plan: Plan, **fields: Any) -> Plan:
    first, *others = plan.changes
    return msgspec.structs.replace(plan, changes=(msgspec.structs.replace(first, **fields), *others))


def deleting(plan: Plan, foreign: Payload) -> Plan:
    name = tracking_id("gone")
    doomed = Change(Action.DELETE, "monitor", name, "", id=str(foreign["id"]), before=MONITOR.comparable(foreign))
    return msgspec.structs.replace(plan, changes=(*plan.changes, doomed), options=("--prune",))


def updating(plan: Plan, foreign: Payload) -> Plan:
    before = MONITOR.comparable(foreign, plan.changes[0].after)
    return with_change(plan, id=str(foreign["id"]), before=before)


def replacing(plan: Plan, _: Payload) -> Plan:
    return with_change(plan, action=Action.REPLACE)


FORGERIES: dict[str, tuple[Callable[[Plan, Payload], Plan], str]] = {
    "a delete of a foreign monitor": (deleting, "which does not bear the tracking id `w/api/gone/production`"),
    "an update of a foreign monitor": (updating, "and the reviewed plan would update `"),
    "a replace that nobody announced": (replacing, "the reviewed plan would replace it"),
}


@pytest.mark.parametrize(("forge", "told"), FORGERIES.values(), ids=FORGERIES)
def test_a_forged_file_changes_nothing_and_is_named(
    forge: Callable[[Plan, Payload], Plan], told: str, project: Project
) -> None:
    project.synced(a=1)
    foreign = project.datadog.create(MONITOR, FOREIGN)
    project.write(a=2)
    project.forge(forge(project.planned(), project.datadog.read(MONITOR, str(foreign["id"])) or {}))
    before = project.monitors()
    ran = project.run("sync", "plan.json", "--prune")
    assert (ran.returncode, told in ran.stderr) == (1, True), ran.stderr
    assert project.monitors()["theirs"] == before["theirs"]
    assert project.monitors()["a"]["id"] == before["a"]["id"]


def test_references_of_a_forged_file_are_not_believed(project: Project) -> None:
    project.synced(a=1, b=1, c=1)
    project.write(a=1, b=1, c=1, both=1)
    plan, other = project.planned(), str(project.monitors()["c"]["id"])
    project.forge(msgspec.structs.replace(plan, references=dict.fromkeys(plan.references, other)))
    ran = project.run("sync", "plan.json")
    assert (ran.returncode, "it would refer to `w/api/a/production`" in ran.stderr) == (1, True), ran.stderr
    assert "both" not in project.monitors()


def test_guards_of_a_forged_file_are_not_believed(project: Project) -> None:
    project.synced(**{f"m{number}": 1 for number in range(8)})
    project.write(m0=1)
    plan = project.planned("--prune")
    assert [each.rule for each in plan.obstacles] == ["mass-delete"]
    project.forge(msgspec.structs.replace(plan, obstacles=()))
    ran = project.run("sync", "plan.json", "--prune")
    assert (ran.returncode, "7 of our 8 live monitors would be deleted" in ran.stderr) == (1, True), ran.stderr
    assert len(project.monitors()) == 8
    project.forge(plan)
    assert project.run("sync", "plan.json", "--prune").returncode == 0
    assert len(project.monitors()) == 1


def test_what_was_edited_since_the_plan_is_held_and_the_rest_goes(project: Project) -> None:
    project.synced(a=1, b=1)
    project.write(a=2, b=2)
    project.planned()
    project.edit("a", message="in an incident")
    ran = project.run("sync", "plan.json")
    assert ran.returncode == 1
    live = project.monitors()
    told = next(line for line in ran.stderr.splitlines() if line.startswith(f"not updated {tracking_id('a')}"))
    assert "was edited in `message` since it was last applied" in told
    assert f"modified {live['a']['modified']}, Datadog does not say by whom; created by" in told
    assert "git has changed it in `options.thresholds`, `query`" in told
    assert (live["a"]["message"], "> 2" in live["b"]["query"]) == ("in an incident", True)


def test_what_came_since_is_not_in_the_file_and_held(project: Project) -> None:
    project.synced(a=1, b=1)
    project.write(a=2, b=1)
    project.planned()
    project.edit("b", message="in an incident")
    ran = project.run("sync", "plan.json")
    assert (ran.returncode, ran.stdout) == (0, "1 updated.\n"), ran.stderr
    assert project.monitors()["b"]["message"] == "in an incident"
    project.planned("--revert-drift", tracking_id("a"))
    ran = project.run("sync", "plan.json", "--revert-drift", tracking_id("b"))
    assert (ran.returncode, "the plan was made with --revert-drift=w/api/a/production" in ran.stderr) == (64, True)
    project.planned()
    ran = project.run("sync", "plan.json", "--revert-drift", tracking_id("b"))
    assert (ran.returncode, "the reviewed plan does not have this" in ran.stderr) == (1, True)
    assert project.monitors()["b"]["message"] == "in an incident"


def test_a_file_is_run_again_after_a_part_of_it_was_done(project: Project) -> None:
    project.synced(**{f"m{number}": 1 for number in range(8)})
    project.write(m0=1, new=1)
    project.planned("--prune")
    for name in ("m1", "m2"):
        project.datadog.delete(MONITOR, str(project.monitors()[name]["id"]))
    ran = project.run("sync", "plan.json", "--prune")
    assert (ran.returncode, ran.stdout) == (0, "1 created, 5 deleted, 2 done already.\n"), ran.stderr
    assert project.run("sync", "plan.json", "--prune").stdout == "8 done already.\n"


LOGS = (
    "service: api\nmonitors:\n"
    '  a: {kind: raw, type: log alert, name: a, query: \'logs("x").index("*").rollup("count").last("5m") > 9\','
    " message: '@slack-a'}\n"
    "  b: {kind: metric, query: 'avg(last_5m):avg:b{x:y} > 1'}\n"
    "  both: {kind: raw, type: composite, name: both, query: '%{a} && %{b}', message: '@slack-a'}\n"
)


def test_a_replacement_that_was_cut_off_is_ended_by_its_file(project: Project) -> None:
    project.synced(a=1, b=1, both=1)
    (project.folder / "monitors" / "api.yaml").write_text(LOGS)
    plan = project.planned()
    assert [each.action for each in plan.changes] == [Action.REPLACE, Action.UPDATE]
    old, after = project.monitors()["a"]["id"], plan.changes[0].after or {}
    new = project.datadog.create(MONITOR, MONITOR.tracked(after, tracking_id("a")))
    ran = project.run("sync", "plan.json")
    assert ran.returncode == 0, ran.stderr
    live = {each["id"]: each for each in project.datadog.live(MONITOR)}
    assert (old in live, new["id"] in live) == (False, True)
    assert any(str(each["query"]).startswith(f"{new['id']} && ") for each in live.values())
    assert project.run("sync", "plan.json").stdout == "2 done already.\n"


def test_the_rest_of_a_replacement_is_held_where_somebody_edited_it(project: Project) -> None:
    project.synced(a=1, b=1, both=1)
    (project.folder / "monitors" / "api.yaml").write_text(LOGS)
    plan = project.planned()
    old, after = project.monitors()["a"]["id"], plan.changes[0].after or {}
    project.edit("a", message="in an incident")
    project.datadog.create(MONITOR, MONITOR.tracked(after, tracking_id("a")))
    ran = project.run("sync", "plan.json")
    assert ran.returncode == 1, ran.stderr
    assert old in {each["id"] for each in project.datadog.live(MONITOR)}


def test_a_person_is_told_which_run_wrote_what_came_in_between(project: Project) -> None:
    project.synced(a=1)
    project.write(a=3)
    project.run("plan", "--out", "plan.json")
    project.synced(a=2)
    project.write(a=3)
    ran = project.run("sync", "plan.json")
    assert (ran.returncode, "what is live was written by the run " in ran.stderr) == (1, True), ran.stderr


def test_a_user_that_came_since_the_plan_holds_the_delete(project: Project) -> None:
    project.synced(a=1, b=1)
    project.write(b=1)
    project.planned("--prune")
    doomed = project.monitors()["a"]["id"]
    thresholds = [{"timeframe": "7d", "target": 99.0}]
    slo = {"name": "theirs", "type": "monitor", "monitor_ids": [doomed], "tags": [], "thresholds": thresholds}
    project.datadog.create(SLO, slo)
    ran = project.run("sync", "plan.json", "--prune")
    assert (ran.returncode, "is used by slo" in ran.stderr) == (1, True), ran.stderr
    assert "a" in project.monitors()
    assert project.run("sync", "--yes", "--prune").returncode == 1
    digest = project.planned("--prune").digest
    assert project.run("sync", "--yes", "--prune", "--expect", digest).returncode == 0
    assert "a" not in project.monitors()


def test_fewer_users_than_were_reviewed_hold_nothing_and_another_one_does(project: Project) -> None:
    project.synced(a=1, b=1)
    project.write(b=1)
    doomed = project.monitors()["a"]["id"]
    thresholds = [{"timeframe": "7d", "target": 99.0}]
    slo = {"type": "monitor", "monitor_ids": [doomed], "tags": [], "thresholds": thresholds}
    one, two = (project.datadog.create(SLO, {**slo, "name": name}) for name in ("one", "two"))
    project.planned("--prune")
    project.datadog.delete(SLO, str(two["id"]))
    three = project.datadog.create(SLO, {**slo, "name": "three"})
    ran = project.run("sync", "plan.json", "--prune")
    assert (ran.returncode, f"`{three['id']}`" in ran.stderr, "a" in project.monitors()) == (1, True, True), ran.stderr
    project.datadog.delete(SLO, str(three["id"]))
    ran = project.run("sync", "plan.json", "--prune")
    assert (ran.returncode, ran.stdout) == (0, "1 deleted.\n"), ran.stderr
    assert [each["id"] for each in project.datadog.live(SLO)] == [one["id"]]


def test_whoever_uses_what_would_go_is_told_and_kept_without_the_title(project: Project) -> None:
    project.synced(a=1, b=1)
    project.write(b=1)
    thresholds = [{"timeframe": "7d", "target": 99.0}]
    slo = {"type": "monitor", "monitor_ids": [project.monitors()["a"]["id"]], "tags": [], "thresholds": thresholds}
    theirs = project.datadog.create(SLO, {**slo, "name": "SECRET"})
    shown = [project.run("plan", "--prune", "--format", form).stdout for form in ("text", "markdown", "json")]
    project.planned("--prune")
    for told in (*shown, (project.folder / "plan.json").read_text()):
        assert (str(theirs["id"]) in told, "SECRET" in told) == (True, False)


def test_the_digest_of_the_content_shows_no_edit_and_that_of_the_plan_does(project: Project) -> None:
    project.synced(a=1, b=1)
    project.write(a=2, b=2)
    project.edit("a", message="in an incident")
    plan = project.planned()
    ran = project.run("sync", "--yes", "--expect", plan.desired_digest)
    assert ran.returncode == 1
    assert "was edited in `message` since it was last applied" in ran.stderr
    assert [("> 2" in project.monitors()[name]["query"]) for name in ("a", "b")] == [False, True]
    assert project.planned().changes == ()
    revert = ("--revert-drift", tracking_id("a"))
    ran = project.run("sync", "--yes", *revert, "--expect", project.planned(*revert).digest)
    assert ran.returncode == 0, ran.stderr
    assert "in an incident" not in project.monitors()["a"]["message"]


def test_where_nobody_knows_what_was_written_the_digest_of_the_content_is_not_enough(project: Project) -> None:
    project.synced(a=1)
    project.forget()
    project.write(a=2)
    ran = project.run("sync", "--yes", "--expect", project.planned().desired_digest)
    assert (ran.returncode, "may hold an edit that nobody was shown" in ran.stderr) == (1, True)
    assert project.run("sync", "--yes").returncode == 0


def git(folder: Path, *arguments: str) -> None:
    who = {f"GIT_{role}_{field}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for field in ("NAME", "EMAIL")}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", *arguments], cwd=folder, env={**inherited, **who}, check=True, capture_output=True)  # noqa: S607


@pytest.mark.parametrize("edited", [False, True])
def test_what_the_revision_before_renders_to_is_no_edit(edited: bool, project: Project) -> None:  # noqa: FBT001 - a row
    project.write(a=1, b=1, both=1)
    git(project.folder, "init", "--quiet")
    for thresholds in ({"a": 1, "b": 1, "both": 1}, {"a": 2, "b": 1}):
        project.synced(**thresholds) if "both" in thresholds else project.write(**thresholds)
        git(project.folder, "add", "monitors")
        git(project.folder, "commit", "--quiet", "--message", "x")
    project.forget()
    if edited:
        project.edit("a", message="in an incident")
    ran = project.run("sync", "--yes", "--prune", "--expect", project.planned("--prune").desired_digest)
    assert ran.returncode == int(edited), ran.stderr
    assert ("> 2" in project.monitors()["a"]["query"]) is not edited
    assert "both" not in project.monitors()


def test_a_known_edit_is_not_taken_back_by_a_yes_that_nobody_says(project: Project) -> None:
    project.synced(a=1)
    project.forget("applied")
    project.edit("a", message="in an incident")
    ran = project.run("sync", "--yes")
    assert (ran.returncode, "was edited since the run" in ran.stderr) == (1, True), ran.stderr
    assert project.monitors()["a"]["message"] == "in an incident"


def test_an_edit_back_to_an_earlier_value_is_an_edit(project: Project) -> None:
    project.synced(a=1)
    earlier = project.monitors()["a"]
    project.synced(a=2)
    project.forget("applied")
    project.edit("a", query=earlier["query"], options=earlier["options"])
    ran = project.run("sync", "--yes")
    assert (ran.returncode, "was edited since the run" in ran.stderr) == (1, True), ran.stderr


def test_runs_that_only_leave_alone_do_not_make_an_edit_forgotten(project: Project) -> None:
    project.synced(a=1)
    project.forget("applied")
    project.edit("a", message="in an incident")
    journals = project.folder / ".toban" / "journal"
    (journal,) = journals.glob("*.jsonl")
    header = journal.read_text().splitlines(keepends=True)[0]
    for number in range(250):
        (journals / f"29990101T000000Z-{number:04}.jsonl").write_text(header)
    ran = project.run("sync", "--yes")
    assert (ran.returncode, "was edited since the run" in ran.stderr) == (1, True), ran.stderr


@pytest.mark.parametrize("journal", [True, False])
def test_what_a_killed_run_wrote_is_no_drift_where_its_journal_says_so(journal: bool, project: Project) -> None:  # noqa: FBT001 - a row
    project.synced(a=1)
    applied = project.folder / ".toban" / "applied"
    before = applied.rename(project.folder / "before")
    project.synced(a=2)
    shutil.rmtree(applied)
    before.rename(applied)
    if not journal:
        project.forget("journal")
    project.write(a=3)
    ran = project.run("sync", "--yes")
    assert ran.returncode == (0 if journal else 1), ran.stderr
    assert ("> 3" in project.monitors()["a"]["query"]) is journal


def test_what_got_no_answer_and_took_effect_is_no_drift(project: Project) -> None:
    project.synced(a=1, b=1)
    project.write(a=2, b=1)
    applied = project.folder / ".toban" / "applied"
    before = {path.name: json.loads(path.read_text())["resources"] for path in applied.glob("*.json")}
    assert project.run("sync", "--yes").returncode == 0
    for path in applied.glob("*.json"):
        path.write_text(json.dumps({**json.loads(path.read_text()), "resources": before[path.name]}))
    project.write(a=3, b=1)
    ran = project.run("sync", "--yes")
    assert (ran.returncode, ran.stdout) == (0, "1 updated.\n"), ran.stderr


def test_what_is_renamed_stays_known(project: Project) -> None:
    project.synced(a=1)
    api = project.folder / "monitors" / "api.yaml"
    for name, previous in (("b", "a"), ("c", "b")):
        query = "query: 'avg(last_5m):avg:a{x:y} > 1'"
        api.write_text(f"service: api\nmonitors:\n  {name}: {{kind: metric, was: {previous}, {query}}}\n")
        ran = project.run("sync", "--yes")
        assert (ran.returncode, ran.stdout) == (0, "1 updated.\n"), ran.stderr
    project.edit("a", message="in an incident")
    ran = project.run("sync", "--yes")
    assert (ran.returncode, "≠ edited monitor w/api/c/production" in ran.stderr) == (0, True), ran.stderr


def test_what_is_no_drift_is_not_reverted(project: Project) -> None:
    project.synced(a=1)
    ran = project.run("plan", "--revert-drift", tracking_id("a"))
    assert (ran.returncode, "`w/api/a/production` has no drift here" in ran.stderr) == (0, True), ran.stderr


def test_a_filtered_sync_leaves_the_record_of_other_services(project: Project) -> None:
    project.synced(a=1)
    web = project.folder / "monitors" / "web.yaml"
    web.write_text("service: web\nmonitors:\n  w: {kind: metric, query: 'avg(last_5m):avg:w{x:y} > 1'}\n")
    project.edit("a", message="in an incident")
    ran = project.run("sync", "--yes", "--only", "service:web")
    assert (ran.returncode, "≠" in ran.stderr) == (0, False), ran.stderr
    assert "≠ edited monitor w/api/a/production" in project.run("plan").stdout


def test_what_a_run_wrote_is_no_edit_whatever_was_noted_of_it_last(project: Project) -> None:
    project.synced(a=1)
    project.synced(a=2)
    (latest,) = sorted((project.folder / ".toban" / "journal").glob("*.jsonl"))[-1:]
    lines = latest.read_text().splitlines(keepends=True)
    latest.write_text("".join(line for line in lines if not line.startswith('{"outcome"')))
    project.synced(a=3)


def test_a_mass_of_deletes_needs_the_digest_of_the_plan(project: Project) -> None:
    project.synced(**{f"m{number}": 1 for number in range(8)})
    project.write(m0=1)
    plan = project.planned("--prune")
    for given in ([], ["--expect", plan.desired_digest]):
        ran = project.run("sync", "--yes", "--prune", *given)
        assert (ran.returncode, f"--expect {plan.digest}" in ran.stderr) == (1, True), ran.stderr
    assert len(project.monitors()) == 8
    assert project.run("sync", "--yes", "--prune", "--expect", plan.digest).returncode == 0


def test_the_run_is_named_and_can_be_put_back(project: Project) -> None:
    project.synced(a=1)
    project.write(a=2)
    ran = project.run("sync", "--yes")
    first, *_, last = ran.stderr.splitlines()[-3:]
    name = first.removeprefix("run ")
    assert last == f"run {name}: `toban sync --restore {name}` puts back what it overwrote or deleted"
    assert f"no run `{name}`" not in project.run("sync", "--restore", name).stderr


def test_a_user_is_found_among_hundreds_of_dashboards(project: Project) -> None:
    project.synced(a=1, b=1)
    doomed = project.monitors()["a"]["id"]
    widgets = [{"definition": {"type": "alert_graph", "alert_id": str(doomed), "viz_type": "timeseries"}}]
    for number in range(520):
        board = {"title": f"board {number}", "layout_type": "ordered", "widgets": []}
        project.datadog.create(DASHBOARD, {**board, "widgets": widgets} if number == 0 else board)
    project.write(b=1)
    assert [each.rule for each in project.planned("--prune").obstacles] == ["still-used"]

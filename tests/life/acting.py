"""Acts the workflows out as GitHub does: jobs, conditions, outputs, artefacts and scripts are read from their files."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from generator.cli import run
from tests.github.fake import NAME, TOKEN
from tests.life.expressions import as_text, filled, is_true

WORKFLOWS = Path(__file__).parents[2] / ".github" / "workflows"
CALL = re.compile(r"(?P<words>toban .*?)(?: (?P<sign>>>?) (?P<file>\S+))?(?: \|\| (?P<otherwise>.+))?")
JOB_KEYS = {"if", "needs", "runs-on", "timeout-minutes", "environment", "permissions", "outputs", "steps"}
STEP_KEYS = {"id", "if", "uses", "with", "run", "env"}
OF_ENVIRONMENTS = dict.fromkeys(("AWS_ROLE", "AWS_REGION", "DD_API_KEY_FROM", "DD_APP_KEY_FROM"), "")


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Site:
    """Where everything is: the remote, GitHub's API and Datadog's."""

    remote: Path
    github: str
    datadog: str


@dataclass(frozen=True)
class Event:
    """What has happened, and the commit that a run of it checks out."""

    name: str
    sha: str
    ref: str = "refs/heads/main"
    payload: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Job:
    """`calls` are those of toban, by its first words."""

    result: str = "skipped"
    outputs: dict[str, str] = field(default_factory=dict)
    calls: dict[str, Ran] = field(default_factory=dict)
    summary: str = ""


@dataclass
class Run:
    """One run of a workflow; `environments` are those that its jobs have entered, of which people guard some."""

    jobs: dict[str, Job] = field(default_factory=dict)
    artefacts: dict[str, Path] = field(default_factory=dict)
    environments: list[str] = field(default_factory=list)

    @property
    def results(self) -> dict[str, str]:
        return {name: job.result for name, job in self.jobs.items()}

    @property
    def conclusion(self) -> str:
        return "failure" if "failure" in self.results.values() else "success"


def toban(folder: Path, *arguments: object) -> Ran:
    """As a step of a job runs it in its checkout."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(each) for each in arguments])
    assert "bug in toban" not in err.getvalue(), err.getvalue()
    return Ran(code, out.getvalue(), err.getvalue())


def acted(workflow: str, event: Event, site: Site, folder: Path, *, others: Mapping[str, Run] = {}) -> Run:
    """Run a workflow for an event; `others` are runs whose artefacts may be asked for."""
    text = yaml.safe_load((WORKFLOWS / f"{workflow}.yml").read_text())
    # YAML 1.1, which PyYAML reads, takes `on` for a truth.
    triggers = text[True]
    assert event.name in triggers, f"{workflow} does not run on {event.name}"
    given = ((triggers[event.name] or {}).get("inputs") or {}) if event.name == "workflow_dispatch" else {}
    assert event.inputs.keys() <= given.keys(), f"{workflow} has no such input"
    inputs = {name: event.inputs.get(name, about.get("default", "")) for name, about in given.items()}
    found = Run()
    for name, job in text["jobs"].items():
        assert job.keys() <= JOB_KEYS, job.keys() - JOB_KEYS
        acting = _Acting(job, event, inputs, site, folder / name, found, others)
        found.jobs[name] = acting.job
        acting.act()
    return found


@dataclass
class _Acting:
    """One job."""

    text: dict[str, Any]
    event: Event
    inputs: Mapping[str, Any]
    site: Site
    folder: Path
    whole: Run
    others: Mapping[str, Run]

    def __post_init__(self) -> None:
        text, event = self.text, self.event
        self.job, self.failed = Job(), False
        self.workspace, self.temporary = self.folder / "work", self.folder / "temporary"
        needs = text.get("needs", [])
        self.needed = {name: self.whole.jobs[name] for name in ([needs] if isinstance(needs, str) else needs)}
        self.steps: dict[str, dict[str, Any]] = {}
        may_write = "write" in [text["permissions"].get(each) for each in ("issues", "pull-requests")]
        environment = text.get("environment")
        self.contexts = {
            "github": {
                "event_name": event.name, "sha": event.sha, "ref": event.ref, "event": event.payload,
                "token": TOKEN if may_write else "of-no-use",
            },
            "inputs": self.inputs,
            "needs": {name: {"outputs": job.outputs, "result": job.result} for name, job in self.needed.items()},
            "vars": {"DD_SITE": "datadoghq.com", **(OF_ENVIRONMENTS if environment else {})},
            "runner": {"temp": str(self.temporary)},
            "steps": self.steps,
        }  # fmt: skip

    def act(self) -> None:
        missed = any(job.result != "success" for job in self.needed.values())
        if not is_true(self.text.get("if", ""), self.contexts, failed=missed):
            return
        if environment := self.text.get("environment"):
            self.whole.environments.append(environment)
        for folder in (self.workspace, self.temporary):
            folder.mkdir(parents=True)
        for step in self.text["steps"]:
            assert step.keys() <= STEP_KEYS, step.keys() - STEP_KEYS
            self.step(step)
        self.job.result = "failure" if self.failed else "success"
        self.job.outputs = {name: filled(text, self.contexts) for name, text in self.text.get("outputs", {}).items()}

    def step(self, step: dict[str, Any]) -> None:
        name = step.get("id", "")
        self.steps[name] = {"outputs": {}}
        if not is_true(step.get("if", ""), self.contexts, failed=self.failed):
            return
        given = {key: filled(as_text(value), self.contexts) for key, value in step.get("with", {}).items()}
        went_well = self.run(step, name) if "run" in step else self.use(step["uses"].partition("@")[0], given)
        self.failed = self.failed or not went_well

    def use(self, action: str, given: dict[str, str]) -> bool:
        match action:
            case "actions/checkout":
                self.check_out(given)
            case "./.github/actions/toban":
                assert (self.workspace / ".git").is_dir(), "the action is in the checkout"
            case "aws-actions/configure-aws-credentials":
                assert self.text["permissions"]["id-token"] == "write"
            case "actions/upload-artifact":
                return self.upload(given)
            case "actions/download-artifact":
                run = self.others[given["run-id"]] if "run-id" in given else self.whole
                if given["name"] not in run.artefacts:
                    return False
                shutil.copytree(run.artefacts[given["name"]], given["path"])
            case _:
                raise AssertionError(f"`{action}` is not known")
        return True

    def check_out(self, given: dict[str, str]) -> None:
        """As deep as asked for, detached, with credentials to push only where the job has them."""
        git(self.workspace, "init", "--quiet", "--initial-branch", "none")
        git(self.workspace, "remote", "add", "origin", self.site.remote.as_uri())
        depth = given.get("fetch-depth", "1")
        git(self.workspace, "fetch", "--quiet", "--no-tags", "--depth", depth, "origin", self.event.sha)
        git(self.workspace, "checkout", "--quiet", "--detach", "FETCH_HEAD")
        is_kept = given.get("persist-credentials", "true") == "true"
        if not is_kept or self.text["permissions"].get("contents") != "write":
            git(self.workspace, "remote", "set-url", "--push", "origin", "/no/permission/to/push")

    def upload(self, given: dict[str, str]) -> bool:
        artefact = self.folder / "artefacts" / given["name"]
        artefact.mkdir(parents=True)
        found = [path for each in given["path"].split() if (path := self.workspace / each).exists()]
        for path in found:
            if path.is_dir():
                shutil.copytree(path, artefact, dirs_exist_ok=True)
            else:
                shutil.copy(path, artefact)
        self.whole.artefacts |= {given["name"]: artefact} if found else {}
        return bool(found) or given.get("if-no-files-found") != "error"

    def run(self, step: dict[str, Any], name: str) -> bool:
        (output := self.temporary / f"output-{len(self.steps)}").touch()
        (summary := self.temporary / "summary").touch()
        (event := self.temporary / "event.json").write_text(json.dumps(self.event.payload))
        variables = {
            **{key: value for key, value in os.environ.items() if key == "PATH" or key.startswith("GIT_")},
            "CI": "true", "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_EVENT_PATH": str(event), "GITHUB_REPOSITORY": NAME, "GITHUB_API_URL": self.site.github,
            "RUNNER_TEMP": str(self.temporary), "HOME": str(self.temporary),
            **{key: filled(str(value), self.contexts) for key, value in step.get("env", {}).items()},
        }  # fmt: skip
        with patch.dict(os.environ, variables, clear=True):
            went_well = all(self.line(line) for line in step["run"].strip().splitlines())
        self.job.summary = summary.read_text()
        told = dict(line.split("=", 1) for line in output.read_text().splitlines())
        self.steps[name] = {"outputs": told}
        return went_well

    def line(self, line: str) -> bool:
        """What the shell makes of the words and of the rest, it is asked; toban itself is called here."""
        call = CALL.fullmatch(line)
        assert call is not None, f"`{line}` is no call of toban"
        words = [each.decode() for each in self.shell(f"printf '%s\\0' {call['words']}").split(b"\0")[1:-1]]
        # Whoever has no environment has no keys.
        is_keyed = "environment" in self.text and os.environ.get("DD_SITE")
        ran = toban(self.workspace, *words, *(["--api-url", self.site.datadog] if is_keyed else []))
        name = " ".join(words[:2] if words[0] == "github" else words[:1])
        self.job.calls[name] = ran
        if call["sign"]:
            target = Path(self.shell(f"printf %s {call['file']}").decode())
            with (self.workspace / target).open("a" if call["sign"] == ">>" else "w") as file:
                file.write(ran.out)
        if ran.code and call["otherwise"]:
            self.shell(f"(exit {ran.code}) || {call['otherwise']}")
            return True
        return ran.code == 0

    def shell(self, script: str) -> bytes:
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
        return subprocess.run(command, cwd=self.workspace, check=True, capture_output=True).stdout


def git(folder: Path, *arguments: object) -> str:
    done = subprocess.run(["git", *map(str, arguments)], cwd=folder, check=True, capture_output=True, text=True)  # noqa: S607
    return done.stdout.strip()

"""A repository with its remote, the scripts of its workflows, and the Datadog that its main is synced to."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import subprocess
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.cli import run
from generator.datadog.client import Datadog
from generator.resources.types import Payload, resource_types
from generator.source.documents import load

WORKFLOWS = Path(__file__).parents[2] / ".github" / "workflows"
MONITOR = resource_types()["monitor"]
ORGANIZATION = """\
workspace: shop
environments: {production: {scope: "env:production"}}
notify: "@slack-shop"
"""
SERVICE = """\
service: api
runbook: https://wiki.example.com/runbooks/api
monitors:
  latency: {{kind: metric, query: "avg(last_5m):avg:api.seconds{{service:api}} > {latency}"}}
  errors: {{kind: metric, query: "sum(last_5m):sum:api.errors{{service:api}}.as_count() > {errors}"}}
  queue: {{kind: metric, query: "avg(last_5m):avg:api.queue{{service:api}} > {queue}"}}
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def git(folder: Path, *arguments: object) -> str:
    done = subprocess.run(["git", *map(str, arguments)], cwd=folder, check=True, capture_output=True, text=True)  # noqa: S607
    return done.stdout.strip()


def toban(folder: Path, *arguments: object) -> Ran:
    """As a job of CI runs it in its checkout."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(each) for each in arguments])
    assert "bug in toban" not in err.getvalue(), err.getvalue()
    return Ran(code, out.getvalue(), err.getvalue())


def script(workflow: str, **variables: str) -> list[list[str]]:
    """The calls of toban in a workflow: what runs on GitHub is what runs here."""
    jobs = load(workflow, (WORKFLOWS / f"{workflow}.yml").read_bytes()).root["jobs"]
    lines = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    calls = [re.split(r" (?:>>?|\|\|) ", line)[0] for line in lines if line.startswith("toban ")]
    return [
        [re.sub(r"\$(\w+)", lambda at: variables.get(at[1], at[0]), word) for word in shlex.split(each)[1:]]
        for each in calls
    ]


@dataclass(frozen=True)
class Life:
    """A repository with its remote, and the Datadog that its main is synced to."""

    folder: Path
    url: str
    datadog: Datadog

    @property
    def laptop(self) -> Path:
        return self.folder / "laptop"

    def write(self, **thresholds: object) -> None:
        (self.laptop / "monitors" / "api.yaml").write_text(SERVICE.format(**thresholds))

    def commit(self, message: str) -> None:
        git(self.laptop, "commit", "--quiet", "--all", "--message", message)

    def merged(self, branch: str) -> None:
        git(self.laptop, "switch", "--quiet", "main")
        git(self.laptop, "merge", "--quiet", "--no-ff", "--message", f"Merge {branch}", branch)
        git(self.laptop, "push", "--quiet", "origin", "main")

    def branch(self, name: str, **thresholds: object) -> None:
        git(self.laptop, "switch", "--quiet", "--create", name)
        self.write(**thresholds)
        self.commit(name)

    def checkout(self, name: str, revision: str = "main") -> Path:
        """A runner's: as deep as the workflows ask for, and nothing that another run has left."""
        folder = self.folder / name
        git(
            self.folder,
            "clone",
            "--quiet",
            "--depth",
            "2",
            "--branch",
            revision,
            (self.folder / "remote").as_uri(),
            folder,
        )
        return folder

    def reviewed(self, branch: str) -> tuple[list[int], str]:
        """Run the script of a pull request; exit codes, and the comment."""
        git(self.laptop, "switch", "--quiet", "--detach", "main")
        git(self.laptop, "merge", "--quiet", "--no-ff", "--message", "as GitHub merges it", branch)
        ran = [toban(self.laptop, *words) for words in script("review") if words[0] in ("lint", "test", "github")]
        comment = (self.laptop / "review" / "comment.md").read_text()
        git(self.laptop, "clean", "--quiet", "--force", "-d", "review")
        git(self.laptop, "switch", "--quiet", branch)
        return [each.code for each in ran], comment

    def synced(self, name: str) -> tuple[Ran, Ran]:
        """Run the scripts of a push to main in two fresh checkouts, as its two jobs do."""
        planning, syncing = self.checkout(f"{name}-plan"), self.checkout(f"{name}-sync")
        variables = {"RUNNER_TEMP": str(self.folder), "DIGEST": ""}
        planned = None
        for words in script("sync", **variables):
            if words[0] == "plan":
                planned = toban(planning, *words, "--api-url", self.url)
                (self.folder / "plan").mkdir(exist_ok=True)
                (planning / "plan.json").replace(self.folder / "plan" / "plan.json")
                variables["DIGEST"] = json.loads((self.folder / "plan" / "plan.json").read_text())["plan"]["digest"]
        (words,) = (words for words in script("sync", **variables) if words[0] == "sync")
        assert planned is not None
        return planned, toban(syncing, *words, "--api-url", self.url)

    def drift(self, name: str) -> Ran:
        (words,) = (words for words in script("drift") if words[0] == "drift")
        return toban(self.checkout(name), *words, "--api-url", self.url)

    def monitors(self) -> dict[str, Payload]:
        return {str(each["name"]).rsplit(" ", 1)[1]: each for each in self.datadog.live(MONITOR)}

    def edit(self, name: str, threshold: object) -> None:
        """In the browser."""
        live = self.monitors()[name]
        query = re.sub(r"> \S+$", f"> {threshold}", str(live["query"]))
        options = {**live["options"], "thresholds": {"critical": threshold}}
        self.datadog.update(MONITOR, str(live["id"]), {"query": query, "options": options})

    def misbehave(self, faults: Any) -> None:
        request = urllib.request.Request(  # noqa: S310 - the local Datadog
            f"{self.url}/_toban/faults", json.dumps(faults).encode(), {"Content-Type": "application/json"}, method="PUT"
        )
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - likewise

    def thresholds(self) -> dict[str, float]:
        return {name: each["options"]["thresholds"]["critical"] for name, each in self.monitors().items()}

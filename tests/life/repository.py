"""A repository with its remote, the scripts of its workflows, and the Datadog that its main is synced to."""

from __future__ import annotations

import json
import re
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.datadog.client import Datadog
from generator.resources.types import Payload, resource_types
from tests.github.fake import NAME, GitHub
from tests.life.acting import Event, Ran, Run, Site, acted, git

MONITOR = resource_types()["monitor"]
ORGANIZATION = """\
workspace: shop
environments: {production: {scope: "env:production"}}
notify: "@slack-shop"
owners: "@acme/on-call"
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
class Life:
    """A repository with its remote, and the Datadog that its main is synced to."""

    folder: Path
    url: str
    datadog: Datadog
    github: GitHub

    @property
    def site(self) -> Site:
        return Site(self.folder / "remote", self.github.url, self.url)

    @property
    def laptop(self) -> Path:
        return self.folder / "laptop"

    def write(self, **thresholds: object) -> None:
        (self.laptop / "monitors" / "api.yaml").write_text(SERVICE.format(**thresholds))

    def without(self, name: str) -> None:
        """Push a main that does not have this monitor."""
        path = self.laptop / "monitors" / "api.yaml"
        path.write_text(
            "".join(line for line in path.read_text().splitlines(keepends=True) if not line.startswith(f"  {name}:"))
        )
        self.commit(f"without {name}")
        git(self.laptop, "push", "--quiet", "origin", "main")

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

    def checkout(self, name: str, *, depth: int = 2) -> Path:
        """A clone of somebody's; 0 is the whole history."""
        folder = self.folder / name
        limits = ("--depth", depth) if depth else ()
        git(self.folder, "clone", "--quiet", *limits, (self.folder / "remote").as_uri(), folder)
        return folder

    def main(self) -> str:
        return git(self.folder / "remote", "rev-parse", "main")

    def acted(self, workflow: str, event: Event, **others: Run) -> Run:
        folder = self.folder / f"{workflow}-{len(list(self.folder.iterdir()))}"
        folder.mkdir()
        return acted(workflow, event, self.site, folder, others=others)

    def pushed(self, sha: str = "") -> Run:
        """What a push to main sets off, or the rerun of an earlier one."""
        return self.acted("sync", Event("push", sha or self.main()))

    def dispatched(self, **inputs: object) -> Run:
        """Somebody runs the sync by hand."""
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        return self.acted("sync", Event("workflow_dispatch", self.main(), inputs=given))

    def reviewed(self, branch: str, number: int) -> tuple[Run, str]:
        """Open a pull request; what its two workflows have done, and the comment that is there then."""
        git(self.laptop, "switch", "--quiet", "--detach", "main")
        git(self.laptop, "merge", "--quiet", "--no-ff", "--message", "as GitHub merges it", branch)
        git(self.laptop, "push", "--quiet", "origin", branch, f"+HEAD:refs/pull/{number}/merge")
        head, merge = (git(self.laptop, "rev-parse", name) for name in (branch, "HEAD"))
        git(self.laptop, "switch", "--quiet", branch)
        self.github.pull(number, head)
        payload = {"number": number}
        review = self.acted("review", Event("pull_request", merge, f"refs/pull/{number}/merge", payload))
        about = {"id": "1", "event": "pull_request", "conclusion": review.conclusion, "head_sha": head}
        told = {
            **about,
            "head_repository": {"full_name": NAME},
            "head_branch": branch,
            "html_url": f"https://github.com/{NAME}/actions/runs/1",
        }
        comment = self.acted(
            "comment", Event("workflow_run", self.main(), payload={"workflow_run": told}), **{"1": review}
        )
        assert comment.conclusion == "success", (review.jobs, comment.jobs)
        return review, str(self.github.comments[number][-1]["body"])

    def nightly(self) -> Run:
        return self.acted("drift", Event("schedule", self.main()))

    def night(self) -> Ran:
        """The drift job; it must have gone well, drift or not."""
        night = self.nightly()
        assert night.conclusion == "success", night.jobs["drift"].calls
        return night.jobs["drift"].calls["drift"]

    def monitors(self) -> dict[str, Payload]:
        return {str(each["name"]).rsplit(" ", 1)[1]: each for each in self.datadog.live(MONITOR)}

    def edit(self, name: str, threshold: object) -> None:
        """In the browser."""
        live = self.monitors()[name]
        query = re.sub(r"> \S+$", f"> {threshold}", str(live["query"]))
        options = {**live["options"], "thresholds": {"critical": threshold}}
        self.datadog.update(MONITOR, str(live["id"]), {"query": query, "options": options})

    def delete(self, name: str) -> None:
        """In the browser."""
        self.datadog.delete(MONITOR, str(self.monitors()[name]["id"]))

    def misbehave(self, faults: Any) -> None:
        request = urllib.request.Request(  # noqa: S310 - the local Datadog
            f"{self.url}/_toban/faults", json.dumps(faults).encode(), {"Content-Type": "application/json"}, method="PUT"
        )
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - likewise

    def thresholds(self) -> dict[str, float]:
        return {name: each["options"]["thresholds"]["critical"] for name, each in self.monitors().items()}

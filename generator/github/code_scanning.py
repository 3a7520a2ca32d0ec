"""One analysis of a pull request's head for GitHub's code scanning, from what its own job has uploaded."""

from __future__ import annotations

import base64
import gzip
from dataclasses import dataclass

from generator.github.client import GitHubRefused, Repository
from generator.github.upload import Run, Skipped, why_late

_OFF = "code scanning needs a public repository or GitHub Code Security, and a job with `security-events: write`"


@dataclass(frozen=True, slots=True)
class Uploaded:
    name: str


def upload_analysis(repository: Repository, number: int, sarif: str, run: Run) -> Uploaded | Skipped:
    """Of a fork too: GitHub keeps the head of each pull request under a ref of this repository.

    https://docs.github.com/en/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data
    """
    if why := why_late(repository, number, run):
        return Skipped(why)
    content = {
        "commit_sha": run.head,
        "ref": f"refs/pull/{number}/head",
        "sarif": base64.b64encode(gzip.compress(sarif.encode(), mtime=0)).decode(),
    }
    try:
        answer = repository.write("POST", "/code-scanning/sarifs", content)
    except GitHubRefused as error:
        raise (GitHubRefused(f"{error}; {_OFF}", error.status) if error.status == 403 else error) from None
    return Uploaded(str(answer.get("id") or ""))

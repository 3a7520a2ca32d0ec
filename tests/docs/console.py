"""Documentation as a test: the blocks of a page, in order.

A `yaml` block whose first line is `# path` is written to that file, a `csv` block without that line. A `json` block
whose first line is `# in the browser: TRACKING_ID` is what somebody changes of that monitor in the local Datadog. A
`console` block holds commands after `$ ` and what they print. `python tests/docs/console.py --write PAGE…` puts what
they print now into the pages.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.datadog.client import Datadog
from generator.datadog.target import Target
from generator.localdog.server import embedded
from generator.resources.types import resource_types

BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
UNSTABLE = re.compile(r"\b(?:1000000\d\d|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b")
"""Ids of the local Datadog: they go out in the order in which parallel writes arrive."""
OF_A_RUN = re.compile(r"\b\d{8}T\d{6}\.\d{6}Z-\d+\b")
OF_AN_EDIT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
PLAN_DIGEST = re.compile(r"(?:(?<=plan digest )|(?<=^digest )|(?<=--expect ))[0-9a-f]{64}", re.MULTILINE)
"""It covers ids."""
OUTCOME = re.compile(r"(?:already )?(?:created|updated|deleted|replaced|adopted) \S+/")

_SOMEBODY = {
    **{f"GIT_{role}_NAME": "Somebody" for role in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{role}_EMAIL": "somebody@example.com" for role in ("AUTHOR", "COMMITTER")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}
"""What git wants to know before it commits; "GIT" above covers what GitHub's runners set too."""


@dataclass(frozen=True)
class Console:
    """A `console` block of a page, with what its commands print now."""

    written: str
    now: str


def replayed(page: str, folder: Path) -> Iterator[Console]:
    """Write the page's files into `folder` and run its commands there."""
    for block in BLOCK.finditer(page):
        body = block["body"]
        path = re.match(r"# ((?:monitors|dashboards)/\S+)\n", body)
        table = re.match(r"# (history/\S+\.csv)\n", body)
        if block["language"] == "csv" and table:
            target = folder / table[1]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(body[table.end() :], encoding="utf-8")
        elif block["language"] == "yaml" and path:
            target = folder / path[1]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(body, encoding="utf-8")
        elif block["language"] == "json" and (edited := re.match(r"# in the browser: (\S+)\n", body)):
            _edit(folder, edited[1], json.loads(body[edited.end() :]))
        elif block["language"] == "console":
            yield Console(body, "".join(_ran(line, folder) for line in body.splitlines() if line.startswith("$ ")))


def _ran(line: str, folder: Path) -> str:
    words = shlex.split(line.removeprefix("$ "))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DD_", "GIT"))}
    command = words if words[0] == "git" else [sys.executable, "-m", "generator", *words[1:]]
    done = subprocess.run(
        command, cwd=folder, env={**inherited, **_SOMEBODY, "COLUMNS": "100"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
    )  # fmt: skip
    told = OF_AN_EDIT.sub("TIME", done.stdout)
    told = PLAN_DIGEST.sub("DIGEST", OF_A_RUN.sub("RUN", UNSTABLE.sub("ID", told)))
    return f"{line}\n{_in_order(told)}"


def _edit(folder: Path, tracking_id: str, fields: dict[str, Any]) -> None:
    monitor = resource_types()["monitor"]
    with (
        embedded(folder / ".toban" / "local.db") as url,
        Datadog(Target(url, "key", "key"), clock=time.monotonic, sleep=time.sleep, random=lambda: 0.5) as datadog,
    ):
        (live,) = (each for each in datadog.live(monitor) if monitor.tracking_id(each) == tracking_id)
        datadog.update(monitor, str(live["id"]), fields)


def _in_order(text: str) -> str:
    """Outcomes come in the order in which parallel writes end."""
    lines = text.splitlines(keepends=True)
    outcomes = iter(sorted(each for each in lines if OUTCOME.match(each)))
    return "".join(next(outcomes) if OUTCOME.match(each) else each for each in lines)


def _write(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for console in replayed(page, Path(folder)):
            page = page.replace(f"```console\n{console.written}```", f"```console\n{console.now}```")
    path.write_text(page, encoding="utf-8")


if __name__ == "__main__" and sys.argv[1:2] == ["--write"]:
    for name in sys.argv[2:]:
        _write(Path(name))

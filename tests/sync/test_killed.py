"""A sync that is killed at any moment, and run again, ends where an undisturbed one does."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from generator.render.model import Resource
from generator.resources.types import resource_types
from generator.sync.journal import left_open

SCRIPT = Path(__file__).with_name("killed_sync.py")
MONITOR = resource_types()["monitor"]
LOGS = {"type": "log alert", "query": 'logs("x").index("*").rollup("count").last("5m") > 90'}
KILLS = 5
Make = Callable[..., Resource]


UNDER_WAY_SECONDS = 0.02


class Killer:
    """Kills the process that syncs when a write passes: before Datadog sees it, or before the answer comes back.

    Each write is under way for a while, so that several are when the process dies; those still arrive, perhaps when
    the next run has begun.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a seeded choice of moments
        self._lock = threading.Lock()
        self._under_way = 0
        self.under_way_at_kills: list[int] = []
        self.process: subprocess.Popen[bytes] | None = None
        self.arm()

    def arm(self) -> None:
        self._writes_left = self._random.randint(1, 14)
        self._fault = self._random.choice(["lost", "dropped"])

    def __call__(self, request: Any) -> str | None:
        process = self.process
        if process is None or request.method == "GET" or request.path.endswith("validate"):
            return None
        with self._lock:
            self._under_way += 1
        time.sleep(UNDER_WAY_SECONDS)
        try:
            return self._verdict(process)
        finally:
            with self._lock:
                self._under_way -= 1

    def _verdict(self, process: subprocess.Popen[bytes]) -> str | None:
        with self._lock:
            self._writes_left -= 1
            if self._writes_left > 0 or process is not self.process:
                return None
            if process.poll() is None:
                self.under_way_at_kills.append(self._under_way)
        process.kill()
        return self._fault


class Scene:
    """A project that sees Datadog itself, and processes that see it through a proxy."""

    def __init__(self, project: Any, faulty: Callable[..., Any], folder: Path) -> None:
        self.project = project
        self.folder = folder
        self.state = folder / ".toban"
        self._faulty = faulty

    def start_killer(self, seed: int) -> Killer:
        killer = Killer(seed)
        self._url = self._faulty(killer).url
        return killer

    def run(self, file: Path, killer: Killer | None) -> int:
        """Sync in a process; gives its exit code."""
        command = [sys.executable, str(SCRIPT), self._url, str(self.state), str(file)]
        with subprocess.Popen(command) as process:
            if killer is not None:
                killer.arm()
                killer.process = process
            code = process.wait(30)
        if killer is not None:
            killer.process = None
        return code


@pytest.fixture
def scene(project: Any, faulty: Callable[..., Any], tmp_path: Path) -> Scene:
    return Scene(project, faulty, tmp_path)


@pytest.fixture
def before(monitor: Make, composite: Make) -> list[Resource]:
    updated = [monitor(f"updated-{number:02}") for number in range(15)]
    deleted = [monitor(f"deleted-{number:02}") for number in range(10)]
    replaced = [monitor(f"replaced-{number:02}") for number in range(5)]
    return [*updated, *deleted, *replaced, composite("both", "replaced-00", "updated-00")]


@pytest.fixture
def desired(monitor: Make, composite: Make, dashboard: Make) -> list[Resource]:
    updated = [monitor(f"updated-{number:02}", threshold=80) for number in range(15)]
    created = [monitor(f"created-{number:02}") for number in range(26)]
    replaced = [monitor(f"replaced-{number:02}", **LOGS) for number in range(5)]
    referring = [composite("both", "replaced-00", "updated-00"), composite("new", "created-00", "replaced-01")]
    return [*updated, *created, *replaced, *referring, dashboard("board", "new"), dashboard("other", "created-01")]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("file", ["desired.json", "plan.json"])
def test_a_killed_sync_that_is_run_again_reaches_the_same_end(
    file: str, seed: int, scene: Scene, before: list[Resource], desired: list[Resource]
) -> None:
    theirs = MONITOR.tracked(before[0].payload, "other/api/updated-00/production")
    foreign = scene.project.client.read(MONITOR, str(scene.project.client.create(MONITOR, theirs)["id"]))
    scene.project.sync(*before)
    planned = scene.project.plan(*desired)
    assert len(planned.changes) == 60
    path = scene.folder / file
    path.write_bytes(msgspec.json.encode(planned if file == "plan.json" else desired))
    killer = scene.start_killer(seed)
    codes = [scene.run(path, killer if kill < KILLS else None) for kill in range(KILLS + 1)]
    assert codes == [*[-9] * KILLS, 0]
    assert max(killer.under_way_at_kills) > 1
    assert left_open(scene.state) == ()
    after = scene.project.plan(*desired)
    assert after.changes == ()
    assert after.unchanged == len(desired)
    live = [each for name in resource_types() for each in scene.project.live()[name]]
    assert len(live) == len(desired) + 1
    assert scene.project.client.read(MONITOR, str(foreign["id"])) == foreign

"""A sync in a process of its own, to be killed: URL, folder of state, file of desired resources or of a plan."""

from __future__ import annotations

import os
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from generator.datadog.client import Datadog
from generator.datadog.target import Target
from generator.plan.model import Plan
from generator.plan.planner import PlanOptions, plan
from generator.render.model import Resource
from generator.resources.types import resource_types
from generator.sync.archive import Archive
from generator.sync.executor import apply
from generator.sync.journal import Journal, run_name
from generator.sync.lock import exclusive

KEY = "0123456789abcdef0123456789abcdef"
OPTIONS = PlanOptions(workspace="main", prune=True, replace=True)


def main(url: str, state: Path, file: Path) -> int:
    target = Target(url, KEY, KEY)
    run = run_name(datetime.now(UTC), os.getpid())
    with Datadog(target, clock=time.monotonic, sleep=time.sleep, random=random.random) as client, exclusive(state):
        if file.name == "plan.json":
            made = msgspec.json.decode(file.read_bytes(), type=Plan)
        else:
            desired = msgspec.json.decode(file.read_bytes(), type=list[Resource])
            made = plan(desired, {name: client.live(found) for name, found in resource_types().items()}, OPTIONS)
        with Journal.begin(state, run, made) as journal:
            outcomes = apply(made, client, journal, Archive(state, run))
    return 0 if outcomes.are_as_planned else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))

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
from generator.sync.journal import run_name
from generator.sync.run import Run, carry_out

KEY = "0123456789abcdef0123456789abcdef"
OPTIONS = PlanOptions(workspace="main", prune=True, replace=True)


def main(url: str, state: Path, file: Path) -> int:
    target = Target(url, KEY, KEY)
    with Datadog(target, clock=time.monotonic, sleep=time.sleep, random=random.random) as client:
        if file.name == "plan.json":
            made = msgspec.json.decode(file.read_bytes(), type=Plan)
        else:
            desired = msgspec.json.decode(file.read_bytes(), type=list[Resource])
            made = plan(desired, {name: client.live(found) for name, found in resource_types().items()}, OPTIONS)
        outcomes = carry_out(made, client, Run(run_name(datetime.now(UTC), os.getpid()), state))
    return 0 if outcomes.are_as_planned else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))

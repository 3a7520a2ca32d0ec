"""What a plan file holds, as outputs of a job's step."""

from __future__ import annotations

import os
from pathlib import Path

from generator.cli._console import show
from generator.cli._exits import OK, USAGE, Stop
from generator.plan.planfile import UnusablePlan, decoded


def told(file: Path) -> int:
    try:
        plan = decoded(file.read_text(encoding="utf-8"))
    except (UnusablePlan, UnicodeDecodeError) as error:
        raise Stop(
            f"`{file}` is no plan file: {error}", hint="write one with `toban plan --out FILE`", code=USAGE
        ) from error
    # A sync must also run, and fail, for what it would stop for.
    count = len(plan.changes) + sum(each.is_conflict for each in plan.drift)
    lines = f"digest={plan.digest}\ndesired-digest={plan.desired_digest}\nchanges={count}\n"
    if named := os.environ.get("GITHUB_OUTPUT"):
        with Path(named).open("a", encoding="utf-8") as stream:
            stream.write(lines)
    show(lines.rstrip("\n"))
    return OK

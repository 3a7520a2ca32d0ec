"""What a plan file holds, as outputs of a job's step; and the record of one that had nothing to do."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli._console import show
from generator.cli._exits import OK, PROBLEM, USAGE, Stop
from generator.plan.planfile import UnusablePlan, decoded

if TYPE_CHECKING:
    from generator.plan.model import Plan


def told(file: Path) -> int:
    plan = _read(file)
    lines = f"digest={plan.digest}\ndesired-digest={plan.desired_digest}\nchanges={_to_do(plan)}\n"
    if named := os.environ.get("GITHUB_OUTPUT"):
        with Path(named).open("a", encoding="utf-8") as stream:
            stream.write(lines)
    show(lines.rstrip("\n"))
    return OK


def recorded(file: Path, root: Path, *, expect: str) -> int:
    """No Datadog is asked, so what the plan has seen is what is remembered: a later edit is drift then."""
    from generator.cli._applied import known_at, payloads_of
    from generator.cli._planning import Request
    from generator.cli._project import load
    from generator.cli._recording import remember_nothing_to_do
    from generator.cli._revisions import is_behind
    from generator.plan.desired import prepared
    from generator.plan.digest import desired_digest
    from generator.plan.options import PlanOptions
    from generator.sync.git import commit_of
    from generator.sync.journal import run_name

    plan = _read(file)
    _refuse_what_is_to_do(plan, expect)
    _, rendering = load(root, no_cache=True)
    ready = prepared(rendering.resources, PlanOptions(workspace=rendering.workspace))
    here = desired_digest(ready.canonical)
    if (rendering.workspace, here) != (plan.workspace, plan.desired_digest):
        raise _refusal(f"the plan is of the desired digest {plan.desired_digest[:64]!a}, and here it is {here}")
    request = Request(root=root, api_url=None, local=False, push_applied=True)
    known = known_at(request, plan.target, plan.workspace, is_local=not plan.target.startswith("http"))
    if known.applied and is_behind(commit_of(root, "HEAD"), known.applied.about, request):
        show("nothing was recorded: a later revision was applied meanwhile, and is recorded")
        return OK
    desired = payloads_of(rendering.resources, plan.workspace)
    is_pushed = remember_nothing_to_do(plan, desired, known, request, run_name(datetime.now(UTC), os.getpid()))
    return OK if is_pushed else PROBLEM


def _read(file: Path) -> Plan:
    try:
        return decoded(file.read_text(encoding="utf-8"))
    except (UnusablePlan, UnicodeDecodeError) as error:
        raise Stop(
            f"`{file}` is no plan file: {error}", hint="write one with `toban plan --out FILE`", code=USAGE
        ) from error


def _to_do(plan: Plan) -> int:
    """A sync must also run, and fail, for what it would stop for."""
    return len(plan.changes) + sum(each.is_conflict for each in plan.drift)


def _refuse_what_is_to_do(plan: Plan, expect: str) -> None:
    if expect != plan.digest:
        raise _refusal(f"{expect[:100]!a} was expected, which is not the digest of FILE")
    if count := _to_do(plan):
        raise _refusal(f"the plan has {count} to do")
    if plan.only:
        raise _refusal("the plan is not of all services")
    if any(each.blocks for each in plan.obstacles):
        raise _refusal("the plan says what stops a sync")


def _refusal(why: str) -> Stop:
    return Stop(f"nothing was recorded: {why}", hint="make the plan anew, and sync it: toban sync FILE --push-applied")

"""A plan file is data, perhaps of a stranger's pull request: it is held against what the project itself renders to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from generator.cli._exits import Stop
from generator.cli._project import load, load_revision
from generator.plan.desired import prepared
from generator.plan.digest import desired_digest
from generator.plan.model import Action, Change, Plan
from generator.plan.options import PlanOptions
from generator.render.model import Resource
from generator.resources.types import resource_types

if TYPE_CHECKING:
    from generator.cli._planning import Request
    from generator.datadog.client import Datadog

_HINT = "sync from the content that the plan was made of, or make a new one: toban plan --out FILE"
Desired = dict[tuple[str, str], Resource]


def refuse_other_content(plan: Plan, request: Request, client: Datadog) -> None:
    """Stop where the plan would do what the project does not say; nothing in the file itself is believed."""
    root, ref = request.root, request.ref
    _, rendering = load(root, no_cache=request.no_cache) if ref is None else load_revision(root, ref)
    options = PlanOptions(workspace=rendering.workspace, only=frozenset(plan.only))
    ready = prepared(rendering.resources, options)
    here = desired_digest(ready.canonical)
    if plan.workspace != rendering.workspace or here != plan.desired_digest:
        raise Stop(
            f"nothing was changed: the plan is of the desired digest {plan.desired_digest[:100]}, here it is {here}",
            hint=_HINT,
        )
    desired = {(kind, each.tracking_id): each for kind, found in ready.by_type.items() for each in found}
    for change in plan.changes:
        for problem in _problems(change, desired, plan, client):
            raise Stop(f"nothing was changed: the plan would {change.action.value} {problem}", hint=_HINT)


def _problems(change: Change, desired: Desired, plan: Plan, client: Datadog) -> Iterator[str]:
    name = f"`{change.tracking_id[:200]}`"
    if change.resource not in resource_types() or not change.tracking_id.startswith(f"{plan.workspace}/"):
        yield f"{name}, which is not of workspace `{plan.workspace}`"
        return
    wanted = desired.get((change.resource, change.tracking_id))
    if change.action is not Action.DELETE:
        if wanted is None or wanted.payload != change.after:
            yield f"{name} otherwise than the YAML says"
        elif change.action is Action.ADOPT and wanted.adopt != change.id:
            yield f"{name}, with an id that the YAML does not name"
    elif wanted is not None:
        resource_type = resource_types()[change.resource]
        if len(client.find(resource_type, change.tracking_id)) == 1:
            yield f"{name}, which the YAML has"

"""A plan file is data, perhaps of a stranger's pull request: it says what was reviewed, and nothing of what is done.

What is done is planned anew from the project and what is live; of that only what the file has shown just so may go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.cli._exits import USAGE, Stop
from generator.cli._planning import WIDENING, Planned
from generator.cli._target import described
from generator.plan.desired import prepared
from generator.plan.edits import edit_words
from generator.plan.model import Action, Change, Plan
from generator.plan.options import PlanOptions
from generator.plan.planfile import UnusablePlan, decoded
from generator.plan.reviewed import no_longer, unmet, unshown
from generator.report.visible import LONGEST_VALUE, short
from generator.resources.tracking import is_tracking_id
from generator.resources.types import Payload, resource_types
from generator.sync.outcome import Outcome, Status, outcome_of
from generator.sync.written import Written, is_as_written, last_written

if TYPE_CHECKING:
    from generator.cli._planning import Request
    from generator.datadog.client import Datadog
    from generator.datadog.target import Target

_HINT = "sync from the content that the plan was made of, or make a new one: toban plan --out FILE"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What of a plan made anew may go: `held` says why not, by number; `settled` needs nothing any more, or cannot."""

    held: Mapping[int, str]
    settled: tuple[Outcome, ...]


def read_plan(file: Path, target: Target) -> Plan:
    try:
        plan = decoded(file.read_text(encoding="utf-8"))
    except (UnusablePlan, UnicodeDecodeError, OSError) as error:
        raise Stop(
            f"`{file}` is no plan that can be carried out: {error}",
            hint="make a new one: toban plan --out FILE",
            code=USAGE,
        ) from error
    if plan.target != described(target):
        hint = f"make one there: toban plan --out {file}"
        raise Stop(
            f"`{file}` was made for {short(plan.target, LONGEST_VALUE)}, not for {described(target)}",
            hint=hint,
            code=USAGE,
        )
    return plan


def request_like(plan: Plan, request: Request) -> Request:
    """What is asked for as it was when the plan was made; what lets it do more must be asked for here too."""
    missing = sorted(set(plan.options) - set(request.flags))
    if missing:
        words = short(" ".join(missing), LONGEST_VALUE)
        raise Stop(
            f"the plan was made with {words}, and a plan FILE cannot allow itself anything",
            hint=f"allow it here too: toban sync FILE {words}",
            code=USAGE,
        )
    strange = [name for name in plan.only if not is_tracking_id(f"w/{name}/n/e")]
    if strange:
        words = short(strange[0], LONGEST_VALUE)
        raise Stop(f"the plan was made for `{words}`, which is no name of a service", hint=_HINT, code=USAGE)
    only = tuple(f"service:{name}" for name in plan.only)
    if request.only and set(request.only) != set(only):
        shown = short(" ".join(f"--only {each}" for each in only), LONGEST_VALUE) or "all services"
        raise Stop(f"the plan was made for {shown}", hint="leave `--only` out: the FILE says it", code=USAGE)
    flags: dict[str, Any] = {name: f"--{name.replace('_', '-')}" in plan.options for name in WIDENING}
    return replace(request, only=only, **flags)


def refuse_other_content(reviewed: Plan, made: Planned) -> None:
    """Stop where the file is not of this content, or contradicts it: then nothing of it means anything."""
    here = made.plan.desired_digest
    if reviewed.workspace != made.plan.workspace or here != reviewed.desired_digest:
        digest = short(reviewed.desired_digest, LONGEST_VALUE)
        raise Stop(f"nothing was changed: the plan is of the desired digest {digest}, here it is {here}", hint=_HINT)
    desired = _desired(made)
    for change in reviewed.changes:
        for problem in _problems(change, desired, reviewed.workspace):
            raise Stop(f"nothing was changed: the plan would {change.action.value} {problem}", hint=_HINT)


def _desired(made: Planned) -> Mapping[tuple[str, str], Payload]:
    ready = prepared(made.found.whole.resources, PlanOptions(workspace=made.plan.workspace))
    return {(kind, each.tracking_id): each.payload for kind, found in ready.by_type.items() for each in found}


def _problems(change: Change, desired: Mapping[tuple[str, str], Payload], workspace: str) -> Iterator[str]:
    name = f"`{short(change.tracking_id, LONGEST_VALUE)}`"
    is_known = change.resource in resource_types() and is_tracking_id(change.tracking_id)
    if not is_known or not change.tracking_id.startswith(f"{workspace}/"):
        yield f"{name}, which is not of workspace `{workspace}`"
    elif change.action is not Action.DELETE and desired.get((change.resource, change.tracking_id)) != change.after:
        yield f"{name} otherwise than the YAML says"


def held_against(reviewed: Plan, made: Planned, client: Datadog, state: Path) -> Reviewed:
    """Hold each change that the reviewed plan has not shown, or of which it has not told what needs a review."""
    different = unshown(made.plan, reviewed, made.live)
    words = _edit_words(made, different, state)
    left_alone = {
        number: f"{reason}{words.get(number, '')}; it was left alone: plan again"
        for number, reason in different.items()
    }
    places = {(change.tracking_id, change.id): number for number, change in enumerate(made.plan.changes)}
    for obstacle in unmet(made.plan, reviewed):
        number = places.get((obstacle.tracking_id, obstacle.id))
        if number is None:
            raise Stop(
                f"nothing was changed: the reviewed plan did not tell that {obstacle.message}",
                hint="review it anew: toban plan --out FILE",
            )
        left_alone.setdefault(number, f"the reviewed plan did not tell that {obstacle.message}; plan again")
    drifted = {(each.resource, each.tracking_id) for each in made.plan.drift}
    changes = (each for each in no_longer(made.plan, reviewed) if (each.resource, each.tracking_id) not in drifted)
    return Reviewed(left_alone, tuple(_settled(changes, made, client)))


def _edit_words(made: Planned, numbers: Collection[int], state: Path) -> dict[int, str]:
    """Who knows: where another run of this checkout has written it so, that is who."""
    changes = {number: made.plan.changes[number] for number in numbers}
    wanted = {(change.resource, str(change.id)) for change in changes.values()}
    live = _of(wanted, made)
    known = last_written(state, made.plan.target, {(each.resource, each.tracking_id) for each in changes.values()})
    return {
        number: _words(live[place], known.get((change.resource, change.tracking_id), ()), change.resource)
        for number, change in changes.items()
        if (place := (change.resource, str(change.id))) in live
    }


def _of(wanted: Collection[tuple[str, str]], made: Planned) -> dict[tuple[str, str], Payload]:
    found = ((kind, each) for kind, rows in made.live.items() for each in rows) if wanted else ()
    return {(kind, str(each["id"])): each for kind, each in found if (kind, str(each["id"])) in wanted}


def _words(live: Payload, known: Iterable[Written], resource: str) -> str:
    kind = resource_types()[resource]
    run = next((each.run for each in known if is_as_written(kind, live, each)), "")
    return f" (what is live was written by the run {run} of this checkout)" if run else edit_words(kind, live)


def _settled(changes: Iterable[Change], made: Planned, client: Datadog) -> Iterator[Outcome]:
    """Of changes that are not to be made any more: whether they are done."""
    settled = tuple(changes)
    borne = _borne(made) if settled else {}
    there = {
        kind: {str(row["id"]) for row in client.rows(resource_types()[kind])}
        for kind in sorted({change.resource for change in settled if change.action is Action.DELETE})
    }
    for change in settled:
        ours = borne.get((change.resource, change.tracking_id), [])
        if change.action is Action.DELETE:
            yield _deleted(change, ours, is_there=str(change.id) in there[change.resource])
        else:
            yield _written(change, ours)


def _written(change: Change, ours: list[Payload]) -> Outcome:
    if not ours:
        return outcome_of(change, Status.HELD, "it is not live, and not to be created any more; plan again")
    oldest = min(ours, key=resource_types()[change.resource].age)
    return outcome_of(change, Status.ALREADY, id=str(oldest["id"]))


def _deleted(change: Change, ours: list[Payload], *, is_there: bool) -> Outcome:
    if not is_there:
        return outcome_of(change, Status.ALREADY)
    is_borne = any(str(each["id"]) == change.id for each in ours)
    why = "which the YAML has" if is_borne else f"which does not bear the tracking id `{change.tracking_id}`"
    message = f"the reviewed plan would delete `{short(str(change.id), LONGEST_VALUE)}`, {why}; plan again"
    return outcome_of(change, Status.HELD, message)


def _borne(made: Planned) -> dict[tuple[str, str], list[Payload]]:
    """Live resources by type and tracking id."""
    found: dict[tuple[str, str], list[Payload]] = {}
    for name, rows in made.live.items():
        tracking_id = resource_types()[name].tracking_id
        for each in rows:
            if (borne := tracking_id(each)) is not None:
                found.setdefault((name, borne), []).append(each)
    return found

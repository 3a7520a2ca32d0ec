"""What stands for a person's yes: a digest that was reviewed, or an answer at the terminal."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import click

from generator.cli._console import somebody_is_there
from generator.cli._exits import USAGE, Stop
from generator.plan.edits import differing_fields, edit_words
from generator.plan.model import Action, Change, Obstacle, Plan
from generator.plan.review import OF_CONTENT
from generator.resources.types import Payload, resource_types

if TYPE_CHECKING:
    from generator.cli._planning import Planned, Request
    from generator.sync.written import Written

_TYPED = 8
_OVERWRITING = frozenset((Action.UPDATE, Action.REPLACE, Action.DELETE))


class Review(enum.Enum):
    """What somebody has seen: nothing that we know of, what is desired, or the plan with what is live."""

    NOTHING = "nothing"
    CONTENT = "content"
    PLAN = "plan"


def reviewed(plan: Plan, expect: str | None) -> Review:
    """Which digest `--expect` is; stop where it is none of this plan's."""
    if expect is None:
        return Review.NOTHING
    if expect == plan.digest:
        return Review.PLAN
    if expect == plan.desired_digest:
        return Review.CONTENT
    raise Stop(
        f"nothing was changed: {expect[:100]!a} was expected; the desired digest is {plan.desired_digest}, "
        f"the plan digest {plan.digest}",
        hint="what was reviewed is not what is here; review the new plan, then expect its digest",
    )


def agreed(plan: Plan, review: Review, *, yes: bool) -> Review:
    """Ask where somebody is there: what needs a review needs the digest, the rest a yes."""
    needed = [each for each in plan.obstacles if each.needs_review and not _is_met(each, review)]
    if needed and (yes or not somebody_is_there()):
        raise _unreviewed(plan, needed)
    if needed:
        typed = click.prompt(f"This needs a review; type the first {_TYPED} characters of the plan digest", err=True)
        if typed.strip() != plan.digest[:_TYPED]:
            raise Stop(f"nothing was changed: the plan digest begins with {plan.digest[:_TYPED]}")
        return Review.PLAN
    if yes:
        return review
    if not somebody_is_there():
        raise Stop(
            "nothing was changed: nobody is here to agree", hint="give --yes, or a reviewed plan FILE", code=USAGE
        )
    click.confirm(f"Carry out {len(plan.changes)} changes?", abort=True, err=True)
    return Review.PLAN


def _is_met(obstacle: Obstacle, review: Review) -> bool:
    return review is Review.PLAN or (review is Review.CONTENT and obstacle.rule in OF_CONTENT)


def _unreviewed(plan: Plan, needed: list[Obstacle]) -> Stop:
    more = f" (and {len(needed) - 1} more)" if len(needed) > 1 else ""
    hint = (
        "review it: `toban plan --out FILE`, then `toban sync FILE`; "
        f"or add `--expect {plan.digest}` where that is the plan which was reviewed"
    )
    if all(each.rule in OF_CONTENT for each in needed):
        hint += f", or `--expect {plan.desired_digest}` where that content was"
    return Stop(f"nothing was changed, for want of a review: {needed[0].message}{more}", hint=hint)


def unshown_edits(made: Planned, request: Request, review: Review) -> dict[int, str]:
    """By number: changes of what somebody else has edited, or may have, since this workspace last wrote it.

    Nobody was shown what would be lost. Where content was reviewed, it must be known that nothing else is; where nobody
    has reviewed anything, an edit that is known is held.
    """
    from generator.sync.written import last_written

    if review is Review.PLAN:
        return {}
    plan = made.plan
    overwriting = {number: change for number, change in enumerate(plan.changes) if _overwrites(change, review)}
    keys = {(change.resource, name) for change in overwriting.values() for name in _names(change)}
    known = last_written(request.state, plan.target, keys)
    live = _live(made, overwriting.values())
    found: dict[int, str] = {}
    for number, change in overwriting.items():
        written = tuple(each for name in _names(change) for each in known.get((change.resource, name), ()))
        reason = _edit(live.get((change.resource, str(change.id))), change, written)
        if reason and (written or review is Review.CONTENT):
            hint = f"review it: `toban plan --out FILE`, or `--expect {plan.digest}`"
            found[number] = f"{reason}; it was left alone: {hint}"
    return found


def _overwrites(change: Change, review: Review) -> bool:
    """An adoption overwrites what a person made, by intent; what it is was not shown with the content."""
    return change.action in _OVERWRITING or (change.action is Action.ADOPT and review is Review.CONTENT)


def _names(change: Change) -> Iterator[str]:
    yield change.tracking_id
    if change.previous_id:
        yield change.previous_id


def _live(made: Planned, changes: Collection[Change]) -> dict[tuple[str, str], Payload]:
    wanted = {(change.resource, str(change.id)) for change in changes}
    return {
        (kind, str(each["id"])): each
        for kind in {kind for kind, _ in wanted}
        for each in made.live.get(kind, ())
        if (kind, str(each["id"])) in wanted
    }


def _edit(live: Payload | None, change: Change, written: tuple[Written, ...]) -> str:
    """What is known of an edit; empty where what is live is what was written."""
    from generator.sync.written import is_as_written

    kind = resource_types()[change.resource]
    if live is None or any(is_as_written(kind, live, each) for each in written):
        return ""
    if not written:
        told = edit_words(kind, live)
        return f"`{change.id}` may hold an edit that nobody was shown: this checkout has not written it{told}"
    last = written[0].payload
    where = differing_fields(kind.comparable(last, last), kind.comparable(live, last))
    return f"`{change.id}` was edited since the run {written[0].run} wrote it{where}{edit_words(kind, live)}"

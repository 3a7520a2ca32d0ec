"""What stands for a person's yes: a digest that was reviewed, or an answer at the terminal."""

from __future__ import annotations

import enum

import click

from generator.cli._console import somebody_is_there
from generator.cli._exits import USAGE, Stop
from generator.plan.model import Obstacle, Plan
from generator.plan.review import OF_CONTENT

_TYPED = 8


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

"""What stops a plan that would do harm, or needs a review."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.plan.holding import is_held
from generator.plan.live_counts import LiveCounts
from generator.plan.model import Obstacle
from generator.plan.options import PlanOptions
from generator.plan.order import Key
from generator.render.model import Resource
from generator.resources.types import ResourceType

FEW_DELETES = 5
"""So many deletes are never a mass."""

_FEW_SUGGESTIONS = 5
_SHRUNK_SHARE = 0.5
_LONGEST_CIRCLE = 6


class Reference(NamedTuple):
    """A tracking id that a desired resource refers to, and the resource that it names, if any."""

    source: Resource
    tracking_id: str
    target: Key | None


class Loss(NamedTuple):
    """What a plan takes of one type: of `own` live ones, so many; and how many are desired."""

    noun: str
    deletes: int
    replaces: int
    own: int
    desired: int

    @property
    def is_whole(self) -> bool:
        return bool(self.deletes) and not self.desired

    def is_a_mass(self, options: PlanOptions) -> bool:
        """A replacement deletes too: the history and the mutes are those of the old one."""
        lost = self.deletes + self.replaces
        return lost > FEW_DELETES and lost > options.max_delete_share * self.own


def mass_deletes(losses: Sequence[Loss], options: PlanOptions) -> Iterator[Obstacle]:
    """Find a type that goes as a whole, or much of one, or much of all: a few of each type may be a whole service.

    The last one of its type may go alone, but not together with the last of another.
    """
    are_several = sum(loss.is_whole for loss in losses) > 1
    total = Loss("resource", *(sum(counts) for counts in zip(*(loss[1:] for loss in losses), strict=True)))
    found = False
    for loss in losses:
        if loss.is_whole and (loss.own > 1 or are_several):
            yield _whole(loss)
            found = True
        elif loss.is_a_mass(options):
            yield _mass(loss, options)
            found = True
    if not found and total.is_a_mass(options):
        yield _mass(total, options)


def _whole(loss: Loss) -> Obstacle:
    which = f"all {loss.deletes} live ones" if loss.deletes > 1 else "the last live one"
    return Obstacle(
        "nothing-desired",
        f"no {loss.noun} is desired at all, and {which} would be deleted",
        "look whether this is the right folder",
        blocks=False,
        needs_review=True,
    )


def _mass(loss: Loss, options: PlanOptions) -> Obstacle:
    verb = "deleted" if not loss.replaces else "deleted or replaced" if loss.deletes else "replaced"
    lost, share = loss.deletes + loss.replaces, options.max_delete_share
    return Obstacle(
        "mass-delete",
        f"{lost} of our {loss.own} live {loss.noun}s would be {verb}, more than {share:.0%}",
        "a file may be missing, or a name may have changed for more than was meant: look at each",
        blocks=False,
        needs_review=True,
    )


def live_loss(live: LiveCounts, created: Collection[str], options: PlanOptions) -> Iterator[Obstacle]:
    """Refuse to create again what a broken list only seems to have lost: a list of all, or of a type of `created`."""
    known = options.last_known_count
    if options.accept_live_loss or known is None:
        return
    if _shrank(live.total, known.total):
        yield _shrunken("resource", live.total, known.total)
        return
    for kind in sorted(created):
        before = known.by_type.get(kind, 0)
        if _shrank(now := live.by_type.get(kind, 0), before):
            yield _shrunken(kind, now, before)


def _shrank(now: int, known: int) -> bool:
    return now < known and (now == 0 or (now < known * _SHRUNK_SHARE and known - now > FEW_DELETES))


def _shrunken(noun: str, now: int, known: int) -> Obstacle:
    verb = "was" if known == 1 else "were"
    return Obstacle(
        "live-shrank",
        f"Datadog lists {now} of our {noun}s, but {known} {verb} live after the last sync",
        "look whether the keys are those of the right organisation; "
        "if they were deleted, plan with `--accept-live-loss` to create them again",
    )


def unresolvable(  # noqa: PLR0913 - each is a state of its own
    references: Iterable[Reference],
    *,
    deleted: Collection[Key],
    gone: Collection[Key] = (),
    pending: Collection[Key],
    known: Collection[str],
    options: PlanOptions,
) -> Iterator[Obstacle]:
    """Refuse references to what does not exist, is or would be deleted, or is not created by this plan."""
    suggestions = 0
    for reference in references:
        if reference.target is None and is_held(reference.tracking_id, options):
            yield _obstacle(reference, "reference-held", "whose YAML has errors", hint="mend the errors first")
        elif reference.target is None:
            suggestions += 1
            near = _near(reference, known) if suggestions <= _FEW_SUGGESTIONS else []
            hint = f"did you mean `{near[0]}`?" if near else "a reference is `%{WORKSPACE/SERVICE/NAME/ENVIRONMENT}`"
            yield _obstacle(reference, "reference-unknown", "which does not exist", hint=hint)
        elif reference.target in deleted:
            hint = "take the reference away first, or keep what it refers to"
            yield _obstacle(reference, "reference-deleted", "which would be deleted", hint=hint)
        elif reference.target in gone and reference.target in pending:
            hint = f"create it again with `--revert-drift {reference.tracking_id}`, or take the reference away"
            yield _obstacle(reference, "reference-gone", "which somebody has deleted in Datadog", hint=hint)
        elif reference.target in pending:
            hint = "plan without `--only`, or with the service of both"
            yield _obstacle(reference, "reference-filtered", "which this filtered plan does not create", hint=hint)


def _near(reference: Reference, known: Collection[str]) -> list[str]:
    others = [name for name in known if name != reference.source.tracking_id]
    return difflib.get_close_matches(reference.tracking_id, others, 1)


def _obstacle(reference: Reference, rule: str, problem: str, *, hint: str) -> Obstacle:
    source = reference.source
    return Obstacle(
        rule,
        f"`{source.tracking_id}` refers to `{reference.tracking_id}`, {problem}",
        hint,
        tracking_id=source.tracking_id,
        path=source.path,
        line=source.line,
    )


def circular(cycle: tuple[Key, ...], desired: Mapping[Key, Resource]) -> Iterator[Obstacle]:
    if cycle:
        source = desired[cycle[0]]
        names = [f"`{name}`" for _, name in cycle]
        shown = names if len(names) <= _LONGEST_CIRCLE else [*names[:_LONGEST_CIRCLE], f"{len(names)} in all"]
        yield Obstacle(
            "reference-cycle",
            f"these refer to each other in a circle: {' → '.join(shown)}",
            "take one of the references away",
            tracking_id=source.tracking_id,
            path=source.path,
            line=source.line,
        )


def leftover_resources(resource_type: ResourceType, strays: Collection[str]) -> Iterator[Obstacle]:
    """Tell what is live but no longer desired, where nobody asked to prune."""
    if not strays:
        return
    shown = ", ".join(f"`{name}`" for name in sorted(strays)[:FEW_DELETES])
    more = f" and {len(strays) - FEW_DELETES} more" if len(strays) > FEW_DELETES else ""
    noun = resource_type.name if len(strays) == 1 else f"{resource_type.name}s"
    yield Obstacle(
        "prunable",
        f"{len(strays)} live {noun} no longer in the YAML: {shown}{more}",
        "plan with `--prune` to delete",
        blocks=False,
    )


def past_resources(past: Collection[Resource]) -> Iterator[Obstacle]:
    """Tell what the YAML still has though its time is over."""
    for resource in past:
        yield Obstacle(
            "over",
            f"`{resource.tracking_id}` is over, and Datadog no longer has it",
            "remove it from the YAML",
            blocks=False,
            tracking_id=resource.tracking_id,
            path=resource.path,
            line=resource.line,
        )

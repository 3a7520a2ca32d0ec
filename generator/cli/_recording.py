"""What is applied now: kept after a sync, and after a plan that had nothing to do; pushed where that is asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from generator.cli._applied import REMOTE, Known, borne, payloads_of
from generator.cli._console import tell
from generator.cli._files import state_folder
from generator.report.visible import LONGEST_SENTENCE, short
from generator.resources.tracking import service_of
from generator.sync import applied_ref
from generator.sync.applied import (
    VERSION,
    About,
    Applied,
    Entries,
    Payloads,
    UnusableApplied,
    after_sync,
    keep,
    merged,
)
from generator.sync.git import GitFailed, commit_of
from generator.sync.outcome import Outcomes

if TYPE_CHECKING:
    from generator.cli._planning import Planned, Request
    from generator.plan.model import Plan
    from generator.plan.order import Key

_MOST_TRIES = 5
NOTHING_DONE = Outcomes(())


def remember_applied(made: Planned, request: Request, outcomes: Outcomes, run: str) -> bool:
    """Keep what is applied now; False where it could not be pushed."""
    plan, known = made.plan, made.known
    about = About(VERSION, plan.workspace, plan.target, run, *_revisions(plan, known, outcomes, request))
    after = _after(plan, payloads_of(made.found.whole.resources, plan.workspace), known, outcomes, set(borne(made)))
    return _remembered(Applied(about, after), known, request)


def remember_nothing_to_do(plan: Plan, desired: Payloads, known: Known, request: Request, run: str) -> bool:
    """The same for a plan of all services that had nothing to do: all that is desired is live, but for its drift."""
    about = About(VERSION, plan.workspace, plan.target, run, _commit(request))
    # What such a plan was not to delete may be live still.
    left = () if "--prune" in plan.options else known.payloads
    return _remembered(Applied(about, _after(plan, desired, known, NOTHING_DONE, left)), known, request)


def _revisions(plan: Plan, known: Known, outcomes: Outcomes, request: Request) -> tuple[str, str]:
    """A run that has not done all leaves the revision that was: what is live may be of any since."""
    earlier = known.applied.about if known.applied else About(VERSION, plan.workspace, plan.target)
    if plan.only:
        return earlier.revision, earlier.partly
    return (_commit(request), "") if outcomes.are_as_planned else (earlier.revision, _commit(request))


def _commit(request: Request) -> str:
    return commit_of(request.root, request.ref or "HEAD")


def _remembered(new: Applied, known: Known, request: Request) -> bool:
    state_folder(request.root)
    keep(request.state, new)
    return _pushed(new, known, request) if request.push_applied else True


def _after(plan: Plan, desired: Payloads, known: Known, outcomes: Outcomes, live: Collection[Key], /) -> Entries:
    inside = {key for key in desired if not plan.only or service_of(key[1]) in plan.only}
    drift = {(each.resource, each.tracking_id) for each in plan.drift}
    done = {(each.resource, each.tracking_id) for each in outcomes.outcomes if each.is_as_planned}
    missed = {(each.resource, each.tracking_id) for each in outcomes.outcomes if not each.is_as_planned}
    settled = (inside | done) - drift - missed
    renamed = {
        (each.resource, each.previous_id)
        for each in plan.changes
        if each.previous_id and (each.resource, each.tracking_id) in settled
    }
    others = {(each.resource, each.applied_as) for each in plan.drift} | set(live)
    return after_sync(known.payloads, desired, settled=settled | renamed, others=others)


def _pushed(new: Applied, known: Known, request: Request) -> bool:
    """Compare and swap; where another sync was faster, put both together and try again."""
    workspace, expected, problem = new.about.workspace, known.remote, ""
    base: Payloads = known.in_git.payloads if known.in_git else {}
    for _ in range(_MOST_TRIES):
        try:
            commit = applied_ref.write(request.root, new)
            applied_ref.push(request.root, REMOTE, workspace, commit=commit, expected=expected)
        except applied_ref.Pushed as error:
            problem = str(error)
            try:
                expected = applied_ref.fetch(request.root, REMOTE, workspace)
                theirs = applied_ref.read(request.root, workspace)
            except (GitFailed, UnusableApplied) as failed:
                problem = str(failed)
                break
            if theirs is not None:
                tell("another sync has told meanwhile what it applied: both are put together")
                together = merged(base, new.payloads, theirs.payloads)
                new, base = Applied(max(new.about, theirs.about, key=lambda each: each.run), together), theirs.payloads
                keep(request.state, new)
        except GitFailed as error:
            problem = str(error)
            break
        else:
            tell(f"`{applied_ref.ref_of(workspace)}` on {REMOTE} says what is applied now")
            return True
    tell(
        f"what was applied could not be pushed: {short(problem, LONGEST_SENTENCE)}\n"
        "  the changes are made; sync again to push, or the next merge may take some of them for drift"
    )
    return False

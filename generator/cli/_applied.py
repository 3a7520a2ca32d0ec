"""What was last applied: read before a plan, written after a sync, in git or below `.toban/`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.cli._console import tell
from generator.cli._exits import USAGE, Stop
from generator.cli._files import state_folder
from generator.cli._target import described
from generator.plan.desired import prepared
from generator.plan.options import PlanOptions
from generator.report.visible import LONGEST_SENTENCE, LONGEST_VALUE, short
from generator.sync import applied_ref
from generator.sync.applied import (
    VERSION,
    About,
    Applied,
    Payloads,
    UnusableApplied,
    after_sync,
    keep,
    kept,
    latest,
    merged,
)
from generator.sync.git import GitFailed, commit_of, git, is_repository
from generator.sync.written import is_as_written, last_written

if TYPE_CHECKING:
    from generator.cli._planning import Planned, Request
    from generator.datadog.target import Target
    from generator.plan.model import Drift, Plan
    from generator.plan.order import Key
    from generator.resources.types import Payload
    from generator.sync.outcome import Outcomes

    Live = Mapping[str, tuple[Payload, ...]]

REMOTE = "origin"
_MOST_REVISIONS = 10
_MOST_TRIES = 5


def _fetched(request: Request, target: Target, workspace: str) -> str:
    """Take over what the remote's ref says; the commit that it names there."""
    _refuse_local(request, target)
    try:
        return applied_ref.fetch(request.root, REMOTE, workspace)
    except GitFailed as error:
        raise Stop(
            f"nothing was changed: what was last applied cannot be fetched: {short(str(error), LONGEST_SENTENCE)}",
            hint=f"see whether `git fetch {REMOTE}` works here",
        ) from error


def _refuse_local(request: Request, target: Target) -> None:
    if target.is_local:
        hint = "leave --fetch-applied and --push-applied out"
        raise Stop("the embedded local Datadog is of this folder alone", hint=hint, code=USAGE)
    if not is_repository(request.root):
        hint = "call toban in a git repository; elsewhere .toban/applied/ keeps it"
        raise Stop("what was applied is pushed and fetched by git, and this is no repository", hint=hint, code=USAGE)


class Known(NamedTuple):
    """What was last applied, None where nobody knows; and what git says of it, with the commit that the remote has."""

    applied: Applied | None = None
    in_git: Applied | None = None
    remote: str = ""

    @property
    def payloads(self) -> Mapping[Key, dict[str, Any]]:
        return self.applied.payloads if self.applied else {}


NOTHING_KNOWN = Known()


def known(request: Request, target: Target, workspace: str) -> Known:
    """By the ref of this clone or by this folder, whichever is of the latest run.

    In CI the ref alone, where there is one: a pull request could bring a folder along.
    """
    if not workspace:
        return NOTHING_KNOWN
    fetches = request.push_applied or request.fetch_applied
    remote = _fetched(request, target, workspace) if fetches else ""
    place = described(target)
    try:
        in_git = None if target.is_local else applied_ref.read(request.root, workspace)
        if in_git is not None and in_git.about.target != place:
            _other_target(request, in_git.about, place, workspace)
            in_git = None
        in_folder = None if in_git and os.environ.get("CI") else kept(request.state, place, workspace)
        return Known(latest((in_git, in_folder)), in_git, remote)
    except UnusableApplied as error:
        hint = "see who wrote it; a plan knows no drift without it: delete it, then sync once"
        raise Stop(f"nothing was planned: {short(str(error), LONGEST_SENTENCE)}", hint=hint) from error


def _other_target(request: Request, about: About, place: str, workspace: str) -> None:
    ref, where = applied_ref.ref_of(workspace), short(about.target, LONGEST_VALUE)
    if request.push_applied:
        raise Stop(
            f"nothing was changed: `{ref}` says what was applied to {where}, and this is {place}",
            hint="give each Datadog a workspace of its own; or delete the ref: "
            f"git push {REMOTE} :{ref} && git update-ref -d {ref}",
        )
    tell(f"`{ref}` says what was applied to {where}, not to {place}: it is not looked at")


def explained(plan: Plan, live: Live, known: Applied, request: Request) -> dict[Key, Any]:
    """Of the drift, what we have written since: by the journals of this checkout, or by a later revision of git.

    The payload that is live instead of the one that was last applied; none where it was not to be there.
    """
    found = dict(_by_journal(plan, live, known, request))
    rest = [each for each in plan.drift if _key(each) not in found]
    return found | (dict(_by_git(rest, live, known, request)) if rest else {})


def _key(drift: Drift) -> Key:
    return drift.resource, drift.applied_as


def _live_of(drift: Drift, live: Live) -> Payload | None:
    return next((each for each in live.get(drift.resource, ()) if str(each["id"]) == drift.id), None)


def _by_journal(plan: Plan, live: Live, known: Applied, request: Request) -> Iterator[tuple[Key, Any]]:
    from generator.resources.types import resource_types

    target = known.about.target
    names = {(each.resource, name) for each in plan.drift for name in (each.applied_as, each.tracking_id)}
    written = last_written(request.state, target, names)
    for each in plan.drift:
        payload = _live_of(each, live)
        kind = resource_types()[each.resource]
        for name in (each.applied_as, each.tracking_id):
            for one in written.get((each.resource, name), ()):
                if payload is not None and one.run > known.about.run and is_as_written(kind, payload, one):
                    yield _key(each), one.payload


def _by_git(drift: list[Drift], live: Live, known: Applied, request: Request) -> Iterator[tuple[Key, Any]]:
    """What a push has lost: a sync of a revision after the last that is known to be applied."""
    from generator.cli._project import load_revision
    from generator.plan.state import is_rendered
    from generator.resources.types import resource_types

    kinds = resource_types()
    borne = ((kinds[kind].tracking_id(each), str(each["id"])) for kind, rows in live.items() for each in rows)
    ids = {name: number for name, number in borne if name is not None}
    for revision in _revisions_since(known.about.revision, request):
        try:
            _, rendering = load_revision(request.root, revision)
        except Stop:
            continue
        there = _payloads(rendering.resources, rendering.workspace)
        for each in drift:
            payload, rendered = _live_of(each, live), there.get(_key(each))
            if payload is None or rendered is None:
                is_gone_in_both = payload is None and rendered is None and not rendering.findings
                yield from ((_key(each), None),) if is_gone_in_both else ()
            elif is_rendered(kinds[each.resource], rendered, payload, ids):
                yield _key(each), rendered


def _revisions_since(revision: str, request: Request) -> list[str]:
    """The latest first; none where this clone does not have the history, and was not asked to fetch."""
    head = commit_of(request.root, request.ref or "HEAD")
    if not revision or not head:
        return []
    try:
        if not commit_of(request.root, revision):
            _deepen(request)
        listed = git(
            request.root, "rev-list", "--first-parent", f"--max-count={_MOST_REVISIONS}", f"{revision}..{head}", "--"
        )
    except GitFailed:
        return []
    return listed.decode().split()


def _deepen(request: Request) -> None:
    """A runner's clone is shallow, and a sync that nothing was to be done for has left no record."""
    is_shallow = git(request.root, "rev-parse", "--is-shallow-repository").strip() == b"true"
    if is_shallow and (request.fetch_applied or request.push_applied):
        tell("fetching the history, to see whether git explains what differs")
        git(request.root, "fetch", "--quiet", "--no-tags", "--unshallow", REMOTE)


def _payloads(resources: Any, workspace: str) -> dict[Key, dict[str, Any]]:
    ready = prepared(resources, PlanOptions(workspace=workspace))
    return {(kind, each.tracking_id): each.payload for kind, rows in ready.by_type.items() for each in rows}


def remember_applied(made: Planned, request: Request, outcomes: Outcomes, run: str) -> bool:
    """Keep what is applied now; False where it could not be pushed."""
    new = Applied(_about(made, request, outcomes, run), _after(made, outcomes))
    state_folder(request.root)
    keep(request.state, new)
    return _pushed(new, made.known, request) if request.push_applied else True


def _about(made: Planned, request: Request, outcomes: Outcomes, run: str) -> About:
    """A run that has not done all leaves the revision that was: what is live may be of any since."""
    plan = made.plan
    is_whole = outcomes.are_as_planned and not plan.only
    earlier = made.known.applied.about.revision if made.known.applied else ""
    revision = commit_of(request.root, request.ref or "HEAD") if is_whole else earlier
    return About(VERSION, plan.workspace, plan.target, run, revision)


def _after(made: Planned, outcomes: Outcomes) -> dict[Key, Any]:
    plan = made.plan
    desired = _payloads(made.found.whole.resources, plan.workspace)
    inside = {key for key in desired if not plan.only or key[1].split("/")[1] in plan.only}
    drift = {(each.resource, each.tracking_id) for each in plan.drift}
    done = {(each.resource, each.tracking_id) for each in outcomes.outcomes if each.is_as_planned}
    missed = {(each.resource, each.tracking_id) for each in outcomes.outcomes if not each.is_as_planned}
    settled = (inside | done) - drift - missed
    renamed = {
        (each.resource, each.previous_id)
        for each in plan.changes
        if each.previous_id and (each.resource, each.tracking_id) in settled
    }
    others = {(each.resource, each.applied_as) for each in plan.drift} | set(_borne(made))
    return after_sync(made.known.payloads, desired, settled=settled | renamed, others=others)


def of_yaml(made: Planned) -> dict[Key, dict[str, Any]]:
    """As if what is desired and live had been applied: what nobody has written yet is no drift."""
    desired = _payloads(made.found.whole.resources, made.plan.workspace)
    live = set(_borne(made))
    return {key: payload for key, payload in desired.items() if key in live}


def _borne(made: Planned) -> Iterator[Key]:
    from generator.resources.types import resource_types

    for kind, rows in made.live.items():
        tracking_id = resource_types()[kind].tracking_id
        for each in rows:
            if (name := tracking_id(each)) is not None:
                yield kind, name


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

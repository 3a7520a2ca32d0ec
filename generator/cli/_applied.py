"""What was last applied, read before a plan: in git, or below `.toban/`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.cli._console import tell
from generator.cli._exits import USAGE, Stop
from generator.cli._target import described
from generator.plan.desired import prepared
from generator.plan.options import PlanOptions
from generator.report.visible import LONGEST_SENTENCE, LONGEST_VALUE, short
from generator.sync import applied_ref
from generator.sync.applied import (
    About,
    Applied,
    UnusableApplied,
    kept,
    latest,
)
from generator.sync.git import GitFailed, is_repository

if TYPE_CHECKING:
    from generator.cli._planning import Planned, Request
    from generator.datadog.target import Target
    from generator.plan.order import Key

REMOTE = "origin"


def _fetched(request: Request, workspace: str, *, is_local: bool) -> str:
    """Take over what the remote's ref says; the commit that it names there."""
    _refuse_local(request, is_local=is_local)
    try:
        return applied_ref.fetch(request.root, REMOTE, workspace)
    except GitFailed as error:
        raise Stop(
            f"nothing was changed: what was last applied cannot be fetched: {short(str(error), LONGEST_SENTENCE)}",
            hint=f"see whether `git fetch {REMOTE}` works here",
        ) from error


def _refuse_local(request: Request, *, is_local: bool) -> None:
    if is_local:
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
    return known_at(request, described(target), workspace, is_local=target.is_local)


def known_at(request: Request, place: str, workspace: str, *, is_local: bool) -> Known:
    """By the ref of this clone or by this folder, whichever is of the latest run.

    In CI the ref alone, where there is one: a pull request could bring a folder along.
    """
    if not workspace:
        return NOTHING_KNOWN
    fetches = request.push_applied or request.fetch_applied
    remote = _fetched(request, workspace, is_local=is_local) if fetches else ""
    try:
        in_git = None if is_local else applied_ref.read(request.root, workspace)
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


def payloads_of(resources: Any, workspace: str) -> dict[Key, dict[str, Any]]:
    ready = prepared(resources, PlanOptions(workspace=workspace))
    return {(kind, each.tracking_id): each.payload for kind, rows in ready.by_type.items() for each in rows}


def of_yaml(made: Planned) -> dict[Key, dict[str, Any]]:
    """As if what is desired and live had been applied: what nobody has written yet is no drift."""
    desired = payloads_of(made.found.whole.resources, made.plan.workspace)
    live = set(borne(made))
    return {key: payload for key, payload in desired.items() if key in live}


def borne(made: Planned) -> Iterator[Key]:
    from generator.resources.types import resource_types

    for kind, rows in made.live.items():
        tracking_id = resource_types()[kind].tracking_id
        for each in rows:
            if (name := tracking_id(each)) is not None:
                yield kind, name

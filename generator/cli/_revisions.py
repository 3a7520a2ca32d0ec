"""The revision that is planned and the one that was applied last: which is older, and what lies between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from generator.cli._applied import REMOTE
from generator.cli._console import tell
from generator.plan.model import Obstacle
from generator.report.visible import LONGEST_SENTENCE, short
from generator.sync.git import GitFailed, commit_of, git

if TYPE_CHECKING:
    from generator.cli._planning import Request
    from generator.sync.applied import About

_MOST_REVISIONS = 10
_NAMED = 12
"""Characters of a commit's name, for people."""


def revisions_since(revision: str, request: Request) -> list[str]:
    """The latest first; none where this clone does not have the history, and was not asked to fetch."""
    head = commit_of(request.root, request.ref or "HEAD")
    if not revision or not head:
        return []
    try:
        if not commit_of(request.root, revision):
            _fetch_history(request, "to see whether git explains what differs")
        listed = git(
            request.root, "rev-list", "--first-parent", f"--max-count={_MOST_REVISIONS}", f"{revision}..{head}", "--"
        )
    except GitFailed:
        return []
    return listed.decode().split()


def older_than_applied(about: About, request: Request) -> Iterator[Obstacle]:
    """Tell of a checkout that what is applied has left behind, such as that of an old job that is run again.

    Who names the revision with `--ref` means it.
    """
    head = commit_of(request.root, "HEAD")
    if request.ref is None and head and is_behind(head, about, request):
        here, there = head[:_NAMED], _latest(about)[:_NAMED]
        yield Obstacle(
            "older-than-applied",
            f"`{here}` is checked out, and the later `{there}` was applied already: this would take back what came "
            "between them",
            f"take what main has now; to go back revert the commits, or say that you mean it: `--ref {here}`",
        )


def is_behind(head: str, about: About, request: Request) -> bool:
    """Whether the commit is an ancestor of what was applied; what cannot be found out is told, and taken for no."""
    latest = _latest(about)
    if latest in ("", head):
        return False
    try:
        sides = _sides(head, latest, request)
        if sides is None or (all(sides) and _is_shallow(request)):
            _fetch_history(request, "to see which is later, it or what was applied")
            sides = _sides(head, latest, request)
    except GitFailed as error:
        why = short(str(error), LONGEST_SENTENCE)
        tell(f"whether what was applied last is later cannot be told: the history could not be fetched: {why}")
        return False
    if sides is None:
        tell(f"git does not know `{latest[:_NAMED]}`, which was applied last: whether it is later cannot be told")
        return False
    return sides[0] == 0 and sides[1] > 0


def _latest(about: About) -> str:
    return about.partly or about.revision


def _sides(head: str, applied: str, request: Request) -> tuple[int, int] | None:
    """How many commits each has and the other has not; None where this clone lacks it. 0 is certain in any clone."""
    if not commit_of(request.root, applied):
        return None
    told = git(request.root, "rev-list", "--count", "--left-right", f"{head}...{applied}", "--").split()
    return int(told[0]), int(told[1])


def _is_shallow(request: Request) -> bool:
    return git(request.root, "rev-parse", "--is-shallow-repository").strip() == b"true"


def _fetch_history(request: Request, why: str) -> None:
    """Where something is fetched at all; a runner's clone is shallow, that of a person may be of last week."""
    if request.fetch_applied or request.push_applied:
        tell(f"fetching the history, {why}")
        whole = ("--unshallow",) if _is_shallow(request) else ()
        git(request.root, "fetch", "--quiet", "--no-tags", *whole, REMOTE)

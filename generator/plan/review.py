"""What may well be meant, but does harm where it is not: it needs a review that names the digest."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.message.handles import handles
from generator.message.paging import is_paging
from generator.plan.model import Action, Change, Obstacle
from generator.plan.options import PlanOptions
from generator.render.model import Resource
from generator.resources.canonical import canonical_or_escaped
from generator.resources.types import Payload, resource_types

FEW_UPDATES = 20
"""So many updates are never a mass."""

_FEW_NAMES = 5
_WORD = re.compile(rb"[\w-]+")
_TEAM = "team:"
REMOVING = frozenset((Action.DELETE, Action.REPLACE))

OF_CONTENT = frozenset(("pages-another-team", "silences-all"))
"""Rules whose reason stands in the YAML whatever is live."""


def mass_updates(changes: Iterable[Change], own: int, options: PlanOptions) -> Iterator[Obstacle]:
    updates = sum(change.action is Action.UPDATE for change in changes)
    if updates > FEW_UPDATES and updates > options.max_update_share * own:
        yield Obstacle(
            "mass-update",
            f"{updates} of our {own} live resources would be updated, more than {options.max_update_share:.0%}",
            "a default or a set may have changed for more than was meant: look at some of each service",
            blocks=False,
            needs_review=True,
        )


def pages_of_others(
    changes: Sequence[Change], desired: Iterable[Resource], pages: Mapping[str, frozenset[str]]
) -> Iterator[Obstacle]:
    """Find pages that a resource is new to tell and that are another team's.

    `pages` says whose they are; of those that it does not name, whoever told them until now.
    """
    new = [(change, page) for change in changes for page in _new_pages(change)]
    if not new:
        return
    tellers = _tellers(desired, {change.tracking_id for change, _ in new})
    for change, page in sorted(new, key=lambda each: (each[0].tracking_id, each[1])):
        team = _team(change.after or {})
        owners = pages.get(page.lower()) or tellers.get(page, frozenset())
        if owners and team not in owners:
            told = ", ".join(f"`{name}`" for name in sorted(owners)[:_FEW_NAMES])
            yield Obstacle.to_review(
                change,
                "pages-another-team",
                f"`{change.tracking_id}` of team `{team or '(none)'}` would page `{page}`, which is of {told}",
                hint="ask them first, or name your own in `urgent`",
            )


def _new_pages(change: Change) -> set[str]:
    return set() if change.after is None else _pages(change.after) - _pages(change.before or {})


def _pages(payload: Payload) -> set[str]:
    message = payload.get("message")
    if not isinstance(message, str) or "@" not in message:
        return set()
    return {each for each in handles(message) if is_paging(each)}


def _tellers(desired: Iterable[Resource], changed: set[str]) -> Mapping[str, set[str]]:
    """By page: the teams of the resources that tell it without being new to it."""
    owners: dict[str, set[str]] = defaultdict(set)
    for resource in desired:
        if resource.tracking_id not in changed and (team := _team(resource.payload)):
            for page in _pages(resource.payload):
                owners[page].add(team)
    return owners


def _team(payload: Payload) -> str:
    tags = payload.get("tags")
    found = (tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else iter(())
    return next((tag.removeprefix(_TEAM) for tag in found if tag.startswith(_TEAM)), "")


def removes(changes: Iterable[Change]) -> bool:
    """Whether a Datadog id would vanish."""
    return any(change.action in REMOVING for change in changes)


class User(NamedTuple):
    """A live resource that refers to another. Where it is somebody else's, its title is not for our files."""

    resource: str
    id: str

    def __str__(self) -> str:
        return f"{self.resource} `{self.id}`"


def users(ids: Collection[str], live: Mapping[str, Iterable[Payload]]) -> Mapping[str, tuple[User, ...]]:
    """By Datadog id: the live resources, of whomever, that refer to it."""
    found: dict[str, list[User]] = defaultdict(list)
    wanted = {each.encode() for each in ids}
    for kind, payloads in live.items() if wanted else ():
        resource_type = resource_types()[kind]
        for payload in payloads:
            if resource_type.may_refer(payload):
                words = set(_WORD.findall(canonical_or_escaped({**payload, "id": None})))
                for each in words & wanted:
                    found[each.decode()].append(User(kind, str(payload["id"])))
    return {each: tuple(sorted(used_by)) for each, used_by in found.items()}


def still_used(changes: Sequence[Change], found: Mapping[str, Sequence[User]]) -> Iterator[Obstacle]:
    """Tell of each id that would vanish who refers to it and does not change with it."""
    for change in changes:
        found_users = found.get(str(change.id), ()) if change.action in REMOVING else ()
        if not found_users:
            continue
        used_by = [str(each) for each in found_users]
        more = f" and {len(used_by) - _FEW_NAMES} more" if len(used_by) > _FEW_NAMES else ""
        verb = "replaced by one with a new id" if change.action is Action.REPLACE else "deleted"
        yield Obstacle.to_review(
            change,
            "still-used",
            f"`{change.tracking_id}` would be {verb}, but is used by {', '.join(used_by[:_FEW_NAMES])}{more}",
            hint="change those first; they would refer to nothing",
            about=tuple(f"{each.resource}/{each.id}" for each in found_users),
        )


def unread_users(ids: Collection[str], resource: str) -> Obstacle:
    """Tell that some of what might use what vanishes could not be looked at."""
    noun = resource if len(ids) == 1 else f"{resource}s"
    return Obstacle(
        "users-unread",
        f"{len(ids)} {noun} of others could not be read, and may use what would vanish",
        "give the application key a role that may read them, or look at them in the browser",
        blocks=False,
        needs_review=True,
        about=tuple(f"{resource}/{each}" for each in ids),
    )

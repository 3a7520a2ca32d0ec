"""What may well be meant, but does harm where it is not: it needs a review that names the digest."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from generator.message.handles import handles
from generator.message.paging import PAGING
from generator.plan.model import Action, Change, Obstacle
from generator.plan.options import PlanOptions
from generator.query.inspection import leaves
from generator.query.nodes import EVERYTHING
from generator.query.parser import GRAMMARS, parse_monitor
from generator.query.problem import SyntaxProblem
from generator.render.model import Resource
from generator.resources.canonical import canonical_or_escaped
from generator.resources.types import Payload, resource_types

FEW_UPDATES = 20
"""So many updates are never a mass."""

_FEW_NAMES = 5
_WORD = re.compile(rb"[\w-]+")
_TEAM = "team:"
_REMOVING = frozenset((Action.DELETE, Action.REPLACE))
_REWRITING = frozenset((Action.UPDATE, Action.ADOPT, Action.REPLACE))


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


def grown_scopes(changes: Iterable[Change]) -> Iterator[Obstacle]:
    """Find queries that looked at a part and would look at everything."""
    for change in changes:
        if change.action not in _REWRITING or change.before is None or change.after is None:
            continue
        before, after = change.before.get("query"), change.after.get("query")
        if before == after or not isinstance(before, str) or not isinstance(after, str):
            continue
        grown = sorted(_unscoped(change.after, after) - _unscoped(change.before, before))
        if grown and _scoped(change.before, before) & set(grown):
            yield _obstacle(
                change,
                "scope-grown",
                f"`{change.tracking_id}` asked for a part of `{grown[0]}` until now, and would ask for all of it",
                hint="if a scope was lost, put it back",
            )


def _metrics(payload: Payload, query: str, *, everything: bool) -> set[str]:
    monitor_type = str(payload.get("type"))
    parsed = parse_monitor(monitor_type, query) if monitor_type in GRAMMARS else None
    if parsed is None or isinstance(parsed, SyntaxProblem):
        return set()
    return {leaf.metric for leaf in leaves(parsed) if (leaf.scope == EVERYTHING) is everything}


def _unscoped(payload: Payload, query: str) -> set[str]:
    return _metrics(payload, query, everything=True)


def _scoped(payload: Payload, query: str) -> set[str]:
    return _metrics(payload, query, everything=False)


def pages_of_others(changes: Sequence[Change], desired: Iterable[Resource]) -> Iterator[Obstacle]:
    """Find pages that a resource is new to tell, which until now only resources of other teams have told."""
    new = [(change, page) for change in changes for page in _new_pages(change)]
    if not new:
        return
    owners = _owners(desired, {change.tracking_id for change, _ in new})
    for change, page in new:
        team = _team(change.after or {})
        others = owners.get(page, set()) - {team}
        if others and team not in owners[page]:
            told = ", ".join(f"`{name}`" for name in sorted(others)[:_FEW_NAMES])
            yield _obstacle(
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
    return {each for each in handles(message) if each.startswith(PAGING)}


def _owners(desired: Iterable[Resource], changed: set[str]) -> Mapping[str, set[str]]:
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
    return any(change.action in _REMOVING for change in changes)


def still_used(changes: Sequence[Change], live: Mapping[str, Sequence[Payload]]) -> Iterator[Obstacle]:
    """Find live resources, of whomever, that refer to an id that would vanish and are not changed with it."""
    removed = {str(change.id).encode(): change for change in changes if change.action in _REMOVING and change.id}
    if not removed:
        return
    changed = {(change.resource, change.id) for change in changes}
    users: dict[str, list[str]] = defaultdict(list)
    for kind, payloads in live.items():
        resource_type = resource_types()[kind]
        for payload in payloads:
            if not resource_type.may_refer(payload) or (kind, str(payload["id"])) in changed:
                continue
            words = set(_WORD.findall(canonical_or_escaped({**payload, "id": None})))
            for each in words & removed.keys():
                users[each.decode()].append(f"{kind} `{payload['id']}` “{resource_type.title(payload)}”")
    for number, used_by in users.items():
        change = removed[number.encode()]
        more = f" and {len(used_by) - _FEW_NAMES} more" if len(used_by) > _FEW_NAMES else ""
        verb = "replaced by one with a new id" if change.action is Action.REPLACE else "deleted"
        yield _obstacle(
            change,
            "still-used",
            f"`{change.tracking_id}` would be {verb}, but is used by {', '.join(used_by[:_FEW_NAMES])}{more}",
            hint="change those first; they would refer to nothing",
        )


def _obstacle(change: Change, rule: str, message: str, *, hint: str) -> Obstacle:
    return Obstacle(
        rule,
        message,
        hint,
        blocks=False,
        tracking_id=change.tracking_id,
        id=change.id,
        path=change.path,
        line=change.line,
        needs_review=True,
    )

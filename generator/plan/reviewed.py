"""A plan made anew, held against one that was reviewed: what was shown may go, the rest is held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from generator.plan.digest import referred
from generator.plan.edits import differing_fields
from generator.plan.model import Action, Change, Obstacle, Plan
from generator.plan.order import key_of
from generator.resources.canonical import canonical_or_escaped
from generator.resources.types import Payload, resource_types

_CREATING = frozenset((Action.CREATE, Action.REPLACE))
_Place = tuple[str, str, str | None]


def unshown(now: Plan, reviewed: Plan, live: Mapping[str, Sequence[Payload]]) -> dict[int, str]:
    """By the number of each change of `now` that the reviewed plan has not shown just so: what differs."""
    shown = {_place(change): change for change in reviewed.changes}
    made = {change.tracking_id for change in reviewed.changes if change.action in _CREATING}
    found: dict[int, str] = {}
    for number, change in enumerate(now.changes):
        theirs = shown.get(_place(change))
        if theirs is None and _is_rest_of(change, shown.get((*key_of(change), None)), live):
            continue
        difference = _difference(change, theirs) or _other_ids(
            referred(change, now.references), referred(change, reviewed.references), made
        )
        if difference:
            found[number] = difference
    return found


def no_longer(now: Plan, reviewed: Plan) -> Iterator[Change]:
    """The changes that the reviewed plan has and `now` has not: done already, or not to be done any more."""
    places = {_place(change) for change in now.changes}
    rests = {(*key_of(change), None) for change in now.changes if change.action is Action.DELETE}
    yield from (
        change
        for change in reviewed.changes
        if _place(change) not in places and not (change.action is Action.REPLACE and _place(change) in rests)
    )


def unmet(now: Plan, reviewed: Plan) -> Iterator[Obstacle]:
    """What needs a review and was not told by the reviewed plan.

    Fewer may be left of those that it was told of, and of what is about the plan as a whole.
    """
    told: dict[tuple[str, ...], set[str]] = {}
    for obstacle in reviewed.obstacles:
        if obstacle.needs_review:
            told.setdefault(_sign(obstacle), set()).update(obstacle.about)
    for each in now.obstacles:
        if each.needs_review and not (_sign(each) in told and told[_sign(each)].issuperset(each.about)):
            yield each


def _sign(obstacle: Obstacle) -> tuple[str, ...]:
    if not obstacle.tracking_id:
        return (obstacle.rule,)
    return (obstacle.rule, obstacle.tracking_id, "" if obstacle.about else obstacle.message)


def _place(change: Change) -> _Place:
    return (*key_of(change), change.id if change.action is Action.DELETE else None)


def _is_rest_of(change: Change, replaced: Change | None, live: Mapping[str, Sequence[Payload]]) -> bool:
    """Whether it deletes what a replacement that was reviewed would have deleted, had it not been cut off."""
    if change.action is not Action.DELETE or replaced is None or replaced.action is not Action.REPLACE:
        return False
    kind = resource_types()[change.resource]
    if change.id != replaced.id or replaced.before is None:
        return False
    old = next((each for each in live.get(change.resource, ()) if str(each["id"]) == change.id), None)
    if old is None:
        return False
    return _equal(kind.comparable(old, replaced.after), replaced.before)


def _difference(change: Change, shown: Change | None) -> str:
    if shown is None:
        return "the reviewed plan does not have this"
    if shown.action is not change.action:
        return f"the reviewed plan would {shown.action.value} it"
    if shown.id != change.id:
        return f"it is `{change.id}`, and the reviewed plan would {change.action.value} `{shown.id}`"
    if not _equal(shown.before, change.before):
        where = differing_fields(shown.before or {}, change.before or {})
        return f"`{change.id}` has changed since the plan was made{where}"
    if shown.previous_id != change.previous_id or not _equal(shown.after, change.after):
        return "the reviewed plan would make something else of it"
    return ""


def _other_ids(now: Mapping[str, str], shown: Mapping[str, str], made: Iterable[str]) -> str:
    """What the reviewed plan itself creates has an id by now."""
    for name in sorted(now.keys() | shown.keys()):
        if now.get(name) != shown.get(name) and not (name not in shown and name in made):
            return f"it would refer to `{name}` as `{now.get(name)}`, and as `{shown.get(name)}` in the reviewed plan"
    return ""


def _equal(first: object, second: object) -> bool:
    return first == second or canonical_or_escaped(first) == canonical_or_escaped(second)

"""What looked at a part and would look at everything, and what would silence it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from generator.plan.breadth import breadths, watched
from generator.plan.model import Action, Change, Obstacle
from generator.plan.options import PlanOptions
from generator.plan.search_breadth import searches_all
from generator.resources.silence import Silence
from generator.resources.types import Payload, resource_types

_REWRITING = frozenset((Action.UPDATE, Action.ADOPT, Action.REPLACE))
_PARTS_ONLY = frozenset((False,))
_FORESIGHT = timedelta(weeks=4)
_MOST_OF_IT = 0.5
_MUCH_LONGER = 2
_MONITORS, _SCOPE = "monitors", "scope"
_EVERYTHING = "every monitor, whatever it is about"
_WITHIN = {frozenset((_SCOPE,)): "every monitor in its scope", frozenset((_MONITORS,)): "its monitors in every scope"}
"""What is silenced where only so much is named."""


def grown_scopes(changes: Iterable[Change], options: PlanOptions) -> Iterator[Obstacle]:
    """Find what loses its last restriction; what is new has lost none, but a new silence of everything is told."""
    for change in changes:
        if change.after is None:
            continue
        read = resource_types()[change.resource].silence
        if read is not None:
            yield from _silences(change, read(change.before) if change.before else None, read(change.after), options)
        elif change.action in _REWRITING and change.before is not None:
            yield from _queries(change, change.before, change.after)


def _queries(change: Change, live: Payload, desired: Payload) -> Iterator[Obstacle]:
    if watched(live) == watched(desired):
        return
    before, after = breadths(live), breadths(desired)
    others = _PARTS_ONLY if before and all(found == _PARTS_ONLY for found in before.values()) else None
    grown = sorted(name for name, found in after.items() if True in found and before.get(name, others) == _PARTS_ONLY)
    if grown:
        until_now = f"a part of `{grown[0]}`" if grown[0] in before else "parts of other sources only"
        yield _grown(change, f"asked for {until_now} until now, and would ask for all of `{grown[0]}`")


def _silences(change: Change, before: Silence | None, after: Silence, options: PlanOptions) -> Iterator[Obstacle]:
    wanted = _restrictions(after)
    if before is None:
        if not wanted:
            yield Obstacle.to_review(
                change,
                "silences-all",
                f"`{change.tracking_id}` is new, and would silence {_EVERYTHING}",
                hint="if only some shall be silent, name them, their tags or a scope",
            )
        return
    had = _restrictions(before)
    if wanted < had:
        yield _grown(change, f"silenced a part until now, and would silence {_WITHIN.get(wanted, _EVERYTHING)}")
    elif before.schedule != after.schedule and options.now is not None:
        share, longer = _share(before, options.now), _share(after, options.now)
        if longer > _MOST_OF_IT and longer >= share * _MUCH_LONGER:
            weeks = f"of the next {_FORESIGHT.days // 7} weeks"
            how = f"silenced {share:.0%} {weeks} until now, and would silence {longer:.0%}"
            yield _grown(change, how, hint="if it shall end, give it an end")


def _restrictions(silence: Silence) -> frozenset[str]:
    """What limits it to a part."""
    names_monitors = silence.monitor is not None or not all(map(searches_all, silence.tags))
    limits = ((_MONITORS, names_monitors), (_SCOPE, not searches_all(silence.scope)))
    return frozenset(name for name, is_limited in limits if is_limited)


def _share(silence: Silence, now: datetime) -> float:
    """How much of the time to come it holds."""
    until, reached, held = now + _FORESIGHT, now, timedelta()
    for begin, end in sorted(silence.windows(since=now, until=until)):
        held += max(min(end, until) - max(begin, reached), timedelta())
        reached = max(reached, end)
    return held / _FORESIGHT


def _grown(change: Change, how: str, hint: str = "if a scope was lost, put it back") -> Obstacle:
    return Obstacle.to_review(change, "scope-grown", f"`{change.tracking_id}` {how}", hint=hint)

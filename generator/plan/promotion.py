"""What a change would bring to an environment that the one before it has not had yet.

The organisation's file names the environments in the order in which changes go through them. What comes to a later one
is held against what the earlier one was at the base, that is, against what has been there since an earlier merge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from generator.plan.comparison import Difference, Fate
from generator.plan.environments import difference_between
from generator.plan.likeness import Likeness
from generator.plan.model import Obstacle, Path
from generator.render.environment_values import EnvironmentValues
from generator.render.model import Resource
from generator.resources.tracking import TAG_KEY, environment_of

RULE = "not-promoted"
_MOST_NAMED = 3
_ARRIVES = frozenset((Fate.CREATED, Fate.CHANGED, Fate.REPLACED))
Place = tuple[str, str]
"""Resource type, and tracking id."""


def not_promoted(
    differences: Iterable[Difference],
    before: Iterable[Resource],
    after: Iterable[Resource],
    order: Sequence[EnvironmentValues],
) -> Iterator[Obstacle]:
    """One obstacle for each resource of a later environment; whom it tells is its own affair."""
    earlier = {second.name: (first, second) for first, second in pairwise(order)}
    arriving = [each for each in differences if each.fate in _ARRIVES and environment_of(each.tracking_id) in earlier]
    if not arriving:
        return
    was, now = _by_place(before), _by_place(after)
    for difference in arriving:
        first, second = earlier[environment_of(difference.tracking_id)]
        found = _counterpart(difference, first.name, was)
        new = now.get((difference.resource, difference.tracking_id))
        if found is None:
            yield _obstacle(difference, f"would come to {second.name}, and {first.name} has not had it yet")
        elif new is not None and (paths := _ahead(difference, found, new, Likeness(first, second))):
            named = ", ".join(f"`{'.'.join(map(str, path))}`" for path in paths[:_MOST_NAMED])
            more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
            yield _obstacle(difference, f"would change in {named}{more} to what {first.name} has not had yet")


def _by_place(resources: Iterable[Resource]) -> Mapping[Place, Resource]:
    return {(each.resource, each.tracking_id): each for each in resources}


def _counterpart(difference: Difference, environment: str, was: Mapping[Place, Resource]) -> Resource | None:
    """In the earlier environment, under the name of now or the one before a rename."""
    names = (each for each in (difference.tracking_id, difference.previous_id) if each is not None)
    found = (was.get((difference.resource, f"{name.rpartition('/')[0]}/{environment}")) for name in names)
    return next((each for each in found if each is not None), None)


def _ahead(difference: Difference, found: Resource, new: Resource, likeness: Likeness) -> list[Path]:
    """The fields that change here and are not as they were there, but for the title.

    What is made anew has been tried there as a whole.
    """
    if difference.fate is Fate.CREATED:
        return []
    apart = difference_between(_under_its_new_name(found, new), new, likeness)
    differing = [each.path for each in apart.fields] if apart else []
    changing = (each.path for each in difference.fields if each.after != difference.title)
    return [path for path in changing if any(_touch(path, other) for other in differing)]


def _under_its_new_name(found: Resource, new: Resource) -> Resource:
    """With the tag that a rename gives it; other texts may hold the name as well, and are compared as they are."""
    name = f"{new.tracking_id.rpartition('/')[0]}/{environment_of(found.tracking_id)}"
    tags = found.payload.get("tags")
    if name == found.tracking_id or not isinstance(tags, list):
        return found
    old, renamed = f"{TAG_KEY}:{found.tracking_id}", f"{TAG_KEY}:{name}"
    payload = {**found.payload, "tags": [renamed if each == old else each for each in tags]}
    return msgspec.structs.replace(found, payload=payload)


def _touch(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _obstacle(difference: Difference, what: str) -> Obstacle:
    return Obstacle(
        RULE,
        f"`{difference.tracking_id}` {what}",
        "merge the change for the earlier environment first, with `environments:` on the monitor; "
        "`promotion` in monitors/organization.yaml asks for that",
        tracking_id=difference.tracking_id,
        path=difference.path,
        line=difference.line,
    )

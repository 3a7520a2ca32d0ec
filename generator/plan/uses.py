"""Who else uses what goes: composites, SLOs, dashboards and downtimes that name it, and downtimes of its tags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from generator.plan.comparison import Use
from generator.plan.order import Key
from generator.render.model import Resource
from generator.resources.references import references
from generator.resources.types import Payload, resource_types

Names = Mapping[Key, frozenset[str]]


class Users(NamedTuple):
    """By tracking id who named it `before`, by user whom it names `after`; and the downtimes by tags, with the tags."""

    before: Mapping[str, Sequence[Key]]
    after: Names
    kept: Collection[Key]
    silences: Sequence[tuple[Key, frozenset[str]]]
    still_silent: frozenset[Key]

    def of(self, key: Key, payload: Payload, heirs: Mapping[Key, Key]) -> tuple[Use, ...]:
        """Those of one resource; `heirs` are the keys that users of it bear afterwards, where they were renamed."""
        name = key[1]
        found = [self._use(user, heirs.get(user, user), name) for user in self.before.get(name, ()) if user != key]
        tags = payload.get("tags")
        if resource_types()[key[0]].alerts and isinstance(tags, list):
            own = frozenset(tag for tag in tags if isinstance(tag, str))
            found += [self._silence(user, heirs.get(user, user)) for user, wanted in self.silences if wanted <= own]
        return tuple(found)

    def _use(self, user: Key, heir: Key, name: str) -> Use:
        goes = heir not in self.kept
        return Use(user[0], heir[1], remains=name in self.after.get(heir, ()), goes=goes)

    def _silence(self, user: Key, heir: Key) -> Use:
        return Use(user[0], heir[1], remains=heir in self.still_silent, goes=heir not in self.kept, silences=True)


def users(before: Iterable[Resource], after: Sequence[Resource]) -> Users:
    silences = tuple(_silences(before_all := tuple(before)))
    return Users(
        before=_users(_names(before_all)),
        after=_names(after),
        kept={_key(each) for each in after},
        silences=silences,
        still_silent=frozenset(key for key, _ in _silences(after)),
    )


def _key(resource: Resource) -> Key:
    return resource.resource, resource.tracking_id


def _names(resources: Iterable[Resource]) -> Names:
    types = resource_types()
    referring = (each for each in resources if types[each.resource].may_refer(each.payload))
    return {_key(each): frozenset(names) for each in referring if (names := references(each.payload))}


def _users(names: Names) -> Mapping[str, Sequence[Key]]:
    found: dict[str, list[Key]] = defaultdict(list)
    for user, named in names.items():
        for each in named:
            found[each].append(user)
    return found


def _silences(resources: Iterable[Resource]) -> Iterable[tuple[Key, frozenset[str]]]:
    for each in resources:
        silence = resource_types()[each.resource].silence
        read = silence(each.payload) if silence is not None else None
        if read is not None and read.monitor is None:
            yield _key(each), read.tags

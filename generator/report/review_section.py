"""What becomes of one entry of the YAML: in one environment, or alike in several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from generator.plan.comparison import Difference, Fate
from generator.resources.tracking import environment_of, is_tracking_id, service_of


class Section(NamedTuple):
    """Differences that are told together, as the first of them is, never none; and where they stand among all."""

    differences: tuple[Difference, ...]
    positions: tuple[int, ...] = ()

    @property
    def first(self) -> Difference:
        return self.differences[0]

    @property
    def fate(self) -> Fate:
        return self.first.fate

    @property
    def entry(self) -> str:
        """Its tracking id, without the environment where it is told of several."""
        name = self.first.tracking_id
        return name if len(self.differences) == 1 else name.rpartition("/")[0]

    @property
    def environments(self) -> tuple[str, ...]:
        return tuple(environment_of(each.tracking_id) for each in self.differences)

    @property
    def service(self) -> str:
        name = self.first.tracking_id
        return service_of(name) if is_tracking_id(name) else "(no service)"


def left_out(differences: Sequence[Difference], chosen: Iterable[Section]) -> list[Difference]:
    """The differences that none of the sections tells of."""
    told = {position for section in chosen for position in section.positions}
    return [each for position, each in enumerate(differences) if position not in told]


def by_service(sections: Sequence[Section]) -> dict[str, list[Section]]:
    """In the order in which they come."""
    groups: dict[str, list[Section]] = {}
    for section in sections:
        groups.setdefault(section.service, []).append(section)
    return groups

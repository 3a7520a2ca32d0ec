"""Which monitor a test means: a name of the service beside it, in one environment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from msgspec import UNSET, UnsetType

from generator.render.model import ANY_SERVICE, Rendering, Resource
from generator.source.documents import Place
from generator.source.wording import listed, nearest, shown
from generator.testing.remarks import Remarks

DEFAULT_ENVIRONMENT: Final = "production"
_MONITOR = "monitor"
_MOST = 10


@dataclass(frozen=True, slots=True)
class Beside:
    """The monitors of the file that the tests are for: by name, then by environment."""

    path: str
    service: str
    monitors: Mapping[str, Mapping[str, Resource]]
    broken: frozenset[str]
    is_broken: bool

    def is_known_as_broken(self, name: str) -> bool:
        """Whether it has a finding of its own that keeps it from being rendered."""
        parts = name.split(".")
        return self.is_broken or any(".".join(parts[:length]) in self.broken for length in range(1, len(parts) + 1))


def beside(path: str, rendering: Rendering, resources: Iterable[Resource]) -> Beside:
    """What is in the service file; `resources` are those of that file."""
    service = rendering.services.get(path, "")
    found: dict[str, dict[str, Resource]] = {}
    for each in resources:
        if each.resource == _MONITOR:
            _, _, name, environment = each.tracking_id.split("/")
            found.setdefault(name, {})[environment] = each
    prefix = f"{rendering.workspace}/{service}/"
    broken = (each.removeprefix(prefix) for each in rendering.broken if each.startswith(prefix))
    return Beside(
        path,
        service,
        found,
        frozenset(each.partition("/")[0] for each in broken),
        not service or bool({ANY_SERVICE, service} & set(rendering.broken_services)),
    )


def resolved(
    name: str, environment: str | UnsetType, known: Beside, *, remarks: Remarks, place: Place
) -> Resource | None:
    """The monitor, or None after a remark; what is broken has its own finding."""
    found = known.monitors.get(name)
    if found is None:
        if not known.is_known_as_broken(name):
            _unknown(name, known, remarks, (*place, "monitor"))
        return None
    if environment is not UNSET:
        if environment not in found and not known.is_known_as_broken(name):
            message = f"there is no {shown(name)} in {shown(environment)}"
            remarks.add((*place, "environment"), message, f"it is in {_words(found)}", rule="unknown-environment")
        return found.get(environment)
    if DEFAULT_ENVIRONMENT in found or len(found) == 1:
        return found.get(DEFAULT_ENVIRONMENT, next(iter(found.values())))
    message = f"{shown(name)} is in {_words(found)}, and the test does not say which is meant"
    remarks.add_at_key(place, message, f"add `environment: {next(iter(found))}` to the test, or to the file")
    return None


def _unknown(name: str, known: Beside, remarks: Remarks, place: Place) -> None:
    elements = [each for each in known.monitors if each.startswith(f"{name}.")]
    meant = nearest(name, known.monitors)
    if elements:
        hint = f"it is several: name one of {_words(elements)}"
    elif meant:
        hint = f"did you mean `{meant}`?"
    else:
        hint = f"there are {_words(known.monitors)}" if known.monitors else "the file has no monitors"
    message = f"`{known.path}` has no monitor {shown(name)}"
    remarks.add(place, message, hint, rule="unknown-monitor")


def _words(names: Iterable[str]) -> str:
    every = sorted(names)
    return listed([f"`{each}`" for each in every[:_MOST]], "and") + (" …" if len(every) > _MOST else "")

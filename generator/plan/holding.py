"""Live resources that are left alone, because what the YAML says of them has errors."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from generator.plan.model import Obstacle
from generator.plan.options import PlanOptions
from generator.render.model import ANY_SERVICE
from generator.resources.tracking import is_tracking_id, service_of

_FEW_NAMES = 5


def is_held(tracking_id: str, options: PlanOptions) -> bool:
    """Say whether the YAML of it has errors; those of NAME are those of NAME.ELEMENT too."""
    if not (options.held or options.held_services) or not is_tracking_id(tracking_id):
        return False
    if options.held_services & {service_of(tracking_id), ANY_SERVICE} or tracking_id in options.held:
        return True
    return any(whole in options.held for whole in _wholes(tracking_id))


def _wholes(tracking_id: str) -> Iterator[str]:
    place, name, environment = tracking_id.rsplit("/", 2)
    while "." in name:
        name = name.rpartition(".")[0]
        yield f"{place}/{name}/{environment}"


def held(names: Collection[str]) -> Iterator[Obstacle]:
    """Tell what is left alone."""
    if not names:
        return
    shown = ", ".join(f"`{name}`" for name in sorted(names)[:_FEW_NAMES])
    more = f" and {len(names) - _FEW_NAMES} more" if len(names) > _FEW_NAMES else ""
    one = len(names) == 1
    yield Obstacle(
        "held",
        f"{len(names)} live {'resource is' if one else 'resources are'} left alone, "
        f"because {'its' if one else 'their'} YAML has errors: {shown}{more}",
        "mend the errors, then plan again",
        blocks=False,
    )

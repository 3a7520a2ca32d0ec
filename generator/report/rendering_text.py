"""What was rendered, a line for each resource."""

from __future__ import annotations

from generator.render.model import Rendering
from generator.report.visible import visible
from generator.resources.types import resource_types


def rendering_text(rendering: Rendering) -> str:
    """Tracking id, title and place of every resource; the longest id sets the column."""
    rows = [
        (each.tracking_id, visible(resource_types()[each.resource].title(each.payload)), f"{each.path}:{each.line}")
        for each in rendering.resources
    ]
    widest = max((len(row[0]) for row in rows), default=0)
    lines = [f"{tracking_id:<{widest}}  {title}  ({place})" for tracking_id, title, place in rows]
    return "\n".join([*lines, f"{len(rows)} resource{'' if len(rows) == 1 else 's'}"]) + "\n"

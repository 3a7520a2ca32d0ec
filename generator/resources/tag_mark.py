"""Our mark as tags, on resources that take tags."""

from __future__ import annotations

from generator.resources.tracking import OWNER_TAG, TAG_KEY, is_tracking_id

_PREFIX = f"{TAG_KEY}:"


def tagged(tags: object, tracking_id: str) -> list[str]:
    own = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return [*(tag for tag in own if tag != OWNER_TAG and not tag.startswith(_PREFIX)), OWNER_TAG, _PREFIX + tracking_id]


def tagged_id(tags: object) -> str | None:
    """None also where two of our tags contradict each other: nobody can tell whose it is."""
    if not isinstance(tags, list):
        return None
    found = {tag[len(_PREFIX) :] for tag in tags if isinstance(tag, str) and tag.startswith(_PREFIX)}
    if len(found) != 1:
        return None
    (candidate,) = found
    return candidate if is_tracking_id(candidate) else None

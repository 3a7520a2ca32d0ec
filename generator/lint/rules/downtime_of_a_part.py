"""A downtime names one monitor of several that watch one thing, and the others tell of it all the same.

Some kinds make more than one monitor of an entry: a schedule takes one for each gap between its days, `warn_before` and
`max_duration` take one more. Each has a name of its own, `NAME.ELEMENT`, and `monitor: "%{NAME}"` is the first of them
alone. Write a downtime for each, or name them together by tags in `monitor_tags`.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import Repository
from generator.lint.rule import Complaint
from generator.render.model import Resource
from generator.resources.types import resource_types

SEVERITY = Severity.WARNING
REACH = "repository"

_MOST_NAMED = 5


def findings(repository: Repository) -> Iterator[tuple[Resource, Complaint]]:
    named = {
        silence.monitor[2:-1]: resource
        for resource in repository.resources
        if (read := resource_types()[resource.resource].silence) is not None
        and (silence := read(resource.payload)).monitor is not None
        and silence.monitor.startswith("%{")
    }
    parts: dict[str, list[str]] = {}
    for each in repository.resources if named else ():
        whole = _whole(each.tracking_id)
        if whole in named and each.tracking_id not in named:
            parts.setdefault(whole, []).append(each.tracking_id)
    for whole, others in parts.items():
        told = ", ".join(f"`{each}`" for each in sorted(others)[:_MOST_NAMED])
        message = f"this names `{whole}` alone, and not {told}, of the same entry"
        hint = "write a downtime for each, or name them together by `monitor_tags`"
        yield named[whole], Complaint(message, ("monitor",), hint=hint)


def _whole(tracking_id: str) -> str:
    """The id of an entry's first monitor; none where this is it."""
    before, _, environment = tracking_id.rpartition("/")
    service, _, name = before.rpartition("/")
    entry, dot, _ = name.rpartition(".")
    return f"{service}/{entry}/{environment}" if dot else ""

"""What rendering gives."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from generator.explain.monitor import Deadline, Hours
from generator.finding import Finding


class Resource(msgspec.Struct, frozen=True):
    """A desired resource: its payload as it would be sent, and the YAML it comes from.

    References to other resources stand in the payload as `%{TRACKING_ID}`. `previous_ids` are the tracking ids that
    `was` names; `adopt` is the Datadog id that the YAML takes over; `notes` say in words what a person should know.
    `happens` are the hours of what a monitor tells of once, where they are known; `heartbeats`, `batch`, `deadline`
    and `told_in` are its kind's.
    """

    tracking_id: str
    resource: str
    payload: dict[str, Any]
    path: str
    line: int
    previous_ids: tuple[str, ...] = ()
    adopt: str | None = None
    notes: tuple[str, ...] = ()
    happens: Hours | None = None
    heartbeats: tuple[tuple[str, ...], ...] | None = None
    batch: tuple[str, ...] = ()
    deadline: Deadline | None = None
    told_in: Hours | None = None


class FileRendering(msgspec.Struct, frozen=True):
    """What one file gives, apart from the others.

    `broken` are the ids of what it would give but for a problem; `broken_services` as in `Rendering`; `timezone` is
    that of its local times.
    """

    resources: tuple[Resource, ...]
    findings: tuple[Finding, ...]
    broken: tuple[str, ...] = ()
    service: str = ""
    broken_services: tuple[str, ...] = ()
    timezone: str = ""


class Rendering(msgspec.Struct, frozen=True):
    """All resources that could be rendered, and what is wrong with the rest; `services` by the path of their files.

    `broken` are the tracking ids of entries with a problem; what a kind makes several of adds `.ELEMENT` to the name.
    Of `broken_services` more may be missing than that: a part of their files was not read. `*` is any service.
    `timezones` are by the path of files; `arrival_seconds` say how late metrics come, by the first part of their name.
    `pages` are the handles that wake people, in lower case, by the teams that the organisation's file gives them to.
    """

    workspace: str
    resources: tuple[Resource, ...]
    findings: tuple[Finding, ...]
    services: dict[str, str] = {}
    broken: tuple[str, ...] = ()
    broken_services: tuple[str, ...] = ()
    timezones: dict[str, str] = {}
    arrival_seconds: dict[str, float] = {}
    pages: dict[str, tuple[str, ...]] = {}


ANY_SERVICE: Final = "*"

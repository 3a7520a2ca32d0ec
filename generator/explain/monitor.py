"""What passes between a kind and the renderer."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import msgspec


class Hours(msgspec.Struct, frozen=True):
    """From one local time to another, over midnight where that is not later; `zone` is a name."""

    start: time
    end: time
    zone: str


class Deadline(msgspec.Struct, frozen=True):
    """A local time, the first after a run's `start`, which may be on the clocks of another zone; zones are names."""

    at: time
    zone: str
    start: time
    start_zone: str


class Monitor(msgspec.Struct, frozen=True):
    """What a kind returns; the renderer adds the name, tags, handles and tracking.

    `element` is the suffix of NAME for a kind's second and further monitors. `message` stands before the text that
    people write. Handles stand only inside the conditionals of `notify_when` (`is_alert`), outside of any where it is
    empty; urgent ones inside those of `urgent_when`, of which a recovery closes what an alert has opened. `extra` holds
    further fields of Datadog's own; `notes` are sentences for people. `happens` are the hours of what it tells of,
    where it tells of each thing once and these are known. Of each of the `heartbeats` one metric query has points as
    long as what is watched lives, though nothing be wrong; where they are None, the query's own metrics are meant.
    `batch` are tags of which each names the batch that it watches, whatever its query asks for; `deadline` is the one
    that it waits for; `told_in` are the hours in which all that happens is meant to be told.
    """

    type: str
    query: str
    options: dict[str, Any] = {}
    element: str = ""
    message: str = ""
    notify_when: tuple[str, ...] = ()
    urgent_when: tuple[str, ...] = ("is_alert", "is_recovery")
    extra: dict[str, Any] = {}
    notes: tuple[str, ...] = ()
    happens: Hours | None = None
    heartbeats: tuple[tuple[str, ...], ...] | None = None
    batch: tuple[str, ...] = ()
    deadline: Deadline | None = None
    told_in: Hours | None = None


class Context(msgspec.Struct, frozen=True):
    """What a kind may know of its surroundings.

    `metrics_arrive_within` is by metric prefix (`aws`); `business_days` count from 0, Monday. Shifts are computed for
    the `reference_years`, a constant: a payload holds no time.
    """

    service: str
    name: str
    environment: str
    scope: str
    timezone: str
    aws_account: str | None
    aws_region: str | None
    metrics_arrive_within: dict[str, timedelta]
    business_days: tuple[int, ...]
    business_hours: tuple[time, time]
    reference_years: tuple[int, ...]


class KindProblem(msgspec.Struct, frozen=True):
    """What types cannot say is wrong with the parameters; `start` and `end` are offsets inside the field's text."""

    field: tuple[str | int, ...]
    rule: str
    message: str
    hint: str = ""
    start: int = -1
    end: int = -1

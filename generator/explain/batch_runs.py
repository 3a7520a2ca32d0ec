"""When a batch runs, as people write it and as instants."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from generator.explain.monitor import KindProblem
from generator.explain.office import zone_of
from generator.schedule.delivery import Office, Runs
from generator.schedule.fields import LocalTimeText, parse_local_time
from generator.schedule.local_time import of_minutes


class RunTimes(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When the batch runs, every day it runs."""

    start: Annotated[LocalTimeText, Meta(description="When a run starts.")] = field(name="from")
    end: Annotated[LocalTimeText, Meta(description="When a run has ended at the latest.")] = field(name="to")
    timezone: Annotated[
        str | UnsetType, Meta(description="The zone of these times where it is not the organisation's, such as `UTC`.")
    ] = UNSET


def runs_of(written: RunTimes | UnsetType, reading: Office) -> Runs | KindProblem | None:
    """The runs, None where none are written."""
    if written is UNSET:
        return None
    if written.start == written.end:
        message = f"`runs.to` is `{written.end}`, as `runs.from`: the run takes no time"
        return KindProblem(("runs", "to"), "wrong-value", message, "write when a run has ended at the latest")
    zone = reading.zone if written.timezone is UNSET else zone_of(written.timezone, where=("runs", "timezone"))
    if isinstance(zone, KindProblem):
        return zone
    return Runs(local_time(written.start), local_time(written.end), zone)


def local_time(text: str) -> time:
    return of_minutes(parse_local_time(text))

"""What a downtime takes in YAML."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from generator.render.fields import Text
from generator.schedule.fields import DaysText, DurationText, LocalTimeText
from generator.schedule.moments import DateText, MomentText

MonitorToken = Annotated[
    str,
    Meta(
        pattern=r"^%\{[^{}\s]{1,250}\}$(?!\n)",
        title="a monitor like `%{latency}`, `%{SERVICE/NAME}` or `%{SERVICE/NAME/ENVIRONMENT}`",
        examples=["%{latency}"],
    ),
]
Tags = Annotated[list[Text], Meta(min_length=1)]


class Once(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From one local time to another."""

    from_: Annotated[MomentText, Meta(description="When it begins, in local time.")] = msgspec.field(name="from")
    to: Annotated[MomentText, Meta(description="When it ends, in local time.")]


class Weekly(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every week, on some days."""

    days: Annotated[DaysText, Meta(description="The days on which it begins; every day by default.")] = "mon-sun"
    from_: Annotated[LocalTimeText, Meta(description="When it begins.")] = msgspec.field(name="from")
    to: Annotated[
        LocalTimeText | UnsetType,
        Meta(description="When it ends; on the next day where that is not later than `from`."),
    ] = UNSET
    lasting: Annotated[DurationText | UnsetType, Meta(description="How long it lasts, instead of `to`.")] = UNSET


class Recurring(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """By a rule of iCalendar's."""

    rule: Annotated[str, Meta(description="An RRULE such as `FREQ=MONTHLY;BYDAY=2TU`.", min_length=1)]
    from_: Annotated[LocalTimeText, Meta(description="When it begins.")] = msgspec.field(name="from")
    lasting: Annotated[DurationText, Meta(description="How long it lasts.")]
    first: Annotated[
        DateText | UnsetType,
        Meta(description="The first day; needed where the rule counts from it, as by `INTERVAL=2`."),
    ] = UNSET


class Downtime(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When monitors tell nobody; what goes on in the meantime is told at its end."""

    once: Annotated[Once | UnsetType, Meta(description="From one day and time to another.")] = UNSET
    weekly: Annotated[Weekly | UnsetType, Meta(description="Every week, on some days.")] = UNSET
    recurring: Annotated[Recurring | UnsetType, Meta(description="By an RRULE, such as every second Tuesday.")] = UNSET
    timezone: Annotated[Text | UnsetType, Meta(description="The zone of its times; the service's by default.")] = UNSET
    monitor: Annotated[MonitorToken | UnsetType, Meta(description="The one monitor that it is for.")] = UNSET
    monitor_tags: Annotated[
        Tags | UnsetType,
        Meta(
            description='The tags that each of its monitors has, `["*"]` for all monitors; without it and `monitor`, '
            "it is for those of the service in the environment."
        ),
    ] = UNSET
    scope: Annotated[
        Text | UnsetType, Meta(description="Only these groups, such as `env:production AND zone:a`; all by default.")
    ] = UNSET
    name: Annotated[
        Text | UnsetType, Meta(description="First line of its message; without it environment, service and name.")
    ] = UNSET
    message: Annotated[
        str | UnsetType, Meta(description="Why; handles in it are told when it begins and ends. Our line is added.")
    ] = UNSET
    mute_first_recovery_notification: Annotated[
        bool | UnsetType, Meta(description="Tell nobody of the first recovery either.")
    ] = UNSET
    notify_end_states: Annotated[
        list[Literal["alert", "no data", "warn"]] | UnsetType,
        Meta(description="The states of which its end tells; all by default."),
    ] = UNSET
    notify_end_types: Annotated[
        list[Literal["canceled", "expired"]] | UnsetType,
        Meta(description="The ends that tell what is still wrong; `expired` by default."),
    ] = UNSET
    display_timezone: Annotated[
        Text | UnsetType, Meta(description="The zone in which Datadog shows it; that of its times by default.")
    ] = UNSET

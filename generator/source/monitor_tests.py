"""The shape of `NAME.test.yaml`: what the monitors of `NAME.yaml` beside it should do with given series."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from generator.schedule.fields import DurationText
from generator.source.fields import Slug

SUFFIXES: Final = (".test.yaml", ".test.yml")

_END = r"$(?!\n)"
_CLOCK = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?|24:00)"

DayText = Annotated[
    str,
    Meta(pattern=rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_END}", title="a day like `2027-01-12`", examples=["2027-01-12"]),
]
MomentText = Annotated[
    str,
    Meta(
        pattern=rf"^(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}} )?{_CLOCK}(?:[+-][01][0-9]:[0-5][0-9])?{_END}",
        title="a local time like `04:12` or `04:12:30`, of another day `2027-01-13 04:12`",
        examples=["04:12", "24:00", "2027-01-13 04:12", "01:30-04:00"],
    ),
]
TagText = Annotated[str, Meta(pattern=rf"^[^\s,{{}}]+{_END}", title="a tag like `stage:load`", examples=["stage:load"])]
ToldText = Annotated[
    str,
    Meta(
        pattern=rf"^(?:nobody|@\S+(?: +@\S+)*){_END}",
        title="handles like `@slack-data-alerts`, parted by spaces, or `nobody`",
        examples=["nobody", "@slack-data-alerts", "@slack-data-alerts @pagerduty-data"],
    ),
]
ValuesText = Annotated[str, Meta(min_length=1, max_length=10_000)]
StateName = Literal["ok", "warning", "alert", "no_data"]
Tags = Annotated[list[TagText], Meta(min_length=1)]


class GivenSeries(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The points of a metric from one source: some `at` their moments, or many in a row."""

    metric: Annotated[str, Meta(description="A metric that the monitor's query names.", min_length=1, max_length=200)]
    at: Annotated[
        Annotated[dict[MomentText, int | float], Meta(min_length=1)] | UnsetType,
        Meta(description="Points by their moment."),
    ] = UNSET
    from_: Annotated[MomentText | UnsetType, Meta(description="When the first of the `values` is.")] = msgspec.field(
        name="from", default=UNSET
    )
    every: Annotated[DurationText, Meta(description="How far apart the `values` are.")] = "1m"
    values: Annotated[
        ValuesText | UnsetType, Meta(description="As promtool writes them: `0x10 5+1x3 _ stale`; `_` is no point.")
    ] = UNSET
    tags: Annotated[
        Tags | UnsetType,
        Meta(description="Its tags beside those of the query's scope; one with a key of the scope replaces that tag."),
    ] = UNSET
    arrives: Annotated[
        DurationText | UnsetType,
        Meta(description="How long after its moment a point can be seen; `metrics_arrive_within` says it by default."),
    ] = UNSET


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What must be so `at` a moment, between two, or, with neither, from the first point to the end of the day."""

    at: Annotated[MomentText | UnsetType, Meta(description="The moment, to the minute.")] = UNSET
    from_: Annotated[MomentText | UnsetType, Meta(description="From when on.")] = msgspec.field(
        name="from", default=UNSET
    )
    to: Annotated[MomentText | UnsetType, Meta(description="Until when; that moment itself is not looked at.")] = UNSET
    group: Annotated[
        Annotated[dict[str, str], Meta(min_length=1)] | UnsetType,
        Meta(description="Of which group, by its tags; all groups where it is left out."),
    ] = UNSET
    state: Annotated[StateName | UnsetType, Meta(description="The state, all the time.")] = UNSET
    changes: Annotated[
        dict[MomentText, StateName] | UnsetType,
        Meta(description="All changes of the state by their moment, and no other; `{}` is none."),
    ] = UNSET
    told: Annotated[ToldText | UnsetType, Meta(description="All who are told, and nobody else.")] = UNSET
    message: Annotated[
        str | UnsetType, Meta(description="The text as it arrives; blanks at the ends of lines do not count.")
    ] = UNSET
    message_has: Annotated[
        Annotated[str, Meta(min_length=1)] | UnsetType, Meta(description="A part of the text as it arrives.")
    ] = UNSET


class MonitorTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A monitor, what it is given, and what it must do."""

    monitor: Annotated[Slug, Meta(description="A monitor of the service, by name; of several `NAME.ELEMENT`.")]
    environment: Annotated[Slug | UnsetType, Meta(description="In which environment; `production` by default.")] = UNSET
    day: Annotated[
        DayText | UnsetType, Meta(description="The day of the local times; that of the file by default.")
    ] = UNSET
    tags: Annotated[Tags | UnsetType, Meta(description="Tags of all its series.")] = UNSET
    series: Annotated[list[GivenSeries] | UnsetType, Meta(description="What the monitor is given.")] = UNSET
    expect: Annotated[list[Expected], Meta(description="What it must do.", min_length=1)]


class MonitorTestFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`NAME.test.yaml`: tests of the monitors of `NAME.yaml` beside it."""

    environment: Annotated[Slug | UnsetType, Meta(description="In which environment, unless a test says.")] = UNSET
    day: Annotated[DayText | UnsetType, Meta(description="The day of the local times, unless a test says.")] = UNSET
    tests: Annotated[
        dict[Annotated[str, Meta(min_length=1, max_length=200)], MonitorTest],
        Meta(description="The tests by name: a sentence that says what the monitor does.", min_length=1),
    ]


def is_test_file(path: str) -> bool:
    return path.startswith("monitors/") and path.endswith(SUFFIXES)

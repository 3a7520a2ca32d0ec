"""The shape of the files below `monitors/` and `dashboards/`. What is inside a monitor is its kind's affair."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from generator.schedule.fields import DaysText, DurationText, LocalTimeText
from generator.source.fields import (
    AccountText,
    HandlesText,
    HolidaysText,
    OwnersText,
    ParameterName,
    Priority,
    Slug,
)

Variables = dict[ParameterName, str | int | float | bool | list[str]]
# Names of the monitor, service and environment multiply.
EarlierNames = Slug | Annotated[list[Slug], Meta(min_length=1, max_length=5)]
Promotion = Annotated[list[Slug], Meta(min_length=2)]
ServiceEnvironments = Annotated[list[Slug], Meta(min_length=1)]


class Inheritable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every monitor below takes over unless a nearer layer says otherwise."""

    notify: Annotated[
        HandlesText | UnsetType, Meta(description="Handles for every state; a nearer layer replaces them, `+@x` adds.")
    ] = UNSET
    urgent: Annotated[
        HandlesText | UnsetType,
        Meta(description="Handles for the critical state only; a nearer layer replaces them, `+@x` adds."),
    ] = UNSET
    tags: Annotated[list[str] | UnsetType, Meta(description="Tags of the monitors; they add up over the layers.")] = (
        UNSET
    )
    runbook: Annotated[str | UnsetType, Meta(description="Address of the runbook; stands in the messages.")] = UNSET
    priority: Annotated[Priority | UnsetType, Meta(description="1 (highest) to 5.")] = UNSET


class Team(Inheritable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who owns services, and how to reach them."""

    owners: Annotated[
        OwnersText | UnsetType, Meta(description="Who owns its files on GitHub; `toban codeowners` writes them down.")
    ] = UNSET


class AwsAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where an environment's AWS resources are."""

    account: Annotated[AccountText, Meta(description="The account's 12 digits, in quotes.")]
    region: Annotated[
        str,
        Meta(description="The region, such as `ap-northeast-1`.", pattern=r"^[a-z]{2}(?:-[a-z]+)+-[0-9]$(?!\n)"),
    ]


class Environment(Inheritable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of the places a service runs in, told apart in Datadog by its scope."""

    scope: Annotated[str, Meta(description="The tags that all its metrics have: `env:production`.", min_length=1)]
    aws: Annotated[AwsAccount | UnsetType, Meta(description="Its AWS account, for kinds that name AWS resources.")] = (
        UNSET
    )
    was: Annotated[EarlierNames | UnsetType, Meta(description="Its earlier name or names; renames in place.")] = UNSET
    variables: Annotated[Variables | UnsetType, Meta(description="Values for templates: `<< variables.NAME >>`.")] = (
        UNSET
    )


class BusinessHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When people work."""

    days: Annotated[DaysText, Meta(description="Working days.")] = "mon-fri"
    from_: Annotated[LocalTimeText, Meta(description="When work starts.")] = msgspec.field(name="from")
    to: Annotated[LocalTimeText, Meta(description="When work ends.")]
    holidays: Annotated[
        HolidaysText | UnsetType,
        Meta(description="The country whose public holidays `toban explain --from` shows; alerts come on them too."),
    ] = UNSET


class Organization(Inheritable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`monitors/organization.yaml`: what holds everywhere."""

    workspace: Annotated[Slug, Meta(description="Tells several repositories in one Datadog organisation apart.")]
    timezone: Annotated[str, Meta(description="The time zone of local times, such as `Asia/Tokyo`.", min_length=1)] = (
        "UTC"
    )
    business_hours: Annotated[BusinessHours | UnsetType, Meta(description="When people work, in local time.")] = UNSET
    metrics_arrive_within: Annotated[
        dict[str, DurationText] | UnsetType,
        Meta(
            description="How late metrics come, by the first part of their names: `{aws: 5m}`, at most 24h. Those of "
            "clouds that are not named are taken to come within 20m."
        ),
    ] = UNSET
    variables: Annotated[Variables | UnsetType, Meta(description="Values for templates: `<< variables.NAME >>`.")] = (
        UNSET
    )
    owners: Annotated[
        OwnersText | UnsetType, Meta(description="Who owns on GitHub what no team owns; see `toban codeowners`.")
    ] = UNSET
    promotion: Annotated[
        Promotion | UnsetType,
        Meta(
            description="Environments in the order in which changes go through them: `[staging, production]`. A pull "
            "request must not bring to a later one what the one before has not had; off where it is left out."
        ),
    ] = UNSET
    teams: Annotated[dict[Slug, Team] | UnsetType, Meta(description="The teams by name.")] = UNSET
    environments: Annotated[dict[Slug, Environment], Meta(description="The environments by name.", min_length=1)]


class Service(Inheritable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file below `monitors/`: the monitors of one service."""

    service: Annotated[Slug, Meta(description="The service's name, as in its `service:` tag.")]
    team: Annotated[Slug | UnsetType, Meta(description="The team that owns it, one of the organisation's.")] = UNSET
    environments: Annotated[
        ServiceEnvironments | UnsetType,
        Meta(description="Where it runs; all of the organisation's environments by default."),
    ] = UNSET
    was: Annotated[EarlierNames | UnsetType, Meta(description="Its earlier name or names; renames in place.")] = UNSET
    timezone: Annotated[
        str | UnsetType, Meta(description="The time zone of its local times; the organisation's by default.")
    ] = UNSET
    variables: Annotated[Variables | UnsetType, Meta(description="Values for templates: `<< variables.NAME >>`.")] = (
        UNSET
    )
    monitors: Annotated[
        dict[Slug, dict[str, Any]] | UnsetType, Meta(description="Its monitors by name, each with a `kind`.")
    ] = UNSET
    slos: Annotated[
        dict[Slug, dict[str, Any]] | UnsetType, Meta(description="Its service level objectives by name.")
    ] = UNSET
    downtimes: Annotated[
        dict[Slug, dict[str, Any]] | UnsetType, Meta(description="When its monitors tell nobody, by name.")
    ] = UNSET
    use: Annotated[
        list[dict[str, Any]] | UnsetType,
        Meta(description="Sets of monitors with their parameters: `{set: NAME, PARAMETER: VALUE}`."),
    ] = UNSET


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a set asks of who uses it."""

    type: Annotated[
        Literal["string", "number", "integer", "boolean", "duration", "list"],
        Meta(description="What values it takes; a duration is a text like `20m`."),
    ]
    default: Annotated[
        str | int | float | bool | list[str] | UnsetType,
        Meta(description="Its value unless given; without it, needed."),
    ] = UNSET
    description: Annotated[str | UnsetType, Meta(description="What it is for.")] = UNSET
    choices: Annotated[
        Annotated[list[str | int | float], Meta(min_length=1)] | UnsetType, Meta(description="The values it may have.")
    ] = UNSET


class Set(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`monitors/sets/NAME.yaml`: monitors that several services use."""

    description: Annotated[str | UnsetType, Meta(description="What the set is for.")] = UNSET
    parameters: Annotated[
        dict[ParameterName, Parameter] | UnsetType, Meta(description="What differs between the services that use it.")
    ] = UNSET
    monitors: Annotated[dict[Slug, dict[str, Any]], Meta(description="Its monitors by name.", min_length=1)]


class DashboardFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file below `dashboards/`."""

    service: Annotated[Slug, Meta(description="The service that the dashboards show.")]
    team: Annotated[Slug | UnsetType, Meta(description="The team that owns them, one of the organisation's.")] = UNSET
    environments: Annotated[
        ServiceEnvironments | UnsetType, Meta(description="One of each for each of these; all environments by default.")
    ] = UNSET
    tags: Annotated[list[str] | UnsetType, Meta(description="Tags of the dashboards; Datadog takes only `team:…`.")] = (
        UNSET
    )
    was: Annotated[EarlierNames | UnsetType, Meta(description="The service's earlier name or names.")] = UNSET
    timezone: Annotated[str | UnsetType, Meta(description="The time zone of local times.")] = UNSET
    variables: Annotated[Variables | UnsetType, Meta(description="Values for templates: `<< variables.NAME >>`.")] = (
        UNSET
    )
    dashboards: Annotated[dict[Slug, dict[str, Any]], Meta(description="The dashboards by name.", min_length=1)]

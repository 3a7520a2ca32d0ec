"""The fields that every monitor has, whatever its kind, and those that say where it exists."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from generator.source.fields import HandlesText, Slug

Override = dict[str, Any]


class Placement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a resource exists and what it was before."""

    environments: (
        Annotated[
            list[Slug] | dict[Slug, Override | bool],
            Meta(description="The environments it exists in; or, by environment, fields that differ there (false: not there)."),
        ]
        | UnsetType
    ) = UNSET
    for_each: (
        Annotated[dict[Slug, Override], Meta(description="One more of it for each key, with the fields that differ.", min_length=1)]
        | UnsetType
    ) = UNSET
    was: (
        Annotated[Slug | list[Slug], Meta(description="Its earlier name or names: renames in place, with history and mutes.")]
        | UnsetType
    ) = UNSET
    adopt: (
        Annotated[
            dict[Slug, int | str], Meta(description="By environment, the id of an existing Datadog resource to take over.")
        ]
        | UnsetType
    ) = UNSET
    variables: (
        Annotated[dict[str, str | int | float | bool | list[str]], Meta(description="Values for templates: << variables.NAME >>.")]
        | UnsetType
    ) = UNSET


class Common(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every kind of monitor takes."""

    name: (
        Annotated[str, Meta(description="Title in Datadog; without it environment, service and name.", min_length=1)] | UnsetType
    ) = UNSET
    message: Annotated[str, Meta(description="What the notification says; Datadog's {{…}} passes through.")] | UnsetType = UNSET
    notify: (
        Annotated[HandlesText, Meta(description="Handles for every state; replaces the outer ones, `+@x` adds.")] | UnsetType
    ) = UNSET
    urgent: (
        Annotated[HandlesText, Meta(description="Handles for the critical state only; replaces the outer ones, `+@x` adds.")]
        | UnsetType
    ) = UNSET
    runbook: Annotated[str, Meta(description="Address of the runbook; stands in the message.")] | UnsetType = UNSET
    tags: Annotated[list[str], Meta(description="Tags of the monitor; they add up over the layers.")] | UnsetType = UNSET
    priority: Annotated[int, Meta(description="1 (highest) to 5.", ge=1, le=5)] | UnsetType = UNSET


COMMON = frozenset(field.encode_name for field in msgspec.structs.fields(Common))
PLACEMENT = frozenset(field.encode_name for field in msgspec.structs.fields(Placement))
INHERITED = frozenset({"notify", "urgent", "runbook", "tags", "priority"})

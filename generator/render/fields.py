"""The fields that every monitor has, whatever its kind, and those that say where it exists."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from generator.source.fields import Slug
from generator.source.files import EarlierNames, Inheritable, Variables

Override = dict[str, Any]
DatadogId = (
    Annotated[int, Meta(ge=1)]
    | Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,64}$(?!\n)", title="the id of a Datadog resource")]
)
Text = Annotated[str, Meta(min_length=1)]


class Placement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a resource exists and what it was before."""

    environments: Annotated[
        list[Slug] | dict[Slug, Override | bool] | UnsetType,
        Meta(description="Where it exists; or, by environment, fields that differ there (false: not there)."),
    ] = UNSET
    for_each: Annotated[
        dict[Slug, Override] | UnsetType, Meta(description="One more of it for each key, with the fields that differ.")
    ] = UNSET
    was: Annotated[EarlierNames | UnsetType, Meta(description="Its earlier name or names; renames in place.")] = UNSET
    adopt: Annotated[
        dict[Slug, DatadogId] | UnsetType,
        Meta(description="By environment, the id of an existing Datadog resource to take over."),
    ] = UNSET
    variables: Annotated[Variables | UnsetType, Meta(description="Values for templates: `<< variables.NAME >>`.")] = (
        UNSET
    )


class Common(Inheritable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every kind of monitor takes."""

    name: Annotated[
        Text | UnsetType, Meta(description="Title in Datadog; without it environment, service and name.")
    ] = UNSET
    message: Annotated[
        str | UnsetType, Meta(description="What the notification says; Datadog's {{…}} passes through.")
    ] = UNSET


COMMON = frozenset(field.encode_name for field in msgspec.structs.fields(Common))
OF_ALL = ("environments", "for_each", "was")
"""What holds for all elements and environments of a resource, so that no element or environment can say it anew."""
PLACEMENT = frozenset(field.encode_name for field in msgspec.structs.fields(Placement))
INHERITED = frozenset(field.encode_name for field in msgspec.structs.fields(Inheritable))

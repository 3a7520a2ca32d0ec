"""Structs with every construct that kinds and project files use."""

from __future__ import annotations

import enum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from generator.schedule.fields import DurationText, LocalTimeText
from generator.source.fields import HandlesText, Slug


class Level(enum.Enum):
    LOW = "low"
    HIGH = "high"


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When it runs."""

    from_: LocalTimeText = msgspec.field(name="from")
    to: LocalTimeText | UnsetType = UNSET


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[Slug, Meta(description="Its name.")]
    short: Annotated[str, Meta(min_length=2, max_length=4)] = "ab"
    duration: Annotated[DurationText | UnsetType, Meta(description="How long.")] = UNSET
    handles: HandlesText | UnsetType = UNSET
    code: Annotated[str, Meta(description="A code.", pattern=r"^[a-z]\d$(?!\n)")] | UnsetType = UNSET


class Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    priority: Annotated[int, Meta(ge=1, le=5)]
    share: Annotated[float, Meta(gt=0, lt=1)] | UnsetType = UNSET
    number: float = 0.5
    either: int | float | UnsetType = UNSET
    enabled: bool = False


class Choices(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    color: Literal["red", "green"] = "red"
    digit: Literal[1, 2] | UnsetType = UNSET
    mixed: Annotated[Literal["a", 1] | UnsetType, Meta(description="Either.")] = UNSET
    level: Level = Level.LOW


class Unions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    any_scalar: str | int | float | bool | UnsetType = UNSET
    names: Slug | list[Slug] | UnsetType = UNSET
    limited: Annotated[int, Meta(ge=1)] | Annotated[str, Meta(min_length=1)] | UnsetType = UNSET
    choice_or_list: Literal["a"] | list[str] | UnsetType = UNSET
    overrides: list[Slug] | dict[Slug, dict[str, Any] | bool] | UnsetType = UNSET
    window: Window | bool | UnsetType = UNSET
    nothing: int | None = None


class Collections(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    windows: list[Window] = []
    few: Annotated[list[int], Meta(min_length=1, max_length=2)] | UnsetType = UNSET
    by_name: dict[Slug, Window] | UnsetType = UNSET
    fields: dict[str, dict[str, Any]] = {}
    anything: dict[str, Any] | UnsetType = UNSET
    some: Annotated[dict[str, int], Meta(min_length=1)] | UnsetType = UNSET


class Open(msgspec.Struct, frozen=True):
    inner: Window | UnsetType = UNSET
    needed: int = 0


class Tree(msgspec.Struct, frozen=True):
    below: list[Tree] = []


class OneOfTwo(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    first: str | UnsetType = UNSET
    second: str | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.first is UNSET and self.second is UNSET:
            raise ValueError("give `first` or `second`")


class Pairs(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pairs: list[OneOfTwo] = []
    named: dict[str, OneOfTwo] = {}


ALL = (Texts, Numbers, Choices, Unions, Collections, Open)

"""Inheritance: organisation → team → service → set → monitor → `for_each` element → environment; the nearest wins."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from generator.source.documents import Document, Place

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layer:
    """Fields of one layer and where they are written. In an environment's layer `notify` replaces `urgent` too."""

    label: str
    document: Document
    place: Place
    fields: Fields
    is_environment: bool = False


def merged(layers: Iterable[Layer], onto: Fields | None = None) -> dict[str, Any]:
    """The fields that hold after all layers, outermost first."""
    return functools.reduce(_with_layer, (layer for layer in layers if layer.fields), dict(onto or {}))


def _with_layer(outer: dict[str, Any], layer: Layer) -> dict[str, Any]:
    result = dict(outer)
    if layer.is_environment and "notify" in layer.fields and not str(layer.fields["notify"]).startswith("+"):
        result.pop("urgent", None)
    for name, value in layer.fields.items():
        result[name] = RULES.get(name, _nearest)(result[name], value) if name in result else _alone(name, value)
    return result


def _nearest(outer: Any, inner: Any) -> Any:
    """The inner value; groups are merged key by key."""
    if isinstance(outer, dict) and isinstance(inner, dict):
        return {
            **outer,
            **{key: _nearest(outer[key], value) if key in outer else value for key, value in inner.items()},
        }
    return inner


def _added_up(outer: Any, inner: Any) -> Any:
    if isinstance(outer, list) and isinstance(inner, list):
        return list(dict.fromkeys((*outer, *inner))) if _all_texts(outer) and _all_texts(inner) else [*outer, *inner]
    return inner


def _all_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _handles(outer: Any, inner: Any) -> Any:
    """`+@x` adds to the outer handles, anything else replaces them."""
    if isinstance(inner, str) and inner.startswith("+") and isinstance(outer, str):
        return f"{outer} {inner[1:].strip()}".strip()
    return inner


def _alone(name: str, value: Any) -> Any:
    return (
        value[1:].strip()
        if name in ("notify", "urgent") and isinstance(value, str) and value.startswith("+")
        else value
    )


RULES: Mapping[str, Callable[[Any, Any], Any]] = {"tags": _added_up, "notify": _handles, "urgent": _handles}


def setting_layer(layers: Iterable[Layer], place: Place) -> tuple[Layer, Place]:
    """The nearest layer that has the field, and its place in that layer's document; else the nearest layer itself."""
    nearest_first = tuple(layers)[::-1]
    for length in range(len(place), 0, -1):
        for layer in nearest_first:
            if _has(layer.fields, place[:length]):
                return layer, (*layer.place, *place[:length])
    return nearest_first[0], nearest_first[0].place


def _has(fields: Any, place: Place) -> bool:
    for step in place:
        try:
            fields = fields[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True

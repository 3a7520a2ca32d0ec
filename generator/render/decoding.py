"""Typed values out of plain ones, with every problem as a finding at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from generator.finding import Finding, Severity, Span
from generator.render.layers import Layer, setting_layer
from generator.source.decode import Problem, decode
from generator.source.documents import Document, Place

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Decoded(Generic[T]):
    """A value as typed and as plain `fields`, both without what the findings are about."""

    value: T | None
    fields: Any
    findings: tuple[Finding, ...]


AT_KEY = ("unknown-field", "missing-field", "wrong-name")


def finding_of(problem: Problem, document: Document, place: Place) -> Finding:
    """A problem of decoding; an unknown field is marked at its key, a missing one at the key of what lacks it."""
    return Finding(
        problem.rule, Severity.ERROR, problem.message, _span(problem.rule, document, place), hint=problem.hint
    )


def _span(rule: str, document: Document, place: Place) -> Span:
    if not place:
        return Span(document.path, 1, 1, 1, 1)
    return document.key_span(place) if rule in AT_KEY else document.span(place)


def decoded(document: Document, cls: type[T]) -> Decoded[T]:
    """The file's value, without the parts with problems where the rest makes sense and can be judged too."""
    value = document.root
    findings: tuple[Finding, ...] = ()
    while isinstance(result := decode(value, cls), tuple):
        # What is wrong after a part was left out only follows from that.
        findings = findings or tuple(finding_of(each, document, each.place) for each in result)
        pruned = _pruned(value, result)
        if pruned is None or pruned == value:
            return Decoded(None, None, findings)
        value = pruned
    return Decoded(result, value, findings)


def _pruned(value: Any, problems: tuple[Problem, ...]) -> Any:
    """The value less its wrong parts, and only then less what lacks a field."""
    wrong = [each.place for each in problems if each.rule != "missing-field"]
    return _without(value, wrong or [each.place for each in problems])


def _without(value: Any, places: Iterable[Place]) -> Any:
    """The value less what stands at the places; None where nothing would be left."""
    for place in sorted(places, key=repr, reverse=True):
        if not place:
            return None
        value = _less(value, place)
    return value


def _less(value: Any, place: Place) -> Any:
    step, rest = place[0], place[1:]
    if isinstance(value, Mapping) and step in value:
        if rest:
            return {**value, step: _less(value[step], rest)}
        return {key: each for key, each in value.items() if key != step}
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return [*value[:step], *([_less(value[step], rest)] if rest else []), *value[step + 1 :]]
    return value


def layered(fields: Mapping[str, Any], cls: type[T], layers: tuple[Layer, ...]) -> T | tuple[Finding, ...]:
    """Merged fields as a typed value; a problem is shown in the layer that set the field."""
    result = decode(fields, cls)
    if not isinstance(result, tuple):
        return result
    return tuple(_in_layers(problem, layers) for problem in result)


def _definition(layers: tuple[Layer, ...]) -> tuple[Layer, Place]:
    """The layer that gives the kind, since it could give what is missing too."""
    return next(
        ((layer, layer.place) for layer in reversed(layers) if "kind" in layer.fields), (layers[-1], layers[-1].place)
    )


def _in_layers(problem: Problem, layers: tuple[Layer, ...]) -> Finding:
    if problem.rule == "missing-field":
        owner, place = setting_layer(layers, problem.place) if problem.place else _definition(layers)
        return finding_of(problem, owner.document, place)
    layer, place = setting_layer(layers, problem.place)
    return finding_of(problem, layer.document, place)

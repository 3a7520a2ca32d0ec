"""Typed values out of plain ones, with every problem as a finding at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from generator.finding import Finding, Severity
from generator.render.layers import Layer, setting_layer
from generator.source.decode import Problem, decode
from generator.source.documents import Document, Place

T = TypeVar("T")

Locate = Callable[[Place], tuple[Document, Place]]


def finding_of(problem: Problem, document: Document, place: Place) -> Finding:
    """A problem of decoding; an unknown field is marked at its key, a missing one at the key of what lacks it."""
    at_key = problem.rule in ("unknown-field", "missing-field") and bool(place)
    span = document.key_span(place) if at_key else document.span(place)
    return Finding(problem.rule, Severity.ERROR, problem.message, span, hint=problem.hint)


def decoded(document: Document, place: Place, cls: type[T]) -> tuple[T | None, tuple[Finding, ...]]:
    """The value at `place`; parts with problems are left out where the rest makes sense, so that it can be judged too."""
    value = _at(document.root, place)
    findings: list[Finding] = []
    while True:
        result = decode(value, cls)
        if not isinstance(result, tuple):
            return result, tuple(findings)
        findings += (finding_of(problem, document, (*place, *problem.place)) for problem in result)
        pruned = _without(value, [problem.place for problem in result if problem.rule != "missing-field"])
        missing = [problem.place for problem in result if problem.rule == "missing-field"]
        pruned = _without(pruned, missing)
        if pruned is None or pruned == value:
            return None, tuple(findings)
        value = pruned


def _at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


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


def _in_layers(problem: Problem, layers: tuple[Layer, ...]) -> Finding:
    if problem.rule == "missing-field":
        owner = layers[-1] if not problem.place else setting_layer(layers, problem.place)[0]
        return finding_of(problem, owner.document, (*owner.place, *problem.place))
    layer, place = setting_layer(layers, problem.place)
    return finding_of(problem, layer.document, place)

"""Templates of an entry's fields filled in, with every problem at its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.finding import Excerpt, Finding, Severity, Span
from generator.render.layers import Layer, setting_layer
from generator.render.templates import TemplateProblem, Unfilled, is_plain, rendered
from generator.source.documents import Document, Place

Filled = dict[str, Any] | tuple[Finding, ...]


def filled(fields: Mapping[str, Any], variables: Mapping[str, Any], layers: tuple[Layer, ...]) -> Filled:
    """The fields with the templates in all their texts filled in, or what is wrong with the templates."""
    problems: list[tuple[Place, TemplateProblem]] = []

    def fill(value: Any, place: Place) -> Any:
        if isinstance(value, str):
            result = rendered(value, variables)
            if isinstance(result, Unfilled):
                problems.extend((place, problem) for problem in result.problems)
            return result
        if isinstance(value, dict):
            return {key: fill(each, (*place, key)) for key, each in value.items()}
        if isinstance(value, list):
            return [fill(each, (*place, index)) for index, each in enumerate(value)]
        return value

    result = {name: fill(value, (name,)) for name, value in fields.items()}
    return tuple(_finding(place, problem, layers) for place, problem in problems) if problems else result


def _finding(place: Place, problem: TemplateProblem, layers: tuple[Layer, ...]) -> Finding:
    layer, written = setting_layer(layers, place)
    span = marked(layer.document, written, problem.start, problem.end)
    return Finding("template", Severity.ERROR, problem.message, span, hint=problem.hint)


def marked(document: Document, place: Place, start: int, end: int) -> Span:
    """The part of a text in the file where that can be told, else the whole text."""
    return document.span_within(place, start, end) or document.span(place)


def text_finding(
    finding: Finding, rendered_text: str, *, layers: tuple[Layer, ...], place: Place, part: tuple[int, int]
) -> Finding:
    """Put a finding about part of a rendered text where it is written; a templated text is shown as rendered."""
    layer, written = setting_layer(layers, place)
    source = text_at(layer, place)
    if source is not None and is_plain(source):
        span = layer.document.span_within(written, *part)
        if span:
            return Finding(finding.rule, finding.severity, finding.message, span, hint=finding.hint)
    excerpt = Excerpt(rendered_text, *part)
    return Finding(
        finding.rule,
        finding.severity,
        finding.message,
        layer.document.span(written),
        hint=finding.hint,
        excerpt=excerpt,
    )


def text_at(layer: Layer, place: Place) -> str | None:
    value: Any = layer.fields
    for step in place:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value if isinstance(value, str) else None

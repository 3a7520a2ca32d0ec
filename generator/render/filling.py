"""Templates of an entry's fields filled in, with every problem at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.finding import Excerpt, Finding, Severity, Span
from generator.render.layers import Layer, setting_layer
from generator.render.templates import TemplateProblem, Unfilled, is_plain, rendered
from generator.source.documents import Document, Place


def filled(value: Any, variables: Mapping[str, Any]) -> Any:
    """The value with the templates in all its texts filled in; an Unfilled stands where one cannot be."""
    if isinstance(value, str):
        return rendered(value, variables)
    if isinstance(value, Mapping):
        return {key: filled(each, variables) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, variables) for each in value]
    return value


def problems(value: Any, place: Place = ()) -> Iterator[tuple[Place, TemplateProblem]]:
    """All problems in a filled value, with their places in it."""
    if isinstance(value, Unfilled):
        yield from ((place, problem) for problem in value.problems)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from problems(each, (*place, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from problems(each, (*place, index))


def template_findings(value: Mapping[str, Any], layers: tuple[Layer, ...]) -> tuple[Finding, ...]:
    return tuple(_finding(place, problem, layers) for place, problem in problems(value))


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

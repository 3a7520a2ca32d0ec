"""An entry → a service level objective: what it is made of, its thresholds, our tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import UNSET

from generator.finding import Finding, Severity
from generator.query.inspection import leaves
from generator.query.nodes import AsCount
from generator.query.parser import parse_expression
from generator.query.problem import SyntaxProblem
from generator.render.decoding import layered
from generator.render.entries import Entry, own_layers
from generator.render.fields import PLACEMENT
from generator.render.filling import filled, text_finding
from generator.render.layers import merged, setting_layer
from generator.render.model import Resource
from generator.render.ownership import tags_of, tracked_resource
from generator.render.scoping import unscoped_query
from generator.render.slo_fields import QUERY_PLACES, Slo, TimeSlice
from generator.resources.types import resource_types
from generator.schedule.fields import parse_duration

_FORMS = ("metric", "monitor", "time_slice")
_NO_CONTENT = 'write `metric: {numerator: …, denominator: …}`, `monitor: {monitors: ["%{latency}"]}` or `time_slice`'


def slo_resources(entry: Entry) -> Iterator[Resource | Finding]:
    """The SLO of one entry, or what is wrong with it."""
    layers = own_layers(entry)
    written = {name: value for name, value in merged(layers).items() if name not in PLACEMENT}
    own = {**written, "tags": entry.fields["tags"]} if "tags" in entry.fields else written
    fields = filled(own, entry.variables, layers)
    slo = fields if isinstance(fields, tuple) else layered(fields, Slo, layers)
    if isinstance(slo, tuple):
        yield from slo
        return
    problems = tuple(_problems(entry, slo))
    if problems:
        yield from problems
        return
    resource = tracked_resource(entry, entry.name, _payload(entry, slo), resource_types()["slo"])
    line = entry.definition.document.line(entry.definition.place)
    yield resource if isinstance(resource, Finding) else msgspec.structs.replace(resource, line=line)


def _problems(entry: Entry, slo: Slo) -> Iterator[Finding]:
    given = [name for name in _FORMS if getattr(slo, name) is not UNSET]
    if len(given) != 1:
        told = " and ".join(f"`{name}`" for name in given) or "none"
        yield _finding(entry, ("monitor",), f"an SLO is made of one of {', '.join(_FORMS)}; found {told}", _NO_CONTENT)
    if not slo.thresholds.by_timeframe():
        yield _finding(entry, ("thresholds",), "there is no threshold", "write such as `30d: {target: 99.9}`")
    for timeframe, threshold in slo.thresholds.by_timeframe().items():
        if threshold.warning is not UNSET and threshold.warning <= threshold.target:
            message = (
                f"the warning of {timeframe} is {threshold.warning:g}, not above the target of {threshold.target:g}"
            )
            yield _finding(
                entry, ("thresholds", timeframe, "warning"), message, "write a warning between target and 100"
            )
    content = msgspec.to_builtins(slo)
    for place in QUERY_PLACES:
        text = content.get(place[0], {}).get(place[1])
        if isinstance(text, str):
            yield from _query_problems(entry, place, text)


def _query_problems(entry: Entry, place: tuple[str, str], text: str) -> Iterator[Finding]:
    tree = parse_expression(text.strip())
    layer, written = setting_layer(entry.layers, place)
    span = layer.document.span(written)
    if isinstance(tree, SyntaxProblem):
        found = Finding("query-syntax", Severity.ERROR, tree.message, span, hint=tree.hint)
        start = len(text) - len(text.lstrip())
        yield text_finding(found, text, layers=entry.layers, place=place, part=(start + tree.start, start + tree.end))
        return
    if place[0] == "metric" and any(
        not any(isinstance(each, AsCount) for each in leaf.modifiers) for leaf in leaves(tree)
    ):
        message = "an SLO counts events, and not every metric here is a count"
        yield Finding("query-not-counted", Severity.ERROR, message, span, hint="write `.as_count()` after each metric")
    yield from unscoped_query(entry, place)


def _finding(entry: Entry, place: tuple[str, ...], message: str, hint: str) -> Finding:
    layer, written = setting_layer(own_layers(entry), place)
    has_field = written != layer.place
    span = layer.document.span(written) if has_field else layer.document.key_span(layer.place)
    return Finding("wrong-value", Severity.ERROR, message, span, hint=hint)


def _payload(entry: Entry, slo: Slo) -> dict[str, Any]:
    title = f"[{entry.environment}] {entry.around.service} {entry.name}"
    return {
        "name": title if slo.name is UNSET else slo.name.strip(),
        "description": "" if slo.description is UNSET else slo.description.strip(),
        "tags": tags_of(entry, () if slo.tags is UNSET else tuple(slo.tags)),
        "thresholds": [
            {"timeframe": timeframe, **msgspec.to_builtins(target)}
            for timeframe, target in slo.thresholds.by_timeframe().items()
        ],
        **_content(slo),
    }


def _content(slo: Slo) -> dict[str, Any]:
    if slo.metric is not UNSET:
        query = {"numerator": slo.metric.numerator.strip(), "denominator": slo.metric.denominator.strip()}
        return {"type": "metric", "query": query}
    if slo.monitor is not UNSET:
        groups = {} if slo.monitor.groups is UNSET else {"groups": list(slo.monitor.groups)}
        return {"type": "monitor", "monitor_ids": list(slo.monitor.monitors), **groups}
    assert isinstance(slo.time_slice, TimeSlice)  # noqa: S101  one of the three is given
    part = slo.time_slice
    queries = [{"data_source": "metrics", "name": "query1", "query": part.query.strip()}]
    time_slice = {
        "comparator": part.comparator,
        "threshold": part.threshold,
        "query": {"formulas": [{"formula": "query1"}], "queries": queries},
        "query_interval_seconds": int(parse_duration(part.interval).total_seconds()),
    }
    return {"type": "time_slice", "sli_specification": {"time_slice": time_slice}}

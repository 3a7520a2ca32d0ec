"""An entry → the monitors that its kind makes of it, as payloads."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import msgspec
from msgspec import UNSET

import generator.kinds
from generator import registry
from generator.explain.monitor import KindProblem, Monitor
from generator.finding import Finding, Severity
from generator.message.writing import When, with_handles
from generator.query.unwritable import Unwritable
from generator.render.contexts import context_of
from generator.render.decoding import layered
from generator.render.entries import Entry, own_layers
from generator.render.fields import COMMON, Common
from generator.render.filling import filled, text_finding
from generator.render.layers import merged, setting_layer
from generator.render.model import Resource
from generator.render.ownership import tags_of, tracked_resource
from generator.render.scoping import unscoped_query
from generator.render.surroundings import unknown
from generator.resources.types import resource_types
from generator.source.wording import one_line, shown


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind module as the renderer sees it. Its own fields are its own, also where all other kinds share them."""

    name: str
    module: ModuleType
    fields: frozenset[str]
    is_templated: bool


@functools.cache
def kinds() -> Mapping[str, Kind]:
    return {name: _kind(name, module) for name, module in registry.modules(generator.kinds).items()}


def _kind(name: str, module: ModuleType) -> Kind:
    fields = frozenset(field.encode_name for field in msgspec.structs.fields(module.Parameters))
    return Kind(name, module, fields, getattr(module, "TEMPLATED", True))


def monitor_resources(entry: Entry) -> Iterator[Resource | Finding]:
    """The monitors of one entry, or what is wrong with it."""
    kind = _kind_of(entry)
    if isinstance(kind, Finding):
        yield kind
        return
    templated = kind.is_templated or entry.fields.get("template") is True
    fields = filled(entry.fields, entry.variables, entry.layers) if templated else dict(entry.fields)
    yield from fields if isinstance(fields, tuple) else _checked(entry, kind, fields)


def _kind_of(entry: Entry) -> Kind | Finding:
    name = entry.fields.get("kind")
    if isinstance(name, str) and name in kinds():
        return kinds()[name]
    layer, place = setting_layer(entry.layers, ("kind",))
    if name is None:
        definition = entry.definition
        hint = f"kinds are: {', '.join(kinds())}"
        span = definition.document.key_span(definition.place)
        return Finding("missing-field", Severity.ERROR, f"`{definition.name}` has no `kind`", span, hint=hint)
    return unknown(layer.document, place, str(name), what="kind", choices=tuple(kinds()))


def _checked(entry: Entry, kind: Kind, fields: Mapping[str, Any]) -> Iterator[Resource | Finding]:
    shared, own = _parted(entry, kind, fields)
    common = layered(shared, Common, entry.layers)
    parameters = layered(own, kind.module.Parameters, entry.layers)
    if isinstance(parameters, tuple):
        parameters = tuple(_in_words_of(kind, each, own) for each in parameters)
    problems = tuple(each for result in (common, parameters) if isinstance(result, tuple) for each in result)
    problems += tuple(_unscoped_query(entry, kind, own))
    if problems or isinstance(common, tuple):
        yield from problems
        return
    for monitor in _made(entry, kind, parameters):
        if isinstance(monitor, KindProblem):
            yield _kind_finding(monitor, entry, own)
        else:
            yield from _resource(entry, common, monitor)


def _made(entry: Entry, kind: Kind, parameters: Any) -> Iterator[Monitor | KindProblem]:
    """The kind's monitors; a problem where a parameter holds what its type lets through and no query can hold."""
    try:
        yield from kind.module.monitors(parameters, context_of(entry))
    except Unwritable as error:
        message = f"no query can be made of these parameters: {error.rule}"
        yield KindProblem(("kind",), "wrong-value", message, "write names of tags and values as Datadog shows them")


def _in_words_of(kind: Kind, finding: Finding, own: Mapping[str, Any]) -> Finding:
    """Tell of a field under Datadog's own name what the kind has for it."""
    names: Mapping[str, str] = getattr(kind.module, "DATADOG_NAMES", {})
    for name in names.keys() & own.keys():
        unknown_field = f"unknown field {shown(name)}"
        if finding.rule == "unknown-field" and finding.message.split(";")[0] == unknown_field:
            return msgspec.structs.replace(finding, message=unknown_field, hint=names[name])
    return finding


def _parted(entry: Entry, kind: Kind, fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that all kinds share, and the kind's own. A kind with its own message inherits nothing but tags."""
    kept = fields
    if "message" in kind.fields:
        written = merged(own_layers(entry))
        kept = {name: value for name, value in fields.items() if name in written or name == "tags"}
    shared = {name: value for name, value in kept.items() if name in COMMON and name not in kind.fields}
    apart = {*shared, "kind"} if kind.is_templated else {*shared, "kind", "template"}
    return shared, {name: value for name, value in kept.items() if name not in apart}


def _unscoped_query(entry: Entry, kind: Kind, own: Mapping[str, Any]) -> Iterator[Finding]:
    query = own.get("query")
    if isinstance(query, str) and "%{" not in query:
        is_filled = kind.is_templated or entry.fields.get("template") is True
        yield from unscoped_query(entry, ("query",), is_filled=is_filled)


def _kind_finding(problem: KindProblem, entry: Entry, own: Mapping[str, Any]) -> Finding:
    if problem.field and problem.field[0] in entry.fields:
        layer, place = setting_layer(entry.layers, problem.field)
        span = layer.document.span(place)
    else:
        span = entry.definition.document.span(entry.definition.place)
    finding = Finding(problem.rule, Severity.ERROR, one_line(problem.message), span, hint=one_line(problem.hint))
    text: Any = own
    for step in problem.field:
        text = text.get(step) if isinstance(text, Mapping) else None
    if problem.start < 0 or not isinstance(text, str):
        return finding
    return text_finding(finding, text, layers=entry.layers, place=problem.field, part=(problem.start, problem.end))


def _resource(entry: Entry, common: Common, monitor: Monitor) -> Iterator[Resource | Finding]:
    name = f"{entry.name}.{monitor.element}" if monitor.element else entry.name
    line = entry.definition.document.line(entry.definition.place)
    tracked = tracked_resource(entry, name, _payload(entry, common, monitor), resource_types()["monitor"])
    if isinstance(tracked, Finding):
        yield tracked
        return
    yield msgspec.structs.replace(
        tracked,
        line=line,
        notes=monitor.notes,
        happens=monitor.happens,
        heartbeats=monitor.heartbeats,
        batch=monitor.batch,
        deadline=monitor.deadline,
        told_in=monitor.told_in,
    )


def _payload(entry: Entry, common: Common, monitor: Monitor) -> dict[str, Any]:
    text = "" if common.message is UNSET else common.message
    title = f"[{entry.environment}] {entry.around.service} {entry.name}"
    suffix = f" ({monitor.element})" if monitor.element else ""
    payload: dict[str, Any] = {
        "name": (title if common.name is UNSET else common.name) + suffix,
        "type": monitor.type,
        "query": monitor.query,
        "message": with_handles(
            "\n\n".join(part for part in (monitor.message, text.strip()) if part),
            notify=_words(common.notify), urgent=_words(common.urgent),
            runbook="" if common.runbook is UNSET else common.runbook,
            when=When(monitor.notify_when, monitor.urgent_when),
        ),
        "tags": tags_of(entry, () if common.tags is UNSET else tuple(common.tags)),
        "options": monitor.options,
        **({} if common.priority is UNSET else {"priority": common.priority}),
    }  # fmt: skip
    tags = dict.fromkeys((*payload["tags"], *monitor.extra.get("tags", ())))
    return {**payload, **monitor.extra, "tags": list(tags)}


def _words(handles: Any) -> tuple[str, ...]:
    return () if handles is UNSET else tuple(handles.split())

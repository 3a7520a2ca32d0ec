"""A written query of what exists in several environments must tell them apart."""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Finding, Severity
from generator.render.entries import Entry
from generator.render.filling import text_at
from generator.render.layers import setting_layer
from generator.render.templates import mentions
from generator.source.documents import Place


def unscoped_query(entry: Entry, place: Place, *, is_filled: bool = True) -> Iterator[Finding]:
    """`is_filled` where templates in the text are filled in without being asked to."""
    if len(entry.around.environments) < 2:
        return
    layer, written = setting_layer(entry.layers, place)
    source = text_at(layer, place) or ""
    if layer.is_environment or _exists_once(entry) or mentions(source, "environment") or mentions(source, "variables"):
        return
    count = len(entry.around.environments)
    message = f"`{entry.definition.name}` exists in {count} environments, but its query is the same in all"
    hint = "name << environment.scope >> in the query's filter" + ("" if is_filled else " and set `template: true`")
    yield Finding("query-without-environment", Severity.ERROR, message, layer.document.span(written), hint=hint)


def _exists_once(entry: Entry) -> bool:
    wanted = entry.placement.environments
    return isinstance(wanted, list) and len(wanted) == 1

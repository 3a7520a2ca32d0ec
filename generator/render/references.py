"""References between resources: `%{NAME}`, `%{SERVICE/NAME}` and `%{SERVICE/NAME/ENVIRONMENT}` → `%{TRACKING_ID}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from generator.finding import Finding, Severity, Span
from generator.render.model import Resource
from generator.resources.references import references
from generator.resources.types import resource_types
from generator.source.decode import nearest

_TOKEN = re.compile(r"%\{([^{}\s]{1,250})\}")


def has_references(text: str) -> bool:
    return "%{" in text


def canonical(resource: Resource) -> Resource:
    """Name every reference of the payload by its whole tracking id."""
    if not resource_types()[resource.resource].may_refer(resource.payload):
        return resource
    workspace, service, _, environment = resource.tracking_id.split("/")

    def whole(match: re.Match[str]) -> str:
        parts = match[1].split("/")
        if len(parts) == 1:
            parts = [service, *parts]
        if len(parts) == 2:
            parts = [*parts, environment]
        return f"%{{{'/'.join(parts if len(parts) == 4 else [workspace, *parts])}}}"

    return msgspec.structs.replace(resource, payload=_replaced(resource.payload, whole))


def _replaced(value: Any, whole: Callable[[re.Match[str]], str]) -> Any:
    if isinstance(value, str):
        return _TOKEN.sub(whole, value) if has_references(value) else value
    if isinstance(value, Mapping):
        return {key: _replaced(each, whole) for key, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, whole) for each in value]
    return value


def unknown_references(resources: Iterable[Resource]) -> Iterator[Finding]:
    """References to what is not rendered."""
    resources = tuple(resources)
    known = {resource.tracking_id for resource in resources}
    for resource in resources:
        if resource_types()[resource.resource].may_refer(resource.payload):
            for reference in references(resource.payload):
                if reference not in known:
                    yield _unknown(resource, reference, tuple(known))


def _unknown(resource: Resource, reference: str, known: tuple[str, ...]) -> Finding:
    meant = nearest(reference, known)
    hint = (
        f"did you mean `%{{{meant}}}`?"
        if meant
        else "references are %{NAME}, %{SERVICE/NAME} or %{SERVICE/NAME/ENVIRONMENT}"
    )
    message = f"`{resource.tracking_id}` refers to `%{{{reference}}}`, which is not there"
    return Finding(
        "unknown-reference", Severity.ERROR, message, Span(resource.path, resource.line, 1, resource.line, 1), hint=hint
    )

"""References between resources: `%{NAME}`, `%{SERVICE/NAME}` and `%{SERVICE/NAME/ENVIRONMENT}` → `%{TRACKING_ID}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from generator.finding import Finding, Severity, Span
from generator.render.model import Resource
from generator.resources.references import references
from generator.resources.types import resource_types
from generator.source.decode import nearest

_FORMS = "write %{NAME}, %{SERVICE/NAME} or %{SERVICE/NAME/ENVIRONMENT}"
_TOKEN = re.compile(r"%\{([^{}\s]{1,250})\}")


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
        return _TOKEN.sub(whole, value) if "%{" in value else value
    if isinstance(value, Mapping):
        return {key: _replaced(each, whole) for key, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, whole) for each in value]
    return value


Locate = Callable[[Resource, tuple[str | int, ...]], Span]


def unknown_references(resources: Iterable[Resource], broken: Collection[str], locate: Locate) -> Iterator[Finding]:
    """References to what is not there; what is `broken` has its own finding."""
    resources = tuple(resources)
    known = {resource.tracking_id for resource in resources}
    names: dict[str, list[str]] = {}
    for tracking_id in sorted(known):
        names.setdefault(tracking_id.split("/")[2], []).append(tracking_id)
    for resource in resources:
        if resource_types()[resource.resource].may_refer(resource.payload):
            for reference in references(resource.payload):
                if reference == resource.tracking_id:
                    yield _to_itself(resource, locate)
                elif reference not in known and reference not in broken:
                    yield _unknown(resource, reference, names, locate)


def _unknown(resource: Resource, reference: str, names: Mapping[str, list[str]], locate: Locate) -> Finding:
    own = resource.tracking_id.split("/")[2]
    meant = nearest(reference.split("/")[2], [name for name in names if name != own])
    hint = f"did you mean `%{{{_likest(reference, names[meant])}}}`?" if meant else _FORMS
    message = f"there is no `{reference}` to refer to"
    return Finding("unknown-reference", Severity.ERROR, message, locate(resource, ("query",)), hint=hint)


def _to_itself(resource: Resource, locate: Locate) -> Finding:
    name = resource.tracking_id.split("/")[2]
    message = f"`%{{{name}}}` in the {resource.resource} `{name}` means itself"
    hint = "name another one; where a monitor and an SLO have one name, give them two"
    return Finding("self-reference", Severity.ERROR, message, locate(resource, ("query",)), hint=hint)


def _likest(reference: str, namesakes: list[str]) -> str:
    """The one that shares service and environment, else as many of the parts as can be."""
    parts = reference.split("/")
    return max(namesakes, key=lambda each: sum(one == other for one, other in zip(parts, each.split("/"), strict=True)))

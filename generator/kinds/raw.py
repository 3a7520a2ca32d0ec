"""Any Datadog monitor with Datadog's own JSON fields: nothing that Datadog can do is out of reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from generator.explain.monitor import Context, KindProblem, Monitor

MonitorType = Literal[
    "audit alert",
    "ci-pipelines alert",
    "ci-tests alert",
    "composite",
    "cost alert",
    "data-jobs alert",
    "data-quality alert",
    "database-monitoring alert",
    "datadog-usage alert",
    "error-tracking alert",
    "event alert",
    "event-v2 alert",
    "llm-observability alert",
    "log alert",
    "metric alert",
    "network-path alert",
    "network-performance alert",
    "process alert",
    "query alert",
    "rum alert",
    "service check",
    "slo alert",
    "synthetics alert",
    "trace-analytics alert",
]
TEMPLATED = False  # Datadog's own text may look like ours
_FURTHER_FIELDS = ("name", "tags", "priority", "draft_status", "restricted_roles", "assets")


class Parameters(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Datadog's fields as https://docs.datadoghq.com/api/latest/monitors/ names them."""

    type: Annotated[MonitorType, Meta(description="Datadog's monitor type.")]
    query: Annotated[str, Meta(description="The query in the language of the type, sent as it stands.")]
    name: Annotated[str | UnsetType, Meta(description="The monitor's title in Datadog.")] = UNSET
    message: Annotated[str | UnsetType, Meta(description="The text of its notifications.")] = UNSET
    options: Annotated[
        dict[str, Any] | UnsetType, Meta(description="Datadog's monitor options, sent as they stand.")
    ] = UNSET
    tags: Annotated[list[str] | UnsetType, Meta(description="Tags of the monitor itself.")] = UNSET
    priority: Annotated[int | UnsetType, Meta(description="From 1, the most urgent, to 5.")] = UNSET
    draft_status: Annotated[Literal["draft", "published"] | UnsetType, Meta(description="A draft notifies nobody.")] = (
        UNSET
    )
    restricted_roles: Annotated[
        list[str] | UnsetType, Meta(description="Ids of the roles that may edit the monitor.")
    ] = UNSET
    assets: Annotated[
        list[dict[str, Any]] | UnsetType, Meta(description="Runbooks and notebooks linked to the monitor.")
    ] = UNSET


def monitors(parameters: Parameters, context: Context) -> tuple[Monitor, ...] | tuple[KindProblem, ...]:  # noqa: ARG001 - the signature of every kind
    """One monitor, field by field as written."""
    given = {field: getattr(parameters, field) for field in _FURTHER_FIELDS}
    return (
        Monitor(
            type=parameters.type,
            query=parameters.query,
            options=parameters.options or {},
            message=parameters.message or "",
            extra={field: value for field, value in given.items() if value is not UNSET},
        ),
    )


def fields_of(monitor: Mapping[str, Any], _written: Mapping[str, Any]) -> dict[str, Any]:
    """What is Datadog's as it stands; the renderer knows the fields that all kinds have."""
    return {field: monitor[field] for field in ("query", "options", "draft_status") if field in monitor}

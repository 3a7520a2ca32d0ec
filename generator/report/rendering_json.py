"""Rendered resources as JSON.

`{"version": 1, "resources": [{"tracking_id", "resource", "payload", "path", "line"}]}`: the payload as it would be
sent, and the YAML that it comes from.
"""

from __future__ import annotations

from typing import Any

from generator.render.model import Rendering, Resource
from generator.report.json_text import json_text


def rendering_json(rendering: Rendering) -> str:
    return json_text({"version": 1, "resources": [_resource(resource) for resource in rendering.resources]}) + "\n"


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "tracking_id": resource.tracking_id,
        "resource": resource.resource,
        "payload": resource.payload,
        "path": resource.path,
        "line": resource.line,
    }

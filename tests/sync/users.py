"""What somebody else makes of a monitor of ours."""

from __future__ import annotations

from typing import Any


def graph_of(title: str, monitor_id: object) -> dict[str, Any]:
    definition = {"type": "alert_graph", "alert_id": str(monitor_id), "viz_type": "timeseries"}
    return {"title": title, "layout_type": "ordered", "widgets": [{"definition": definition}]}


def slo_of(title: str, monitor_id: object) -> dict[str, Any]:
    thresholds = [{"timeframe": "7d", "target": 99.0}]
    return {"name": title, "type": "monitor", "monitor_ids": [monitor_id], "tags": [], "thresholds": thresholds}

"""What Datadog answers to a creation, written from recorded exchanges and apart from the code under test."""

from __future__ import annotations

import copy
from typing import Any

Json = dict[str, Any]

LOG_LIKE = ("log alert", "rum alert", "ci-pipelines alert", "ci-tests alert", "error-tracking alert")


def stored_monitor(sent: Json, number: int) -> Json:
    body = copy.deepcopy(sent)
    for key in ("query", "message"):
        body[key] = (body.get(key) or "").strip()
    body["tags"] = body.get("tags") or []
    body["priority"] = body.get("priority") or None
    body["options"] = _stored_options(body.get("options") or {}, body["type"])
    if body["type"] == "metric alert" and "current_1" in body["query"]:
        body["type"] = "query alert"
    return {
        "restricted_roles": None,
        "draft_status": "published",
        **body,
        "id": number,
        "org_id": 321813,
        "created_at": 1770666428000,
        "created": "2026-02-09T19:47:08.872005+00:00",
        "modified": "2026-02-09T19:47:08.872005+00:00",
        "deleted": None,
        "multi": " by {" in body["query"],
        "overall_state": "No Data",
        "overall_state_modified": None,
        "creator": {"name": "frog", "handle": "frog@example.com", "email": "frog@example.com", "id": 1},
        "matching_downtimes": [],
        "assets": [],
    }


def _stored_options(sent: Json, monitor_type: str) -> Json:
    options = {"silenced": {}, "notify_audit": False, "include_tags": True, **sent}
    if "notify_no_data" not in sent and "on_missing_data" not in sent:
        options["notify_no_data"] = False
    if sent.get("new_host_delay") is None and sent.get("new_group_delay") is None:
        options["new_host_delay"] = 300
    if monitor_type in LOG_LIKE:
        options.setdefault("groupby_simple_monitor", False)
    if "escalation_message" in options:
        options["escalation_message"] = (options["escalation_message"] or "").strip()
    thresholds = {
        key: float(value) if isinstance(value, int) else value
        for key, value in (options.pop("thresholds", None) or {}).items()
        if value is not None
    }
    return {**options, "thresholds": thresholds} if thresholds else options


def stored_dashboard(sent: Json, number: int) -> Json:
    body = copy.deepcopy(sent)
    _number_widgets(body["widgets"], iter(range(1000, 9999)))
    if body.get("notify_list"):
        body["notify_list"] = sorted(body["notify_list"])
    return {
        "description": None,
        "notify_list": None,
        "template_variables": None,
        "restricted_roles": [],
        **body,
        "id": f"abc-{number}",
        "url": f"/dashboard/abc-{number}/title",
        "author_handle": "frog@example.com",
        "author_name": "frog",
        "created_at": "2026-02-09T19:47:08.872005+00:00",
        "modified_at": "2026-02-09T19:47:08.872005+00:00",
    }


def _number_widgets(widgets: list[Any], numbers: Any) -> None:
    for widget in widgets:
        widget["id"] = next(numbers)
        _number_widgets(widget["definition"].get("widgets", []), numbers)

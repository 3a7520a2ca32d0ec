"""The groups of monitors as the API shows them."""

from __future__ import annotations

from generator.localdog.organisation import Payload
from generator.localdog.standing_store import GroupRecord, MonitorRecord

ALL = "all"


def state(record: MonitorRecord | None, asked: tuple[str, ...]) -> Payload:
    """What `group_states` adds to a monitor: its groups in the states that are asked for
    (https://docs.datadoghq.com/api/latest/monitors/#get-a-monitors-details).
    """
    groups = shown_groups(record)
    return {
        "groups": {
            name: {
                "name": name,
                "status": group.status,
                "last_triggered_ts": group.last_triggered_ts,
                "last_notified_ts": group.last_notified_ts,
                "last_resolved_ts": group.last_resolved_ts,
                "last_nodata_ts": group.last_nodata_ts,
            }
            for name, group in groups.items()
            if ALL in asked or group.status.lower() in asked
        }
    }


def shown_groups(record: MonitorRecord | None) -> dict[str, GroupRecord]:
    """Those that were evaluated at least once, and are not forgotten."""
    groups = {} if record is None else record.groups
    return {name: group for name, group in sorted(groups.items()) if group.is_known}


def found_group(monitor: Payload, name: str, group: GroupRecord, *, muted_until: int | None) -> Payload:
    """One of `groups/search`, as recorded."""
    tags: list[str] = monitor["tags"]
    return {
        "status": group.status,
        "last_nodata_ts": group.last_nodata_ts,
        "env_tags": [tag.partition(":")[2] for tag in tags if tag.startswith("env:")],
        "muted_remaining": None,
        "muted_until_ts": muted_until,
        "all_tags": [*tags, *([] if name == "*" else name.split(","))],
        "monitor_name": monitor["name"],
        "team_tags": [tag.partition(":")[2] for tag in tags if tag.startswith("team:")],
        "last_triggered_ts": group.last_triggered_ts,
        "group": name,
        "downtimes": [],
        "monitor_id": monitor["id"],
        "priority": monitor["priority"],
        "muted": bool(monitor["options"].get("silenced")),
        "group_tags": name.split(","),
    }

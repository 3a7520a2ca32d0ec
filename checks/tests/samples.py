"""Documents of the endpoint, made for a case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

START_NS = 1_700_000_000 * 10**9
SECOND_NS = 10**9
ARN = "arn:aws:ecs:ap-northeast-1:111122223333:task/web/0123"


# When a run reads them, unless a case says otherwise.
NOW_SECONDS = 50


def moment(seconds: float) -> str:
    """A moment after the start, as the endpoint writes it."""
    nanoseconds = START_NS + round(seconds * SECOND_NS)
    whole = datetime.fromtimestamp(nanoseconds // SECOND_NS, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{nanoseconds % SECOND_NS:09d}Z"


def container(name: str = "app", **fields: Any) -> dict[str, Any]:
    return {"DockerId": f"0123-{name}", "Name": name, "KnownStatus": "RUNNING", "StartedAt": moment(-3600), **fields}


def task(*containers: dict[str, Any], cpu: Any = 1, **fields: Any) -> dict[str, Any]:
    """A task of `cpu` vCPU; of one container by default."""
    return {
        "TaskARN": ARN,
        "Family": "usage-api",
        "Revision": "7",
        "Cluster": "arn:aws:ecs:ap-northeast-1:111122223333:cluster/web",
        "Limits": {"CPU": cpu, "Memory": 512},
        "Containers": list(containers) or [container()],
        **fields,
    }


def stats(read: float, total: float, **fields: Any) -> dict[str, Any]:
    """A container's counters at `read` seconds, of `total` seconds of CPU; without a previous reading by default."""
    return {
        "read": moment(read),
        "preread": "0001-01-01T00:00:00Z",
        "cpu_stats": {"cpu_usage": {"total_usage": round(total * SECOND_NS)}},
        "precpu_stats": {"cpu_usage": {"total_usage": 0}},
        **fields,
    }


def since(read: float, total: float) -> dict[str, Any]:
    """The previous reading, for `stats`."""
    return {
        "preread": moment(read),
        "precpu_stats": {"cpu_usage": {"total_usage": round(total * SECOND_NS)}},
    }

"""Monitors of the batch kinds for a place and its office hours, as the tests of their timing need them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

import msgspec

from generator.explain.monitor import Context, Monitor
from generator.kinds import batch_delay, batch_failure

LAG = timedelta(minutes=20)
CONTEXT = Context(
    service="usage-dashboard",
    name="nightly",
    environment="production",
    scope="env:production",
    timezone="Asia/Tokyo",
    aws_account="111122223333",
    aws_region="ap-northeast-1",
    metrics_arrive_within={"aws": LAG},
    business_days=(0, 1, 2, 3, 4),
    business_hours=(time(10), time(19)),
    reference_years=(2026, 2027),
)


def failure(timezone: str = "Asia/Tokyo", **parameters: Any) -> tuple[Monitor, ...]:
    return _rendered(batch_failure, timezone, parameters)


def delay(timezone: str = "Asia/Tokyo", **parameters: Any) -> tuple[Monitor, ...]:
    return _rendered(batch_delay, timezone, parameters)


def payloads(monitors: tuple[Monitor, ...]) -> list[dict[str, Any]]:
    return [{"query": each.query, "options": each.options} for each in monitors]


def _rendered(kind: Any, timezone: str, parameters: Mapping[str, Any]) -> tuple[Monitor, ...]:
    written = {"state_machine": "nightly", **parameters}
    context = msgspec.structs.replace(CONTEXT, timezone=timezone)
    found = kind.monitors(msgspec.convert(written, kind.Parameters), context)
    assert all(isinstance(each, Monitor) for each in found), found
    return tuple(found)

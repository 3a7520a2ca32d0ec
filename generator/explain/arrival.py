"""How late metrics come."""

from __future__ import annotations

from datetime import timedelta

from generator.explain.monitor import Context

_AT_ONCE = timedelta(0)


def arrives_within(metric: str, context: Context) -> timedelta:
    """How long after an event its metric can be seen, by the longest prefix that the organisation names."""
    fitting = [prefix for prefix in context.metrics_arrive_within if f"{metric}.".startswith(f"{prefix.rstrip('.')}.")]
    return context.metrics_arrive_within[max(fitting, key=len)] if fitting else _AT_ONCE

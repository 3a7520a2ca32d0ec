"""What Datadog's documentation leaves open, each as a named choice: run under another to see whether it matters."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

_DAY = 86_400


class Settings(Struct, frozen=True, kw_only=True):
    """The choices of a simulation.

    - `bucket_seconds`: how long the buckets of a query without `.rollup()` are; None takes one for each evaluation,
      60 s for windows under a day. Datadog picks them by rules of its own.
    - `evaluation_second`: at which second of its interval a monitor is evaluated ("always at the same second").
    - `first_difference`: what `diff` and its like compare a window's first point with: the last point `before` the
      window, or `nothing`.
    - `ungrouped_operand`: what a grouped series combined with an ungrouped one becomes: `each` group with it, or
      `nothing`.
    - `new_group_delay`: seconds without evaluation for a group first seen, where the options name none
      (https://docs.datadoghq.com/monitors/configuration/#new-group-delay).
    - `renotify_for_hours`: when renotification stops by itself.
    """

    bucket_seconds: int | None = None
    evaluation_second: int = 0
    first_difference: Literal["before", "nothing"] = "before"
    ungrouped_operand: Literal["each", "nothing"] = "each"
    new_group_delay: int = 60
    renotify_for_hours: int = 30


DEFAULT = Settings()


def evaluation_seconds(window_seconds: int) -> int:
    """How often a monitor with such a window is evaluated (https://docs.datadoghq.com/monitors/configuration/)."""
    if window_seconds < _DAY:
        return 60
    return 600 if window_seconds < 2 * _DAY else 1800

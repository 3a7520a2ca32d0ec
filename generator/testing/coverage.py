"""Which monitors have tests, and which of their states no test reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from generator.message.event import State
from generator.render.model import Resource
from generator.testing.outcome import Outcome
from generator.testing.queries import asks_for_less_than_nothing


class Coverage(Struct, frozen=True, kw_only=True):
    """By name, `SERVICE/NAME`, whatever the environment. `unreached` are states of tested monitors."""

    tested: tuple[str, ...]
    untested: tuple[str, ...]
    unreached: tuple[tuple[str, tuple[State, ...]], ...]

    @property
    def share(self) -> float:
        """From 0 to 1; of no monitors all are tested."""
        return len(self.tested) / number if (number := len(self.tested) + len(self.untested)) else 1.0


def coverage(resources: Iterable[Resource], outcomes: Iterable[Outcome]) -> Coverage:
    """Of the monitors among the resources."""
    reached: dict[str, frozenset[State]] = {}
    for each in outcomes:
        name = monitor_name(each.test.resource.tracking_id)
        reached[name] = reached.get(name, frozenset()) | each.reached
    monitors = {monitor_name(each.tracking_id): each for each in resources if each.resource == "monitor"}
    return Coverage(
        tested=tuple(sorted(name for name in monitors if name in reached)),
        untested=tuple(sorted(name for name in monitors if name not in reached)),
        unreached=tuple(
            (name, missing)
            for name, each in sorted(monitors.items())
            if name in reached and (missing := _missing(each.payload, reached[name]))
        ),
    )


def monitor_name(tracking_id: str) -> str:
    """Without workspace and environment."""
    return "/".join(tracking_id.split("/")[1:3])


def _missing(payload: Mapping[str, Any], reached: frozenset[State]) -> tuple[State, ...]:
    return tuple(each for each in _possible(payload) if each not in reached)


def _possible(payload: Mapping[str, Any]) -> tuple[State, ...]:
    """The states beside OK that the payload lets it come into."""
    options = payload.get("options")
    known = options if isinstance(options, Mapping) else {}
    limits = known.get("thresholds")
    warns = isinstance(limits, Mapping) and limits.get("warning") is not None
    misses = known.get("on_missing_data") in ("show_no_data", "show_and_notify_no_data") or known.get("notify_no_data")
    alerts = not asks_for_less_than_nothing(payload)
    return (
        *((State.ALERT,) if alerts else ()),
        *((State.WARNING,) if warns else ()),
        *((State.NO_DATA,) if misses else ()),
    )

"""What a past in files says that a change would have done, for a review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator.report.past_effect import NO_EFFECTS, Effects, PastEffect

if TYPE_CHECKING:
    from generator.backtest.model import Backtest, Backtested, Course, NotRun

_DAY = 86_400
_FLAPPING_MINUTES = 30


def past_effects(root: Path, base: str, history: Sequence[Path], *, no_cache: bool) -> Effects:
    """By tracking id, of all monitors that differ from the base; nothing without history."""
    if not history:
        return NO_EFFECTS
    from generator.cli._backtest_request import Request
    from generator.cli._backtesting import backtest

    request = Request(
        names=(),
        root=root,
        since=None,
        until=None,
        history=tuple(history),
        base=base,
        api_url=None,
        local=False,
        requests=0,
        flapping=_FLAPPING_MINUTES,
        rollup=None,
        interpolation="datadog",
        no_cache=no_cache,
        within=0,
    )
    found = backtest(request, datetime.now(UTC))
    return {each.tracking_id: _effect(each, found) for each in found.monitors}


def _effect(of: Backtested, found: Backtest) -> PastEffect:
    days = max(1, round((found.until - found.since) / _DAY))
    if not of.is_run:
        return PastEffect(days, unknown=of.reason)
    if of.is_blind:
        return PastEffect(days, unknown="no evaluation saw a point")
    return PastEffect(days, _alerts(of.base), _alerts(of.proposed), _outside_hours(of))


def _alerts(course: Course | NotRun | None) -> int | None:
    from generator.backtest.model import Course
    from generator.message.event import State

    return len(course.of(State.ALERT)) if isinstance(course, Course) else None


def _outside_hours(of: Backtested) -> int | None:
    from generator.backtest.model import Course
    from generator.message.event import State

    if not isinstance(of.proposed, Course):
        return None
    return sum(not of.hours.are_at(each.start) for each in of.proposed.of(State.ALERT))

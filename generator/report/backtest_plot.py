"""A monitor's values, thresholds and alerts drawn as inline SVG: nothing is loaded, nothing runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from html import escape
from zoneinfo import ZoneInfo

from msgspec import Struct

from generator.backtest.curve import Curve
from generator.backtest.model import Course, Episode
from generator.message.event import State
from generator.report.backtest_words import local, number, when
from generator.report.visible import short

WIDTH, HEIGHT = 960, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 8, 8, 22
_BAR = 9
_APART, _NARROWEST = 0.5, 1.5
_AND_MORE = ", and more"
_CLASSES = {State.ALERT: "alert", State.WARNING: "warn", State.NO_DATA: "nodata"}
_FEW_DAYS = 10


class Lane(Struct, frozen=True):
    """A version's states under the plot."""

    name: str
    episodes: tuple[Episode, ...]


def plot(curve: Curve, course: Course, lanes: Sequence[Lane], zone: ZoneInfo, other: Curve | None = None) -> str:
    """One group's values between their lowest and highest, `other` those of the other version, and its alerts."""
    scale = _Scale(*_range((curve, other), course), curve.since, curve.until)
    height = HEIGHT + (_BAR + 4) * len(lanes)
    name = f"values of {short(', '.join(curve.group) or 'the monitor', 120)}"
    parts = (
        *_axes(scale, zone),
        *([] if other is None else [f'<path class="other" d="{_outline(other, scale)}"/>']),
        f'<path class="value" d="{_outline(curve, scale)}"/>',
        *_thresholds(course, scale),
        *_bars(lanes, scale, zone),
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(name)}">'
        f"<title>{escape(name)}</title>{''.join(parts)}</svg>"
    )


class _Scale(Struct, frozen=True):
    low: float
    high: float
    since: int
    until: int

    def x(self, second: float) -> float:
        share = (second - self.since) / max(1, self.until - self.since)
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * min(1.0, max(0.0, share))

    def y(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * min(1.0, max(0.0, share))


def _range(curves: Sequence[Curve | None], course: Course) -> tuple[float, float]:
    found = [
        each
        for curve in curves
        if curve is not None
        for side in (curve.lows, curve.highs)
        for each in side
        if each is not None
    ]
    limits = course.thresholds
    found += [] if limits is None else [each for each in (limits.critical, limits.warning) if each is not None]
    low, high = min(found, default=0.0), max(found, default=1.0)
    margin = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    return (low if low == 0 else low - margin), high + margin


def _outline(curve: Curve, scale: _Scale) -> str:
    """From column to column, up and down between the lowest and the highest; broken where there is no value."""
    width = (curve.until - curve.since) / max(1, len(curve.lows))
    told: list[str] = []
    pen = "M"
    for column, (low, high) in enumerate(zip(curve.lows, curve.highs, strict=True)):
        if low is None or high is None:
            pen = "M"
            continue
        x = scale.x(curve.since + (column + 0.5) * width)
        told.append(f"{pen}{x:.1f} {scale.y(low):.1f}")
        if scale.y(low) - scale.y(high) >= 0.1:
            told.append(f"V{scale.y(high):.1f}")
        elif pen == "M":
            # A lone point has no length, and round ends make it seen.
            told.append("h0")
        pen = "L"
    return "".join(told)


def _thresholds(course: Course, scale: _Scale) -> Iterator[str]:
    limits = course.thresholds
    for value, kind in () if limits is None else ((limits.critical, "alert"), (limits.warning, "warn")):
        if value is not None:
            y = scale.y(value)
            yield f'<line class="limit {kind}" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _axes(scale: _Scale, zone: ZoneInfo) -> Iterator[str]:
    bottom = HEIGHT - _BOTTOM
    yield f'<line class="axis" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{bottom}" y2="{bottom}"/>'
    for value in (scale.low, (scale.low + scale.high) / 2, scale.high):
        y = scale.y(value)
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(_level(value))}</text>'
    for second, text in _ticks(scale, zone):
        x = scale.x(second)
        yield f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{escape(text)}</text>'


def _level(value: float) -> str:
    return f"{value:,.3g}" if abs(value) < 1e3 else number(value)


def _ticks(scale: _Scale, zone: ZoneInfo) -> Iterator[tuple[int, str]]:
    """Local midnights, or for less than two days whole hours."""
    span = scale.until - scale.since
    days = span / 86_400
    if days < 2:
        step = next((hours for hours in (1, 2, 3, 6) if span / 3600 / hours <= 10), 6)
        at = local(scale.since, zone).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        while at.timestamp() <= scale.until:
            if at.hour % step == 0:
                yield int(at.timestamp()), f"{at:%H:%M}"
            at = local(int(at.timestamp()) + 3600, zone)
        return
    every = max(1, round(days / _FEW_DAYS))
    day = local(scale.since, zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while day.timestamp() <= scale.until:
        yield int(day.timestamp()), f"{day:%a %d %b}"
        day += timedelta(days=every)


def _bars(lanes: Sequence[Lane], scale: _Scale, zone: ZoneInfo) -> Iterator[str]:
    for place, lane in enumerate(lanes):
        y = HEIGHT + place * (_BAR + 4)
        yield f'<text x="{_LEFT - 6}" y="{y + _BAR - 1}" text-anchor="end">{escape(short(lane.name, 8))}</text>'
        yield f'<rect class="lane" x="{_LEFT}" y="{y}" width="{WIDTH - _LEFT - _RIGHT}" height="{_BAR}"/>'
        for kind, start, end, title in _merged(lane.episodes, scale, zone):
            yield (
                f'<rect class="{kind}" x="{start:.1f}" y="{y}" width="{end - start:.1f}" height="{_BAR}">'
                f"<title>{escape(title)}</title></rect>"
            )


def _merged(episodes: Sequence[Episode], scale: _Scale, zone: ZoneInfo) -> Iterator[tuple[str, float, float, str]]:
    """Class, start, end and title of bars; what nobody could tell apart is one, so that there are few."""
    bars: dict[State, list[tuple[float, float, str]]] = {}
    for each in episodes:
        start, end = scale.x(each.start), scale.x(scale.until if each.end is None else each.end)
        row = bars.setdefault(each.state, [])
        title = f"{each.state.value}: {when(each, zone)}"
        if row and start - row[-1][1] < _APART:
            row[-1] = (row[-1][0], max(row[-1][1], end), f"{row[-1][2].removesuffix(_AND_MORE)}{_AND_MORE}")
        else:
            row.append((start, max(end, start + _NARROWEST), title))
    for state, row in bars.items():
        yield from ((_CLASSES.get(state, "nodata"), *bar) for bar in row)

"""Where a monitor's history comes from: what its evaluations read, or why they cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from generator.datadog.errors import Rejected
from generator.history.asking import Ask, Asks, Interpolation, answer_space, asks
from generator.history.budget import BudgetSpent
from generator.history.cache import Chunk
from generator.history.filed_series import FiledSeries
from generator.history.files import FiledHistory
from generator.history.line import Line, between, joined
from generator.history.pulling import Pulling, Unanswered, missing_chunks, pulled
from generator.query.nodes import AsCount, AsRate, MetricQuery
from generator.query.printer import print_query
from generator.simulate.history import History, MetricKind, Series
from generator.simulate.refusal import Refusal
from generator.simulate.scopes import matcher
from generator.simulate.settings import DEFAULT, Settings

_KEYS = (401, 403)
_LAST_SECOND = 59
_SETTLED_BY_ANSWERS = frozenset({"bucket_seconds", "evaluation_second", "interpolated"})


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of the past, `since` until `until`; `late_seconds` is how late a metric comes, by its name.

    - `settings`: those of the simulation; `bucket_seconds` is also what a query API is asked for.
    - `interpolation`: whether a query API closes gaps between sources as it does for graphs (`datadog`) or not at all
      (`none`), where the query does not say it by `.fill()`.
    """

    since: int
    until: int
    settings: Settings = DEFAULT
    interpolation: Interpolation = "datadog"
    late_seconds: Callable[[str], int] = lambda _: 0


class Past(msgspec.Struct, frozen=True):
    """`payload` is to be simulated over `history`; `notes` tell what makes it differ from what the monitor saw.

    Buckets of an answer are known when they are over, so it is evaluated in the last second of each minute. `settled`
    are settings of which an answer leaves no choice.
    """

    payload: Mapping[str, Any]
    history: History
    notes: tuple[str, ...] = ()
    settings: Settings = DEFAULT
    settled: frozenset[str] = frozenset()


class NoPast(msgspec.Struct, frozen=True):
    """Why there is none, and whether only the budget was spent: the next run goes on from there."""

    reason: str
    is_budget: bool = False


class Source(Protocol):
    """Files, or a query API."""

    def past(self, payload: Mapping[str, Any], reading: Reading) -> Past | NoPast:
        """What the monitor reads."""


@dataclass(frozen=True)
class Files:
    """Points and answers out of files."""

    filed: FiledHistory

    def past(self, payload: Mapping[str, Any], reading: Reading) -> Past | NoPast:
        """From answers where there are any to one of its metrics, else from points."""
        found = _asks(payload, reading)
        if isinstance(found, Refusal):
            return NoPast(found.reason)
        lines = {each: _fitting(each, self.filed) for each in found.asks}
        wrong = next((each for each in lines.values() if isinstance(each, str)), None)
        if wrong is not None:
            return NoPast(wrong)
        answered = {ask: each for ask, each in lines.items() if isinstance(each, tuple)}
        if not answered:
            return self._of_points(payload, found, reading)
        if len(answered) < len(found.asks):
            unanswered = next(ask for ask in found.asks if ask not in answered)
            return NoPast(f"the files answer a part of its query only; `{unanswered.text}` is missing")
        return _of_answers(found, answered, reading)

    def _of_points(self, payload: Mapping[str, Any], found: Asks, reading: Reading) -> Past | NoPast:
        known = {each.metric for each in self.filed.series}
        missing = [f"`{ask.leaf.metric}`" for ask in found.asks if ask.leaf.metric not in known]
        if missing:
            return NoPast(f"the files have no points of {', '.join(dict.fromkeys(missing))}")
        kinds = {ask.leaf.metric: _followed_kind(ask.leaf.metric, found) for ask in found.asks}
        read = [each for each in self.filed.series if each.metric in kinds]
        unmeasured = next((each for each in read if _is_unmeasured(each, found)), None)
        if unmeasured is not None:
            return NoPast(
                f"points of `{unmeasured.metric}` are a rate, and no `interval` says how far they are apart, which "
                "`.as_count()` multiplies by"
            )
        history = History(
            each.read_as(kinds[each.metric], late_seconds=reading.late_seconds(each.metric)) for each in read
        )
        notes = (
            *_of_no_source(found, history),
            *_of_taken_kinds(read, kinds),
            *_of_summed_rates(read, found, reading.settings),
        )
        return Past(payload, history, notes, reading.settings)


@dataclass(frozen=True)
class Pulled:
    """What a query API answers, as far as the budget reaches."""

    pulling: Pulling

    def past(self, payload: Mapping[str, Any], reading: Reading) -> Past | NoPast:
        """Ask for each metric of the query; raises ApiError where the API cannot be asked at all."""
        found = _asks(payload, reading)
        if isinstance(found, Refusal):
            return NoPast(found.reason)
        try:
            answered = {each: pulled(each, self.pulling) for each in found.asks}
        except BudgetSpent:
            left = len(missing(self.pulling, [payload], reading))
            return NoPast(
                f"the requests of this run are spent; {left:,} more are needed, see `--requests`", is_budget=True
            )
        except Unanswered as error:
            return NoPast(str(error))
        except Rejected as error:
            if error.status in _KEYS:
                raise
            return NoPast(f"Datadog refused it: {'; '.join(error.errors) or 'no reason given'}")
        return _of_answers(found, answered, reading)


def missing(pulling: Pulling, payloads: Iterable[Mapping[str, Any]], reading: Reading) -> frozenset[Chunk]:
    """The parts of the history that are not in the cache yet."""
    found = (_asks(payload, reading) for payload in payloads)
    asked = {ask for each in found if isinstance(each, Asks) for ask in each.asks}
    return frozenset(chunk for ask in asked for chunk in missing_chunks(ask, pulling))


def _asks(payload: Mapping[str, Any], reading: Reading) -> Asks | Refusal:
    return asks(
        payload,
        since=reading.since,
        until=reading.until,
        interpolation=reading.interpolation,
        settings=reading.settings,
    )


def _fitting(ask: Ask, filed: FiledHistory) -> tuple[Line, ...] | str | None:
    """The lines that answer it; a text why those that are there do not, None where there are none."""
    found = [each for each in filed.answers if each.fits(ask)]
    wrong = next((each.interval for each in found if each.interval != ask.seconds), None)
    if wrong is not None:
        how = f"give `--rollup {wrong}`" if wrong else "save it anew"
        return (
            f"the file's answer to `{print_query(ask.leaf)}` has buckets of {wrong} s, and the monitor reads some of "
            f"{ask.seconds} s; {how}"
        )
    lines = [between(each.line, ask.first, ask.end) for each in found]
    return joined(lines) if found else None


def _of_answers(found: Asks, answered: Mapping[Ask, Sequence[Line]], reading: Reading) -> Past:
    series = [_series(found.names[ask.leaf], ask, each, reading) for ask, lines in answered.items() for each in lines]
    empty = [
        f"`{ask.text}` had no point" for ask, lines in answered.items() if not any(len(each.times) for each in lines)
    ]
    history = History(each for each in series if len(each.times))
    settings = replace(reading.settings, evaluation_second=_LAST_SECOND)
    ignored = [
        f"`{name}` is not chosen where Datadog has answered"
        for name in ("evaluation_second", "interpolated")
        if getattr(reading.settings, name) != getattr(DEFAULT, name)
    ]
    return Past(found.payload, history, (*found.notes, *empty, *ignored), settings, _SETTLED_BY_ANSWERS)


def _series(metric: str, ask: Ask, of: Line, reading: Reading) -> Series:
    """A bucket is seen in its last second, or when its last point has come."""
    return Series(
        metric=metric,
        times=of.times,
        values=of.values,
        tags=frozenset(tag.lower() for tag in of.tags),
        kind=_kind(ask.leaf),
        arrives=ask.seconds - 1 + reading.late_seconds(ask.leaf.metric),
        space=answer_space(ask.leaf),
    )


def _kind(leaf: MetricQuery) -> MetricKind:
    """What was asked as a count is one; as a rate, it was divided already."""
    if any(isinstance(each, AsCount) for each in leaf.modifiers):
        return "count"
    return "rate" if any(isinstance(each, AsRate) for each in leaf.modifiers) else "gauge"


def _followed_kind(metric: str, found: Asks) -> MetricKind:
    """What points are that do not say it: counts where the query reads them so, as in tests of monitors."""
    sums = any(isinstance(each, AsCount | AsRate) for leaf in _reading(metric, found) for each in leaf.modifiers)
    return "count" if sums else "gauge"


def _is_unmeasured(series: FiledSeries, found: Asks) -> bool:
    """Whether it is to be counted and nothing says how long each of its points lasts."""
    if series.kind != "rate" or series.interval:
        return False
    return any(isinstance(each, AsCount) for leaf in _reading(series.metric, found) for each in leaf.modifiers)


def _reading(metric: str, found: Asks) -> Iterator[MetricQuery]:
    return (ask.leaf for ask in found.asks if ask.leaf.metric == metric)


def _of_no_source(found: Asks, history: History) -> Iterator[str]:
    for ask in found.asks:
        matches = matcher(ask.leaf.scope)
        if not any(matches(each.tags) for each in history.of(ask.leaf.metric)):
            yield f"no series of the files is in `{print_query(ask.leaf)}`"


def _of_taken_kinds(read: Iterable[FiledSeries], kinds: Mapping[str, MetricKind]) -> Iterator[str]:
    """Told of counts only: what a gauge means does not change by its being one."""
    for metric in dict.fromkeys(each.metric for each in read if each.kind is None and kinds[each.metric] == "count"):
        yield f"points of `{metric}` have no `kind`: they are taken for counts, as the query reads them"


def _of_summed_rates(read: Iterable[FiledSeries], found: Asks, settings: Settings) -> Iterator[str]:
    """Datadog sums the points of a bucket (https://docs.datadoghq.com/metrics/custom_metrics/type_modifiers/)."""
    if settings.rates_as_rate != "sum":
        return
    intervals = {each.metric: each.interval for each in read if each.kind == "rate"}
    for ask in found.asks:
        is_rate = any(isinstance(each, AsRate) for each in ask.leaf.modifiers)
        if is_rate and ask.seconds > intervals.get(ask.leaf.metric, ask.seconds):
            metric = ask.leaf.metric
            yield f"`{metric}` is a rate: `.as_rate()` sums its points of a bucket, see the setting `rates_as_rate`"

"""The series of a test: their points, the tags that the query asks for, and when they can be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from msgspec import UNSET

from generator.explain.arrival import arrives_within
from generator.query.nodes import AsCount, AsRate, MetricQuery
from generator.schedule.fields import parse_duration
from generator.source.documents import Place
from generator.source.monitor_tests import GivenSeries
from generator.source.wording import listed, nearest, shown
from generator.testing.model import Given
from generator.testing.notation import NotationProblem, points_of
from generator.testing.remarks import Clock
from generator.testing.scoping import key_of, readers, shared_tags, with_own

Points = tuple[tuple[int, float], ...]
_LONGEST_DELAY = timedelta(days=2)
_MOST_METRICS = 10


@dataclass(frozen=True, slots=True)
class Giving:
    """What a test's series are read with: its queries by their metric, its own tags, how late metrics come."""

    queries: Mapping[str, tuple[MetricQuery, ...]]
    tags: Sequence[str]
    clock: Clock
    late: Mapping[str, timedelta]


def given_series(series: Sequence[GivenSeries], giving: Giving, place: Place) -> tuple[Given, ...]:
    """Those that make sense; the others are remarked on."""
    found: dict[tuple[str, frozenset[str]], Given] = {}
    for index, each in enumerate(series):
        made = _given(each, giving, (*place, index))
        if made is not None and found.setdefault((made.metric, made.tags), made) is not made:
            message = f"a second series of {shown(made.metric)} with the same tags: Datadog takes both for one source"
            giving.clock.remarks.add((*place, index), message, "put all points into one, or give it a tag of its own")
    return tuple(found.values())


def _given(series: GivenSeries, giving: Giving, place: Place) -> Given | None:
    points = _points(series, giving.clock, place)
    queries = giving.queries.get(series.metric)
    if queries is None:
        _unknown_metric(series.metric, giving, place)
        return None
    tags = _tags(series, queries, giving, place)
    arrives = _arrives(series, giving, place)
    if points is None or tags is None or arrives is None:
        return None
    return Given(
        metric=series.metric,
        points=points,
        tags=tags,
        arrives=int(arrives.total_seconds()),
        is_count=any(isinstance(each, AsCount | AsRate) for query in queries for each in query.modifiers),
        space=next((query.space for query in queries if isinstance(query.space, str)), ""),
    )


def _unknown_metric(metric: str, giving: Giving, place: Place) -> None:
    meant = nearest(metric, giving.queries)
    names = [f"`{each}`" for each in sorted(giving.queries)]
    known = f"it asks for {listed(names[:_MOST_METRICS], 'and')}" if names else "it asks for no metric"
    hint = f"did you mean `{meant}`?" if meant else known
    message = f"the monitor's query does not ask for {shown(metric, 80)}"
    giving.clock.remarks.add((*place, "metric"), message, hint, rule="unknown-metric")


def _points(series: GivenSeries, clock: Clock, place: Place) -> Points | None:
    remarks = clock.remarks
    if (series.at is UNSET) == (series.values is UNSET):
        both = "two ways of giving points, `at` and `values`" if series.at is not UNSET else "no points"
        remarks.add(
            place, f"the series has {both}", 'write `at: {"04:12": 1}`, or `from: "09:00"` and `values: "0x10"`'
        )
        return None
    if series.values is UNSET:
        if series.from_ is not UNSET:
            remarks.add_at_key((*place, "from"), "`from` is for `values`, and this series has `at`", "remove it")
        return _single_points(series, clock, place)
    if series.from_ is UNSET:
        remarks.add(place, "the series does not say when its `values` begin", 'add `from: "09:00"`')
        return None
    return _points_in_a_row(series.values, series, clock, place)


def _single_points(series: GivenSeries, clock: Clock, place: Place) -> Points | None:
    found: dict[int, float] = {}
    for text, value in ({} if series.at is UNSET else series.at).items():
        at = clock.at_key(text, (*place, "at", text))
        if at is None:
            return None
        if at in found:
            clock.remarks.add_at_key((*place, "at", text), f"a second point at `{text}`", "keep one of them")
        found[at] = float(value)
    return tuple(sorted(found.items()))


def _points_in_a_row(text: str, series: GivenSeries, clock: Clock, place: Place) -> Points | None:
    first = clock.at(str(series.from_), (*place, "from"))
    every = parse_duration(series.every)
    values = points_of(text)
    if isinstance(values, NotationProblem):
        where = (*place, "values")
        clock.remarks.add_within(where, values.start, values.end, message=values.message, hint=values.hint)
        return None
    if not every or every > _LONGEST_DELAY:
        clock.remarks.add((*place, "every"), f"points cannot be `{series.every}` apart", "write 1s to 2d")
        return None
    if first is None:
        return None
    step = int(every.total_seconds())
    return tuple((first + index * step, value) for index, value in enumerate(values) if value is not None)


def _tags(series: GivenSeries, queries: tuple[MetricQuery, ...], giving: Giving, place: Place) -> frozenset[str] | None:
    own = (*giving.tags, *(() if series.tags is UNSET else series.tags))
    tags = with_own(shared_tags(queries), own)
    reading = readers(queries, tags)
    if not reading and not own:
        message = f"which of the {len(queries)} queries for {shown(series.metric)} should read it is not said"
        if len(queries) == 1:
            message = f"which tags a source of {shown(series.metric)} needs cannot be told from the query's scope"
        giving.clock.remarks.add(place, message, 'give it `tags: ["key:value"]`')
        return None
    missing = sorted({key for query in reading for key in query.group_by} - {key_of(tag) for tag in tags})
    if missing:
        keys = listed([f"`{key}`" for key in missing], "and")
        message = f"the monitor groups by {keys}, and this series has no such tag: it would be in no group"
        hint = f'add `tags: ["{missing[0]}:…"]` to it, or to the test for all its series'
        giving.clock.remarks.add(place, message, hint, rule="missing-tag")
        return None
    return tags


def _arrives(series: GivenSeries, giving: Giving, place: Place) -> timedelta | None:
    if series.arrives is UNSET:
        return arrives_within(series.metric, giving.late)
    found = parse_duration(series.arrives)
    if found > _LONGEST_DELAY:
        giving.clock.remarks.add((*place, "arrives"), f"`{series.arrives}` is too late to be seen", "write at most 2d")
        return None
    return found

"""What the modifiers of a metric query say of its points."""

from __future__ import annotations

from generator.query.nodes import AsCount, AsRate, Fill, MetricQuery, Rollup, Weighted
from generator.simulate import buckets, gaps
from generator.simulate.refusal import NotSimulated

_ONCE: dict[str, tuple[type, ...]] = {
    "`.rollup()`": (Rollup,),
    "`.fill()`": (Fill,),
    "`.as_count()` and `.as_rate()`": (AsCount, AsRate),
}


def check(query: MetricQuery) -> None:
    """End here where it is not known what they do."""
    for each in query.modifiers:
        if isinstance(each, Weighted):
            raise NotSimulated("`.weighted()` needs to know how long each series lived", query)
    for name, kinds in _ONCE.items():
        if sum(isinstance(each, kinds) for each in query.modifiers) > 1:
            raise NotSimulated(f"two of {name} on one metric: which holds is not documented", query)


def rollup_method(query: MetricQuery, *, sums: bool) -> str:
    for modifier in query.modifiers:
        if isinstance(modifier, Rollup) and modifier.method is not None:
            if modifier.method not in buckets.METHODS:
                raise NotSimulated(f"the rollup method `{modifier.method}`", modifier)
            return modifier.method
    return "sum" if sums else "avg"


def fill(query: MetricQuery, *, counts: bool) -> Fill:
    for modifier in query.modifiers:
        if isinstance(modifier, Fill):
            return modifier
    return Fill("null") if counts else gaps.LINEAR


def has(query: MetricQuery, kind: type[AsCount | AsRate | Fill]) -> bool:
    return any(isinstance(modifier, kind) for modifier in query.modifiers)

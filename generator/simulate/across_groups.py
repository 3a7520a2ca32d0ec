"""Functions over all groups at once: counts of groups, nested aggregations, ranks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from generator.query.functions import FUNCTIONS, Groups
from generator.query.nodes import Call, Grouping, Number, StringLiteral
from generator.simulate import space
from generator.simulate.functions import REFUSED
from generator.simulate.history import Group, Values
from generator.simulate.refusal import NotSimulated

_RANK = re.compile(r"(top|bottom)(5|10|15|20)?(?:_(mean|min|max|last|area|l2norm|norm))?\Z")


def combines_groups(call: Call) -> bool:
    row = FUNCTIONS.get(call.name)
    return row is not None and row.groups is not Groups.KEEP


def ranks_groups(call: Call) -> bool:
    return _RANK.match(call.name) is not None


def check(call: Call) -> None:
    """End here where it cannot be simulated."""
    if ranks_groups(call):
        _ranking(call)
    else:
        _combination(call)


def kept_keys(call: Call) -> tuple[str, ...]:
    """The keys by which what combines groups is still grouped."""
    arguments = (*call.args[1:], *(value for _, value in call.kwargs))
    return tuple(sorted({key for each in arguments if isinstance(each, Grouping) for key in each.keys if key != "*"}))


def kept_group(group: Group, keys: Sequence[str]) -> Group:
    return tuple(tag for tag in group if tag.partition(":")[0] in keys)


def combined(call: Call, values: Values, groups: Sequence[Group], rows: Sequence[Group]) -> Values:
    """Shape (groups, …) to (rows, …)."""
    keys, compute = kept_keys(call), _combination(call)
    places: dict[Group, list[int]] = {}
    for place, group in enumerate(groups):
        places.setdefault(kept_group(group, keys), []).append(place)
    found = [compute(values[places.get(row, [])]) for row in rows]
    return np.stack(found) if found else np.empty((0, *values.shape[1:]))


def ranked(call: Call, values: Values) -> Values:
    """NaN for groups that are not among the first over the points given."""
    limit, by, highest_first = _ranking(call)
    scores = _SCORES[by](values)
    ordered = np.argsort(
        np.where(np.isfinite(scores), -scores if highest_first else scores, np.inf), axis=0, kind="stable"
    )
    place = np.empty_like(ordered)
    np.put_along_axis(place, ordered, np.arange(len(values)).reshape((-1,) + (1,) * (scores.ndim - 1)), axis=0)
    return np.where((place < limit)[..., None], values, np.nan)


def chosen(values: Values, groups: Sequence[Group], rows: Sequence[Group]) -> Values:
    """Shape (groups, …) to (rows, …): NaN for rows that are none of the groups."""
    places = {group: place for place, group in enumerate(groups)}
    with_none = np.concatenate([values, np.full((1, *values.shape[1:]), np.nan)])
    return with_none[[places.get(row, -1) for row in rows]]


def _combination(call: Call) -> Callable[[Values], Values]:
    if call.name in ("count_nonzero", "count_nonzero_finite"):
        return lambda values: _number_of(np.isfinite(values) & (values != 0), values)
    if call.name == "count_not_null":
        return lambda values: _number_of(np.isfinite(values), values)
    if call.name in REFUSED or not space.is_known(call.name):
        raise NotSimulated(f"`{call.name}`: {REFUSED.get(call.name, 'no function that is known')}", call)
    if any(not isinstance(each, Grouping) for each in call.args[1:]):
        raise NotSimulated(f"`{call.name}` of several queries: what it makes of them is not documented", call)
    return lambda values: space.aggregated(values, call.name) if len(values) else _nothing(values)


def _number_of(counted: Values, values: Values) -> Values:
    return np.where(np.isfinite(values).any(axis=0), counted.sum(axis=0).astype(np.float64), np.nan)


def _nothing(values: Values) -> Values:
    return np.full(values.shape[1:], np.nan)


def _ranking(call: Call) -> tuple[int, str, bool]:
    """How many groups, by what, and whether the highest come first."""
    matched = _RANK.match(call.name)
    end, limit, by = matched.groups() if matched else ("top", None, None)
    if limit is not None:
        return int(limit), by or "mean", end == "top"
    arguments = call.args[1:]
    words = [each.text for each in arguments[1:] if isinstance(each, StringLiteral)]
    if not arguments or not isinstance(arguments[0], Number) or len(words) != 2 or words[0] not in _SCORES:
        raise NotSimulated("`top` needs a limit, a measure and an order", call)
    return int(arguments[0].value), words[0], words[1] != "asc"


def _over_points(reduce: Callable[..., Values]) -> Callable[[Values], Values]:
    def score(values: Values) -> Values:
        present = np.isfinite(values)
        found = reduce(np.where(present, values, 0.0), present)
        return np.where(present.any(axis=-1), found, np.nan)

    return score


def _last(values: Values, present: Values) -> Values:
    places = np.where(present, np.arange(values.shape[-1]), -1).max(axis=-1, keepdims=True)
    return np.take_along_axis(values, np.maximum(places, 0), axis=-1)[..., 0]


_SCORES: dict[str, Callable[[Values], Values]] = {
    "mean": _over_points(lambda values, present: values.sum(axis=-1) / np.maximum(present.sum(axis=-1), 1)),
    "sum": _over_points(lambda values, _: values.sum(axis=-1)),
    "area": _over_points(lambda values, _: values.sum(axis=-1)),
    "min": _over_points(lambda values, present: np.where(present, values, np.inf).min(axis=-1)),
    "max": _over_points(lambda values, present: np.where(present, values, -np.inf).max(axis=-1)),
    "last": _over_points(_last),
    "l2norm": _over_points(lambda values, _: np.sqrt((values**2).sum(axis=-1))),
    "norm": _over_points(lambda values, _: np.sqrt((values**2).sum(axis=-1))),
}

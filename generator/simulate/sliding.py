"""Windows over the last axis: their sums, extremes and numbers of points.

A window is put together from parts whose lengths are powers of two, so nothing drifts: the sum over zeros is zero
whatever stood before them, which a running sum that adds one end and takes off the other cannot promise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.simulate.history import Times, Values

_TILE = 1 << 14


def sliding(values: Values, length: int, operation: np.ufunc) -> Values:
    """`operation` over each run of `length` points: shape (…, n) to (…, n - length + 1)."""
    count = values.shape[-1] - length + 1
    if length < 1 or count < 1:
        raise ValueError(f"no window of {length} in {values.shape[-1]} points")
    if length == 1:
        return values
    found = np.empty((*values.shape[:-1], count))
    # In tiles, so that what is put together stays in a processor's cache.
    tile = max(_TILE // max(1, found.size // count), 4 * length)
    for start in range(0, count, tile):
        end = min(start + tile, count)
        _put_together(values[..., start : end + length - 1], length, operation, found[..., start:end])
    return found


def _put_together(values: Values, length: int, operation: np.ufunc, found: Values) -> None:
    """Fill `found` from parts of 1, 2, 4, … points."""
    count = found.shape[-1]
    offset, power, part = 0, 1, values
    so_far: Values | None = None
    while length:
        if length & 1:
            piece = part[..., offset : offset + count]
            so_far = piece if so_far is None else operation(so_far, piece, out=found)
            offset += power
        length >>= 1
        if length:
            part = operation(part[..., :-power], part[..., power:])
            power *= 2
    if so_far is not None and so_far is not found:
        found[...] = so_far


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """Pairs of places, none of them empty; `length` where all are equally long, `index` then their first places."""

    pairs: Times
    length: int | None
    index: slice | Times

    def reduced(self, values: Values, operation: np.ufunc) -> Values:
        """`operation` over `values[…, first:end]` of each pair. Shape (…, pairs)."""
        if self.length is not None:
            return sliding(values, self.length, operation)[..., self.index]
        padded = np.concatenate([values, values[..., :1]], axis=-1)
        found: Values = operation.reduceat(padded, self.pairs, axis=-1)[..., ::2]
        return found

    @property
    def lengths(self) -> Values | float:
        """One number where all are equal."""
        if self.length is not None:
            return float(self.length)
        return (self.pairs[1::2] - self.pairs[::2]).astype(np.float64)


def ranges(first: Times, end: Times) -> Ranges:
    lengths = end - first
    are_equal = bool(lengths.size) and (lengths == lengths[0]).all()
    return Ranges(
        pairs=np.stack([first, end], axis=-1).ravel(),
        length=int(lengths[0]) if are_equal else None,
        index=_index(first),
    )


def _index(first: Times) -> slice | Times:
    """The indices as a slice, which copies nothing, where they follow each other."""
    step = int(first[1] - first[0]) if len(first) > 1 else 1
    if step > 0 and (np.diff(first) == step).all():
        return slice(int(first[0]), int(first[-1]) + 1, step)
    return first


def presence(values: Values) -> NDArray[np.bool_] | None:
    """Where there is a point; None where there is one everywhere."""
    # One sum is cheaper than a mask: it is finite only if all are, or if large ones of both signs met.
    if np.isfinite(values.sum()):
        return None
    found = np.isfinite(values)
    return None if found.all() else found

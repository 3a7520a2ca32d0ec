"""What Datadog said when it was asked about monitors that would change."""

from __future__ import annotations

import msgspec


class Answers(msgspec.Struct, frozen=True):
    """By tracking id: the words of `refusals`, why a monitor is among the `unasked`, which metrics are `silent`.

    `silent` are metric queries without a point in `probed_days`; `handles` are those that the account's list has, None
    where it was not read.
    """

    refusals: dict[str, tuple[str, ...]] = {}
    unasked: dict[str, str] = {}
    handles: frozenset[str] | None = None
    silent: dict[str, tuple[str, ...]] = {}
    probed_days: int = 30

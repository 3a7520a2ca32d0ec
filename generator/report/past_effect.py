"""What history says that a change would have done, in words: a place that a backtest fills."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class PastEffect(msgspec.Struct, frozen=True):
    """How often a monitor would have alerted in the last `days`, as it was and as it would be.

    None stands for a monitor that was not there, or is not any more. `outside_hours` are those of the alerts `after`
    that come outside business hours; None where nobody knows the hours. `unknown` says why nothing could be said.
    """

    days: int
    before: int | None = None
    after: int | None = None
    outside_hours: int | None = None
    unknown: str = ""


Effects = Mapping[str, PastEffect]
"""By tracking id."""

NO_EFFECTS: Effects = {}


def effect_words(effect: PastEffect) -> str:
    """`would have alerted 3 → 41 times in the last 30 days, 12 of them outside business hours`."""
    if effect.unknown:
        return f"not back-tested: {effect.unknown}"
    counts = [f"{count:,}" for count in (effect.before, effect.after) if count is not None]
    if not counts:
        return ""
    noun = "time" if {*counts} == {"1"} else "times"
    days = "day" if effect.days == 1 else f"{effect.days:,} days"
    told = f"would have alerted {' → '.join(counts)} {noun} in the last {days}"
    if effect.after is None:
        return f"until now it {told}"
    if not effect.after or effect.outside_hours is None:
        return told
    return f"{told}, {effect.outside_hours:,} of them outside business hours"

"""A fault as a person would say it, for the page."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from generator.localdog.fault import Deed, Delay, When

RESETS = {
    "before_write": "the connection is reset before the request is carried out",
    "after_write": "the request is carried out, then the connection is reset",
}


def when_words(when: When) -> str:
    """`the 2nd POST of /api/v1/monitor`; all requests where nothing is said."""
    subject = f"{when.method.upper()} requests" if when.method else "requests"
    parts = [_chosen(when), subject, *_conditions(when)]
    return " ".join(part for part in parts if part)


def _chosen(when: When) -> str:
    if when.nth is not None:
        numbers = when.nth if isinstance(when.nth, list) else [when.nth]
        return f"number {', '.join(map(str, numbers))} of the"
    if when.first is not None:
        return f"the first {when.first}"
    if when.every is not None:
        return f"each {when.every}th of the" if when.every > 1 else "all"
    return "all" if when.share is None else f"{when.share:.0%} of the"


def _conditions(when: When) -> Iterator[str]:
    if when.path is not None:
        yield f"to {when.path}"
    if when.query is not None:
        yield f"whose query string holds {when.query}"
    if isinstance(when.body, str):
        yield f"whose body holds {when.body}"
    elif when.body is not None:
        yield f"whose body has {msgspec.json.encode(when.body).decode()}"


def deed_words(deed: Deed) -> str:
    return "; ".join(_deeds(deed))


def _deeds(deed: Deed) -> Iterator[str]:
    if deed.delay is not None:
        yield f"waits {_delay(deed.delay)}"
    if deed.after_write:
        yield "is carried out"
    if deed.status is not None:
        yield f"answered {deed.status}"
    if deed.content_type is not None:
        yield f"answered with {deed.content_type}"
    if deed.reset is not None:
        yield RESETS[deed.reset]
    if deed.refuse_seconds is not None:
        yield f"all connections are cut and refused for {deed.refuse_seconds:g} s"
    if deed.half:
        yield "half of the answer is sent"
    if deed.stale:
        yield "shows what was there when the scenario was set"


def _delay(delay: float | Delay) -> str:
    if not isinstance(delay, Delay):
        return f"{delay:g} s"
    if delay.uniform is not None:
        return f"{delay.uniform[0]:g} to {delay.uniform[1]:g} s"
    if delay.normal is not None:
        return f"about {delay.normal[0]:g} s, give or take {delay.normal[1]:g} s"
    return f"{delay.exponential:g} s on average, now and then much longer"

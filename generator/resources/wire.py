"""How a resource stands in Datadog's requests and answers, where it is more than its bare JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Json = Any


def _bare(payload: Mapping[str, Any], _resource_id: str | None, _now: datetime) -> Json:
    return payload


def _as_it_is(answer: Json) -> Json:
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What lies between a payload and the wire.

    `sealed` gives the body of a write from a payload, the id where it is an update, and the instant: what Datadog
    refuses to be told of the past is moved to it, since payloads hold no time of their own. `opened` gives the resource
    in the body of an answer, `row` that in an entry of a list.
    """

    sealed: Callable[[Mapping[str, Any], str | None, datetime], Json] = _bare
    opened: Callable[[Json], Json] = _as_it_is
    row: Callable[[Json], Json] = _as_it_is
    update_method: str = "PUT"


BARE = Wire()

"""Datadog's resources as plain JSON: list, read, find, create, update, delete, validate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from generator.datadog.answers import (
    handles_of,
    list_of,
    positions_with_points,
    query_answer,
    refuse_what_is_no_answer,
    rejection,
    resource_of,
    without_hints,
)
from generator.datadog.errors import InUse, Rejected, Unavailable, Uncertain
from generator.datadog.listing import Page, Row, complete_list
from generator.datadog.pacing import RUN_SECONDS, Call, Effect, Pace
from generator.datadog.target import Target
from generator.datadog.transport import Answer, Sender, Transport
from generator.resources.tracking import TAG_KEY
from generator.resources.types import Payload, ResourceType
from generator.resources.wire import BARE

READERS = 8
IN_USE = frozenset((400, 401, 409))
"""Reported of composites, reported of SLOs of a monitor, documented for dashboards of an SLO."""


def _now() -> datetime:
    return datetime.now(UTC)


class Datadog:
    """One organisation for one run; calls may come from many threads.

    `clock` counts seconds and never goes back; `now` is the time of day, which writes of schedules need.
    """

    def __init__(  # noqa: PLR0913 - what a run takes from its surroundings
        self,
        target: Target,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], object],
        random: Callable[[], float],
        run_seconds: float = RUN_SECONDS,
        now: Callable[[], datetime] = _now,
        transport: Sender | None = None,
    ) -> None:
        self._now = now
        self._clock = clock
        self._transport = Transport(target) if transport is None else transport
        self._pace = Pace(clock=clock, sleep=sleep, random=random, run_seconds=run_seconds)
        self._listed_at: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def stop(self) -> None:
        """Read nothing more, and wait for begun writes a few seconds only: the run is being interrupted."""
        self._pace.stop()

    @property
    def is_over(self) -> str:
        """Why nothing is sent any more, or an empty text."""
        return self._pace.is_over

    def pause(self, seconds: float, why: str) -> None:
        """Wait inside the time of the run; raises where that is over."""
        self._pace.wait(seconds, why)

    def live(
        self, resource_type: ResourceType, *, wanted_ids: Collection[str] = (), wanted_titles: Collection[str] = ()
    ) -> tuple[Payload, ...]:
        """Every live resource; where a list has summaries only, those with our mark and those wanted, in full."""
        listed_at = self._clock()
        rows: tuple[Payload, ...] = self._rows(resource_type)
        if resource_type.listing.summaries:
            ids, titles = set(wanted_ids), {title.strip() for title in wanted_titles}
            rows = self._in_full(
                resource_type,
                [
                    row
                    for row in rows
                    if resource_type.tracking_id(row) is not None
                    or str(row["id"]) in ids
                    or resource_type.title(row).strip() in titles
                ],
            )
        self._listed_at[resource_type.name] = listed_at
        return rows

    def list_age_seconds(self, resource_type: ResourceType) -> float | None:
        """Seconds since this run began to list the type; None when it has not."""
        listed_at = self._listed_at.get(resource_type.name)
        return None if listed_at is None else self._clock() - listed_at

    def read(self, resource_type: ResourceType, resource_id: str) -> Payload | None:
        path = _path(resource_type, resource_id)
        try:
            answer = self._ask("GET", path, effect=Effect.READ)
        except Rejected as refusal:
            if refusal.status == 404:
                return None
            raise
        found = resource_of(answer, resource_type.wire.opened, words=f"GET {path}", error=Unavailable)
        return found if resource_type.is_live(found) else None

    def find(self, resource_type: ResourceType, tracking_id: str) -> tuple[Payload, ...]:
        """Live resources that bear the tracking id, looked up at the source and not in the search index, which lags."""
        tag_parameter = resource_type.listing.tag_parameter
        if tag_parameter is None:
            rows = self._rows(resource_type)
            marked = [row for row in rows if resource_type.tracking_id(row) == tracking_id]
            return self._in_full(resource_type, marked) if resource_type.listing.summaries else tuple(marked)
        parameters = {tag_parameter: f"{TAG_KEY}:{tracking_id}"}
        tagged = self._list(resource_type, parameters)
        return tuple(row for row in _live_ones(resource_type, tagged) if resource_type.tracking_id(row) == tracking_id)

    def rows(self, resource_type: ResourceType) -> tuple[Payload, ...]:
        """Every live resource as the list shows it: where it has summaries only, that is not all of a resource."""
        return self._rows(resource_type)

    def create(self, resource_type: ResourceType, payload: Payload) -> Payload:
        """POST once; raises Uncertain where it may have happened."""
        path, wire = resource_type.path, resource_type.wire
        body = wire.sealed(payload, None, self._now())
        answer = self._ask("POST", path, effect=Effect.ONCE, payload=body)
        return resource_of(answer, wire.opened, words=f"POST {path}", error=Uncertain)

    def update(self, resource_type: ResourceType, resource_id: str, payload: Payload) -> Payload:
        path, wire = _path(resource_type, resource_id), resource_type.wire
        body = wire.sealed(payload, resource_id, self._now())
        answer = self._ask(wire.update_method, path, effect=Effect.IDEMPOTENT, payload=body)
        return resource_of(answer, wire.opened, words=f"{wire.update_method} {path}", error=Uncertain)

    def delete(self, resource_type: ResourceType, resource_id: str, *, force: bool = False) -> None:
        """Delete it; one that is gone already counts as deleted. Raises InUse where only `force` would delete it."""
        path, forced = _path(resource_type, resource_id), resource_type.forced_delete
        try:
            answer = self._ask("DELETE", path, effect=Effect.IDEMPOTENT, parameters=forced if force else None)
        except Rejected as refusal:
            if refusal.status == 404:
                return
            if forced and not force and refusal.status in IN_USE:
                raise InUse(refusal.status, without_hints(refusal.errors), call=refusal.call) from None
            raise
        refuse_what_is_no_answer(answer, words=f"DELETE {path}")

    def validate(
        self, resource_type: ResourceType, payload: Payload, resource_id: str | None = None
    ) -> tuple[str, ...]:
        """Datadog's words against the complete payload; none where it would be taken or cannot be asked."""
        path = resource_type.validate_path
        if path is None:
            return ()
        if resource_id is not None:
            path = f"{_path(resource_type, resource_id)}/{path.rpartition('/')[2]}"
        try:
            self._ask("POST", path, effect=Effect.READ, payload=payload)
        except Rejected as refusal:
            if refusal.status == 400:
                return refusal.errors or ("refused without a reason",)
            raise
        return ()

    def handles(self) -> frozenset[str]:
        """The handles that messages can tell, as the account lists them; the list is known to lack some at times."""
        path = "/api/v2/notifications/handles"
        answer = self._ask("GET", path, effect=Effect.READ, parameters={"group_limit": "99999"})
        return handles_of(answer, words=f"GET {path}")

    def had_points(self, queries: Sequence[str], span: tuple[int, int]) -> frozenset[int]:
        """Which of the metric queries, by position, had a point between two times in seconds; one call for all."""
        path, (first, end) = "/api/v1/query", span
        parameters = {"from": str(first), "to": str(end), "query": ",".join(queries)}
        answer = self._ask("GET", path, effect=Effect.READ, parameters=parameters)
        return positions_with_points(answer, words=f"GET {path}")

    def points(self, query: str, span: tuple[int, int]) -> Mapping[str, Any]:
        """The answer to one metric query between two times in seconds, as it came."""
        path, (first, end) = "/api/v1/query", span
        parameters = {"from": str(first), "to": str(end), "query": query}
        return query_answer(self._ask("GET", path, effect=Effect.READ, parameters=parameters), words=f"GET {path}")

    def _in_full(self, resource_type: ResourceType, rows: Iterable[Payload]) -> tuple[Payload, ...]:
        """Read each; one that was deleted since the list was read is left out."""
        with ThreadPoolExecutor(READERS) as pool:
            payloads = tuple(pool.map(lambda row: self.read(resource_type, str(row["id"])), rows))
        return tuple(payload for payload in payloads if payload is not None)

    def _rows(self, resource_type: ResourceType) -> tuple[Row, ...]:
        listing = resource_type.listing

        def page(number: int, size: int) -> Page:
            first = number if listing.counts == "pages" else number * size
            parameters = {listing.page_parameter: str(first), listing.page_size_parameter: str(size)}
            return self._list(resource_type, parameters)

        rows = complete_list(page, listing.page_size, name=f"{resource_type.name}s")
        return _live_ones(resource_type, rows)

    def _list(self, resource_type: ResourceType, parameters: Mapping[str, str]) -> Page:
        answer = self._ask("GET", resource_type.path, effect=Effect.READ, parameters=parameters)
        rows = list_of(answer, resource_type.listing.collection, words=f"GET {resource_type.path}")
        row = resource_type.wire.row
        return rows if resource_type.wire is BARE else [row(each) for each in rows]

    def _ask(
        self,
        method: str,
        path: str,
        *,
        effect: Effect,
        parameters: Mapping[str, str] | None = None,
        payload: object = None,
    ) -> Answer:
        call = Call(f"{method} {path}", effect, _bucket(method, path))
        answer = self._pace.answered(
            lambda: self._transport.send(method, path, parameters=parameters, payload=payload), call
        )
        if 200 <= answer.status < 300:
            return answer
        raise rejection(answer, words=call.words)


def _bucket(method: str, path: str) -> str:
    """Calls that differ in an id only: Datadog counts by endpoint."""
    return f"{method} {'/'.join(path.split('/')[:4])} {path.count('/')}"


def _live_ones(resource_type: ResourceType, rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(row for row in rows if resource_type.is_live(row))


def _path(resource_type: ResourceType, resource_id: str) -> str:
    return f"{resource_type.path}/{quote(resource_id, safe='')}"

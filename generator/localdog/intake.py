"""Metric intake: /api/v1/series and /api/v2/series. What is pushed here answers the query endpoints."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.organisation import Json, Organisation, Payload
from generator.localdog.series_store import COUNT, GAUGE, RATE, Source
from generator.localdog.wire import MAX_BODY_BYTES, answer, limited_body, rejected

LATEST_SECOND = 2**40
LONGEST_NAME = 200
# https://docs.datadoghq.com/getting_started/tagging/#define-tags
LONGEST_TAG = 200
MOST_TAGS = 1000
# About half a gigabyte; the oldest are forgotten first.
MOST_POINTS = 20_000_000
KINDS_BY_NAME = {"gauge": GAUGE, "count": COUNT, "rate": RATE}
KINDS_BY_NUMBER = {0: GAUGE, 1: COUNT, 2: RATE, 3: GAUGE}
# How zlib is told which frame to expect.
WINDOW_BITS = {"deflate": zlib.MAX_WBITS, "gzip": zlib.MAX_WBITS | 16}

Points = list[tuple[int, float]]


def routes(organisation: Organisation) -> list[Route]:
    intake = Intake(organisation)
    return [
        Route("/api/v1/series", intake.version_1, methods=["POST"]),
        Route("/api/v2/series", intake.version_2, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Intake:
    organisation: Organisation

    async def version_1(self, request: Request) -> Response:
        self._keep([read_version_1(each) for each in await sent_series(request)])
        return answer({"status": "ok"}, 202)

    async def version_2(self, request: Request) -> Response:
        self._keep([read_version_2(each) for each in await sent_series(request)])
        return answer({"errors": []}, 202)

    def _keep(self, found: list[tuple[Source, Points]]) -> None:
        store = self.organisation.store
        with store.transaction():
            for source, points in found:
                store.series.add(source, points)
            store.series.keep_within(MOST_POINTS, added=sum(len(points) for _, points in found))


async def sent_series(request: Request) -> list[Payload]:
    text = await limited_body(request)
    encoding = request.headers.get("content-encoding", "").lower()
    if encoding not in {"", "identity"}:
        text = unpacked(text, encoding)
    try:
        body: Json = msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise rejected(f"Invalid JSON in the request body: {error}") from error
    series = body.get("series") if isinstance(body, dict) else None
    if not isinstance(series, list) or not all(isinstance(each, dict) for each in series):
        raise rejected("Payload is not in the expected format: a list of series is required")
    return series


def unpacked(text: bytes, encoding: str) -> bytes:
    """Unpack at most as much as a body may be long."""
    if encoding not in WINDOW_BITS:
        raise rejected(f"Content-Encoding '{encoding}' is not one of {', '.join(WINDOW_BITS)}")
    unpacking = zlib.decompressobj(WINDOW_BITS[encoding])
    try:
        found = unpacking.decompress(text, MAX_BODY_BYTES)
    except zlib.error as error:
        raise rejected(f"The request body is no {encoding}: {error}") from error
    if unpacking.unconsumed_tail:
        raise rejected(f"The request body is larger than {MAX_BODY_BYTES} bytes")
    return found


def read_version_1(series: Payload) -> tuple[Source, Points]:
    kind = KINDS_BY_NAME.get(str(series.get("type") or "gauge"))
    if kind is None:
        raise rejected("Invalid metric type: a series is a gauge, a count or a rate")
    host, device = series.get("host"), series.get("device")
    more = [f"{key}:{value}" for key, value in (("host", host), ("device", device)) if value]
    pairs = series.get("points")
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise rejected("Points are pairs of a time and a value")
    return source(series, kind, more), [point(at, value) for at, value in pairs]


def read_version_2(series: Payload) -> tuple[Source, Points]:
    number = series.get("type", 0)
    kind = KINDS_BY_NUMBER.get(number) if isinstance(number, int) else None
    if kind is None:
        raise rejected("Invalid metric type: 0 unspecified, 1 count, 2 rate, 3 gauge")
    found = series.get("points")
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise rejected("Points are objects with a timestamp and a value")
    points = [point(each.get("timestamp"), each.get("value")) for each in found]
    return source(series, kind, list(resource_tags(series.get("resources")))), points


def resource_tags(resources: Json) -> Iterator[str]:
    for each in resources if isinstance(resources, list) else ():
        if isinstance(each, dict) and each.get("type") and each.get("name"):
            yield f"{each['type']}:{each['name']}"


def source(series: Payload, kind: str, more: list[str]) -> Source:
    """Tags are lower-cased, as Datadog does with those of telemetry."""
    metric, tags, interval = series.get("metric"), series.get("tags") or [], series.get("interval") or 0
    if not isinstance(metric, str) or not 0 < len(metric) <= LONGEST_NAME:
        raise rejected("A series needs the name of a metric")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise rejected("Tags are a list of texts")
    if len(tags) > MOST_TAGS:
        raise rejected(f"A series has at most {MOST_TAGS} tags here, this one has {len(tags)}")
    if not isinstance(interval, int) or not 0 <= interval < LATEST_SECOND:
        raise rejected("An interval is a number of seconds")
    told = {tag.lower().replace(",", "_")[:LONGEST_TAG] for tag in (*tags, *more)}
    return Source(metric, tuple(sorted(told)), kind, int(interval))


def point(at: Json, value: Json) -> tuple[int, float]:
    for number in (at, value):
        if not isinstance(number, (int, float)) or isinstance(number, bool) or not math.isfinite(_float(number)):
            raise rejected("The time and the value of a point are numbers")
    if not 0 < at < LATEST_SECOND:
        raise rejected("The time of a point is in seconds since 1970")
    return int(at), float(value)


def _float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf

"""Fills a database from a folder: exported resources keep their ids, others are made as a client would make them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from starlette.types import ASGIApp, Message, Scope

from generator.localdog.app import parts, routed
from generator.localdog.incoming import Answer
from generator.localdog.organisation import Json, Organisation, Payload
from generator.localdog.state import StateUnreadable, loaded
from generator.localdog.store import Record

LISTS = ("monitors", "dashboards", "resources")


Planter = Callable[[Organisation, Payload], Record | None]


class SeedRefused(Exception):  # noqa: N818 reads as what it says
    """A file holds what the server does not take; the words tell which file, and why."""


class Seed(NamedTuple):
    path: Path
    payload: Payload


class Way(NamedTuple):
    """Where something that was not exported is sent, known by the fields it has."""

    fields: frozenset[str]
    path: str


WAYS = (
    Way(frozenset({"type", "query"}), "/api/v1/monitor"),
    Way(frozenset({"layout_type", "widgets"}), "/api/v1/dashboard"),
    Way(frozenset({"thresholds", "type"}), "/api/v1/slo"),
    Way(frozenset({"series"}), "/api/v1/series"),
    Way(frozenset({"data"}), "/api/v2/downtime"),
)


def plant(organisation: Organisation, folder: Path) -> None:
    """Read every `*.json` below the folder, by name."""
    seeds = [seed for path in sorted(folder.rglob("*.json")) for seed in _seeds(organisation, path)]
    sent, planters = [], _planters()
    with organisation.store.transaction():
        for seed in seeds:
            try:
                record = _exported(organisation, seed.payload, planters)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                # No Datadog ever exported this: a list, say, where each resource has a text.
                fields = ", ".join(list(seed.payload)[:6])
                raise SeedRefused(
                    f"{seed.path}: an export with the fields {fields} has an odd value: {error}"
                ) from error
            if record is None:
                sent.append(seed)
            else:
                organisation.store.put(record)
                organisation.store.never_give_out(record)
    asyncio.run(_send(organisation, sent))


def _seeds(organisation: Organisation, path: Path) -> Iterator[Seed]:
    text = path.read_bytes()
    try:
        found: Json = msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise SeedRefused(f"{path}: no JSON: {error}") from error
    if isinstance(found, dict) and "tables" in found:
        try:
            loaded(organisation.store, text)
        except StateUnreadable as error:
            raise SeedRefused(f"{path}: {error}") from error
        return
    for payload in _payloads(found):
        if not isinstance(payload, dict):
            raise SeedRefused(f"{path}: expected resources, found {msgspec.json.encode(payload)[:80].decode()}")
        yield Seed(path, payload)


def _payloads(found: Json) -> list[Json]:
    if isinstance(found, list):
        return found
    for name in LISTS:
        if isinstance(found, dict) and isinstance(found.get(name), list):
            inner: list[Json] = found[name]
            return inner
    return [found]


def _planters() -> tuple[Planter, ...]:
    return tuple(part.planted for part in parts() if hasattr(part, "planted"))


def _exported(organisation: Organisation, payload: Payload, planters: tuple[Planter, ...]) -> Record | None:
    """The record of what was read from a Datadog. It is not judged: rules tighten, and what is there stays."""
    records = (planted(organisation, payload) for planted in planters)
    return next((record for record in records if record is not None), None)


async def _send(organisation: Organisation, seeds: list[Seed]) -> None:
    api = routed("routes", organisation)
    for seed in seeds:
        way = next((way for way in WAYS if way.fields <= seed.payload.keys()), None)
        if way is None:
            known = ", ".join(way.path.rpartition("/")[2] for way in WAYS)
            raise SeedRefused(f"{seed.path}: a resource with the fields {list(seed.payload)[:6]} is none of {known}")
        status, body = await _posted(api, way.path, seed.payload)
        if status >= 300:
            raise SeedRefused(f"{seed.path}: POST {way.path} answers {status}: {body.decode()[:500]}")


async def _posted(api: ASGIApp, path: str, payload: Payload) -> tuple[int, bytes]:
    waiting: list[Message] = [{"type": "http.request", "body": msgspec.json.encode(payload), "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    kept = Answer()
    scope: Scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }  # fmt: skip
    await api(scope, receive, kept)
    return kept.start["status"], kept.body

"""Sees each write of a run just before Datadog does, and notes what must not be."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator
from pathlib import Path
from typing import Any

import msgspec

from generator.localdog.store import Store
from generator.resources.tracking import TAG_KEY, TRACKING_ID
from generator.resources.types import ResourceType, resource_types
from generator.sync.archive import Unreadable, restore
from generator.sync.journal import Intent, latest
from tests.sync.scene import Sent

_MARK = re.compile(rf"(?:{TAG_KEY}:|do not edit here: )({TRACKING_ID.pattern})")


class Witness:
    """`untouched` are the ids of others; what it notes goes into the file `notes`, for whoever outlives this process.

    What `may_double` by its tracking id is created by a rival in the minute after the list, which nobody can see.
    """

    def __init__(self, store: Store, state: Path, untouched: Collection[str], notes: Path) -> None:
        self._store = store
        self._state = state
        self._untouched = untouched
        self._notes = notes
        self._written: set[tuple[str, str]] = set()
        self._noted: list[Intent] = []
        self._read = 0
        self.may_double: Container[str] = frozenset()

    def __call__(self, sent: Sent) -> None:
        if sent.writes:
            for problem in self._problems(sent):
                with self._notes.open("a", encoding="utf-8") as file:
                    file.write(f"{sent.method} {sent.path}: {problem}\n")

    def has_written(self, resource: str, resource_id: str) -> bool:
        return (resource, resource_id) in self._written

    def _problems(self, sent: Sent) -> Iterator[str]:
        resource_type, resource_id = addressed(sent.path)
        intents = self._intents()
        if resource_id is None:
            yield from self._of_create(resource_type, sent.payload, intents)
            return
        if resource_id in self._untouched:
            yield "it is of others"
        if not any(
            each.resource == resource_type.name and self._means(each, resource_type, resource_id) for each in intents
        ):
            yield "no intent in the journal"
        if (resource_type.name, resource_id) not in self._written:
            self._written.add((resource_type.name, resource_id))
            yield from self._unkept(resource_type, resource_id)
        if sent.method == "DELETE":
            yield from (f"`{user}` still refers to it" for user in self._users(resource_id))

    def _of_create(self, resource_type: ResourceType, payload: Any, intents: tuple[Intent, ...]) -> Iterator[str]:
        tracking_id = mark_in(payload)
        meant = [each for each in intents if (each.resource, each.tracking_id) == (resource_type.name, tracking_id)]
        if not meant:
            yield f"no intent in the journal to create {tracking_id}"
        replaces = any(each.action == "replace" for each in meant)
        if not replaces and tracking_id not in self.may_double and self._bearers(resource_type, tracking_id):
            yield f"{tracking_id} is live already"

    def _intents(self) -> tuple[Intent, ...]:
        """What this run has noted on disk, so far; a look at the whole journal for each write would take too long."""
        journal = latest(self._state)
        if journal is None:
            return ()
        with journal.open("rb") as file:
            file.seek(self._read)
            content = file.read()
        # Another thread may be in the middle of a line, which is no intent of the write that is looked at.
        whole = content[: content.rfind(b"\n") + 1]
        self._read += len(whole)
        entries = (msgspec.json.decode(line) for line in whole.splitlines())
        self._noted += [msgspec.convert(each["intent"], Intent) for each in entries if "intent" in each]
        return tuple(self._noted)

    def _means(self, intent: Intent, resource_type: ResourceType, resource_id: str) -> bool:
        """A create takes back what it has made itself."""
        if intent.id is not None or intent.action != "create":
            return intent.id == resource_id
        live = self._live(resource_type, resource_id)
        return live is None or resource_type.tracking_id(live) == intent.tracking_id

    def _unkept(self, resource_type: ResourceType, resource_id: str) -> Iterator[str]:
        live = self._live(resource_type, resource_id)
        if live is None:
            return
        kept = []
        for path in (self._state / "archive").glob(f"*/{resource_type.name}-{resource_id}.json"):
            try:
                kept.append(resource_type.comparable(restore(path).payload))
            except Unreadable as error:
                yield str(error)
        if resource_type.comparable(live) not in kept:
            yield "what it overwrites is not in the archive"

    def _live(self, resource_type: ResourceType, resource_id: str) -> dict[str, Any] | None:
        number = int(resource_id) if resource_type.name == "monitor" else resource_id
        record = self._store.find(resource_type.name, number)
        return None if record is None else resource_type.wire.row(msgspec.json.decode(record.body))

    def _bearers(self, resource_type: ResourceType, tracking_id: str) -> list[str]:
        mark = tracking_id.encode()
        opened = (
            resource_type.wire.row(msgspec.json.decode(body))
            for body in self._store.bodies(resource_type.name)
            if mark in body
        )
        return [
            str(each["id"])
            for each in opened
            if resource_type.tracking_id(each) == tracking_id and resource_type.is_live(each)
        ]

    def _users(self, resource_id: str) -> Iterator[str]:
        plain = resource_id.encode()
        named = re.compile(rb"(?<![\w-])%b(?![\w-])" % re.escape(plain))
        for other in resource_types().values():
            for body in self._store.bodies(other.name):
                if plain in body and named.search(body):
                    found = other.wire.row(msgspec.json.decode(body))
                    if str(found["id"]) != resource_id and other.may_refer(found) and other.is_live(found):
                        yield f"{other.name} {found['id']}"


def mark_in(payload: Any) -> str:
    """The tracking id that what is sent bears, as a tag or as a line of a text."""
    found = _MARK.search(msgspec.json.encode(payload).decode())
    return found[1] if found else ""


def addressed(path: str) -> tuple[ResourceType, str | None]:
    """The type of a request's path and the id in it; None where it creates."""
    found = max(
        (each for each in resource_types().values() if path.startswith(each.path)), key=lambda each: len(each.path)
    )
    return found, path.removeprefix(found.path).strip("/") or None

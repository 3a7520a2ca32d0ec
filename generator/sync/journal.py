"""The journal of a run: each write is noted on disk before it is sent, and what became of it afterwards.

The next run reads it to tell what was cut off, and takes into its own what is still open: so the latest one says all
that is. No run needs it: what is live decides what is to be done.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from generator.plan.model import Change, Plan
from generator.resources.types import Payload
from generator.source.regular import regular_bytes
from generator.sync.outcome import Outcome, Status

FOLDER = "journal"
VERSION = 1
_NOT_KNOWN = frozenset((Status.INTERRUPTED.value, Status.FAILED.value))
"""After these the write may still take effect."""


class Intent(msgspec.Struct, frozen=True, order=True):
    """A write that was about to be sent, to the Datadog that `target` names."""

    resource: str
    tracking_id: str
    action: str
    id: str | None = None
    target: str = ""


class Journal:
    """Append-only lines of JSON, one file a run. Threads that note at the same time share one wait for the disk.

    `carried` is what earlier runs have left open at the same target; only there can this run look.
    """

    def __init__(self, path: Path, carried: tuple[Intent, ...] = (), *, target: str = "") -> None:
        self._file = path.open("ab", buffering=0)
        self._writing = threading.Lock()
        self._syncing = threading.Lock()
        self._written = 0
        self._on_disk = 0
        self._target = target
        self.path = path
        self.carried = carried

    @classmethod
    def begin(cls, state: Path, run: str, plan: Plan) -> Journal:
        """Open the journal of a run below the folder of our state, `.toban/`, with what earlier runs left open."""
        path = state / FOLDER / f"{run}.jsonl"
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        opened = left_open(state)
        about = {"workspace": plan.workspace, "target": plan.target, "digest": plan.digest}
        header = {"version": VERSION, "run": run, **about}
        _write_whole(path, [header, *({"carried": msgspec.to_builtins(each)} for each in opened)])
        return cls(path, tuple(each for each in opened if each.target == plan.target), target=plan.target)

    def intend(self, change: Change, body: Payload | None = None) -> None:
        """Note a write, and what is sent; it is on disk when this returns."""
        if body is not None:
            self._note({"written": {**_named(change), "payload": body}})
        intent = Intent(change.resource, change.tracking_id, change.action.value, change.id, self._target)
        self._note_durably({"intent": msgspec.to_builtins(intent)})

    def settle(self, outcome: Outcome) -> None:
        self._note({"outcome": msgspec.to_builtins(outcome)})

    def note_looked(self, intent: Intent) -> None:
        """What became of a carried intent is known: this run has looked at what is live."""
        self._note({"looked": msgspec.to_builtins(intent)})

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _note(self, entry: dict[str, Any]) -> int:
        line = msgspec.json.encode(entry) + b"\n"
        with self._writing:
            self._file.write(line)
            self._written += 1
            return self._written

    def _note_durably(self, entry: dict[str, Any]) -> None:
        number = self._note(entry)
        with self._syncing:
            if self._on_disk >= number:
                return
            with self._writing:
                covered = self._written
            os.fsync(self._file.fileno())
            self._on_disk = covered


def run_name(now: datetime, process_id: int) -> str:
    """A name that sorts by time and that no other run on this machine bears."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{process_id}"


def latest(state: Path) -> Path | None:
    """The journal of the last run."""
    return max((state / FOLDER).glob("*.jsonl"), default=None)


def left_open(state: Path) -> tuple[Intent, ...]:
    """Give what no run has seen the end of, at any target, by the last journal that can be read."""
    for journal in sorted((state / FOLDER).glob("*.jsonl"), reverse=True):
        try:
            return unfinished(journal)
        except OSError:
            continue
    return ()


def unfinished(journal: Path) -> tuple[Intent, ...]:
    """Writes that were noted without what became of them: whether Datadog carried them out is not known."""
    open_intents: dict[tuple[str, ...], Intent] = {}
    target = ""
    for entry in _entries(journal):
        match entry:
            case {"version": int(), "target": str() as target}:
                pass
            case {"intent": dict() as noted} | {"carried": dict() as noted}:
                if (intent := _intent(noted, target)) is not None:
                    open_intents[_key(intent)] = intent
            case {"looked": dict() as noted}:
                if (intent := _intent(noted, target)) is not None:
                    open_intents.pop(_key(intent), None)
            case {"outcome": {"status": str() as status, **noted}}:
                if status not in _NOT_KNOWN and (intent := _intent(noted, target)) is not None:
                    open_intents.pop(_key(intent), None)
    return tuple(open_intents.values())


def _named(change: Change) -> dict[str, str]:
    return {"resource": change.resource, "tracking_id": change.tracking_id}


def _intent(noted: Mapping[Any, Any], target: str) -> Intent | None:
    """What does not name its target is of the one that the journal is about."""
    try:
        return msgspec.convert({"target": target, **noted}, Intent)
    except msgspec.ValidationError:
        return None


def _key(intent: Intent) -> tuple[str, ...]:
    return intent.target, intent.resource, intent.tracking_id, intent.action


def _entries(journal: Path) -> list[Any]:
    """Whole lines only: a crash may have torn one."""
    entries = []
    for line in regular_bytes(journal).split(b"\n"):
        try:
            entries.append(msgspec.json.decode(line))
        except (msgspec.DecodeError, ValueError, RecursionError):
            continue
    return entries


def _write_whole(path: Path, entries: Iterable[dict[str, Any]]) -> None:
    """All lines or no file, also where the process dies here."""
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        file.writelines(msgspec.json.encode(entry) + b"\n" for entry in entries)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

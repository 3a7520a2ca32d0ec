"""Where monitors stand, in the database: until when each was evaluated, its groups, and who was told of what."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from generator.localdog.watched import Watched

# The row of the rounds themselves: no monitor has this id.
ALL = 0
WAITING, MUTED = "", "muted"
MOST_NOTIFICATIONS = 20_000


class GroupRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A group as the API shows it; `standing` is what its evaluations continue from. Times are 0 where never."""

    status: str
    last_triggered_ts: int = 0
    last_notified_ts: int = 0
    last_resolved_ts: int = 0
    last_nodata_ts: int = 0
    is_known: bool = True
    standing: msgspec.Raw = msgspec.Raw(b"null")


class MonitorRecord(msgspec.Struct, frozen=True):
    """`groups` by their tags joined with commas; the group of a monitor without groups is `*`."""

    until: int
    groups: dict[str, GroupRecord]
    refusal: str = ""


class Told(msgspec.Struct, frozen=True):
    """What each notification has, whatever else it says."""

    at: str
    monitor_id: int
    monitor_name: str
    group: str
    status: str
    muted: bool
    handles: list[str]
    title: str
    text: str


class StandingStore:
    """The part of the database that evaluations write."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def evaluated_until(self) -> int | None:
        """The last moment for which all monitors were evaluated."""
        row = self._connection.execute("SELECT until FROM standing WHERE monitor = ?", (ALL,)).fetchone()
        return None if row is None else int(row[0])

    def set_evaluated_until(self, until: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO standing VALUES (?, ?, '', '', '{}')", (ALL, until))

    def find(self, monitor: int) -> MonitorRecord | None:
        row = self._connection.execute(
            "SELECT until, groups, refusal FROM standing WHERE monitor = ?", (monitor,)
        ).fetchone()
        return None if row is None else _record(row)

    def find_of(self, watched: Watched) -> MonitorRecord | None:
        """Where the monitor stands with the query that it has now."""
        row = self._connection.execute(
            "SELECT until, groups, refusal FROM standing WHERE monitor = ? AND judged = ?", (watched.id, watched.query)
        ).fetchone()
        return None if row is None else _record(row)

    def all(self) -> dict[int, MonitorRecord]:
        rows = self._connection.execute(
            "SELECT until, groups, refusal, monitor FROM standing WHERE monitor <> ?", (ALL,)
        )
        return {row[3]: _record(row) for row in rows}

    def monitors(self) -> frozenset[int]:
        """Those that were evaluated."""
        return frozenset(row[0] for row in self._connection.execute("SELECT monitor FROM standing"))

    def check(self) -> None:
        """Raise msgspec's DecodeError where a row from elsewhere is none that was written here."""
        for record in self.all().values():
            msgspec.convert(record.until, int)
        for row in self._connection.execute("SELECT id, body, posted FROM notification"):
            msgspec.json.decode(row[1], type=Told)
            msgspec.convert(row[2], str)

    def put(self, watched: Watched, record: MonitorRecord) -> None:
        groups = msgspec.json.encode(record.groups).decode()
        self._connection.execute(
            "INSERT OR REPLACE INTO standing VALUES (?, ?, ?, ?, ?)",
            (watched.id, record.until, watched.query, record.refusal, groups),
        )

    def rewind(self, until: int) -> None:
        """Let no monitor be evaluated later than it is now: the clock was set back."""
        self._connection.execute("UPDATE standing SET until = ? WHERE until > ?", (until, until))

    def forget_deleted(self) -> None:
        self._connection.execute(
            "DELETE FROM standing WHERE monitor <> ? "
            "AND monitor NOT IN (SELECT id FROM resource WHERE type = 'monitor')",
            (ALL,),
        )

    def tell(self, monitor: int, notifications: Iterable[dict[str, Any]], *, posts: bool) -> None:
        """Keep what was sent; `posts` where a webhook waits for it."""
        for each in notifications:
            posted = MUTED if each["muted"] else WAITING if posts else "no webhook"
            self._connection.execute(
                "INSERT INTO notification (monitor, body, posted) VALUES (?, ?, ?)",
                (monitor, msgspec.json.encode(each).decode(), posted),
            )
        self._connection.execute(
            "DELETE FROM notification WHERE id <= (SELECT max(id) FROM notification) - ?", (MOST_NOTIFICATIONS,)
        )

    def notifications(self, *, after: int, most: int, monitor: int | None = None) -> Iterator[dict[str, Any]]:
        """Those told after the one of this number, oldest first."""
        rows = self._connection.execute(
            "SELECT id, body, posted FROM notification WHERE id > ? AND (? IS NULL OR monitor = ?) ORDER BY id LIMIT ?",
            (after, monitor, monitor, most),
        )
        return (_told(row) for row in rows.fetchall())

    def newest_notifications(self, most: int, monitor: int | None = None) -> Iterator[dict[str, Any]]:
        rows = self._connection.execute(
            "SELECT id, body, posted FROM notification WHERE ? IS NULL OR monitor = ? ORDER BY id DESC LIMIT ?",
            (monitor, monitor, most),
        )
        return (_told(row) for row in rows.fetchall())

    def waiting(self, most: int) -> list[dict[str, Any]]:
        """What was not yet posted to the webhook, oldest first."""
        rows = self._connection.execute(
            "SELECT id, body, posted FROM notification WHERE posted = '' ORDER BY id LIMIT ?", (most,)
        )
        return [_told(row) for row in rows.fetchall()]

    def set_posted(self, notification: int, words: str) -> None:
        self._connection.execute("UPDATE notification SET posted = ? WHERE id = ?", (words, notification))

    def forget_notifications(self) -> None:
        self._connection.execute("DELETE FROM notification")


def _record(row: tuple[Any, ...]) -> MonitorRecord:
    return MonitorRecord(row[0], msgspec.json.decode(row[1], type=dict[str, GroupRecord]), row[2])


def _told(row: tuple[Any, ...]) -> dict[str, Any]:
    body: dict[str, Any] = msgspec.json.decode(row[1])
    return {"id": row[0], **body, "posted": row[2]}

"""The database: each resource is kept as the JSON text that answers a read, so that a list joins strings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from generator.localdog.schema import SCHEMA
from generator.localdog.series_store import SeriesStore
from generator.localdog.standing_store import StandingStore

Id = int | str
# SQLite refuses expressions that are nested too deep.
MOST_TAGS = 20
CARRIERS = (
    "SELECT id FROM tag WHERE type = ? AND tag IN (SELECT value FROM json_each(?)) "
    "GROUP BY id HAVING count(*) = CAST(? AS INTEGER)"
)
BROKEN = """
SELECT id FROM resource WHERE json_type(body) IS NOT 'object' OR json_type(extra) IS NOT 'object'
  OR type = 'monitor' AND (typeof(id) <> 'integer'
    OR (json_type(body, '$.id'), json_type(body, '$.name'), json_type(body, '$.type'), json_type(body, '$.query'),
        json_type(body, '$.message'), json_type(body, '$.overall_state'), json_type(body, '$.tags'),
        json_type(body, '$.options'))
    IS NOT ('integer', 'text', 'text', 'text', 'text', 'text', 'array', 'object'))
  OR type = 'dashboard' AND (json_type(body, '$.title'), json_type(body, '$.widgets')) IS NOT ('text', 'array')
"""
# A table's name, and its rows in the order of its columns.
Dump = dict[str, list[list[int | str | float | None]]]


class Referrer(msgspec.Struct, frozen=True):
    """A resource that names another one: the answers of `can_delete` and DELETE tell who it is."""

    type: str
    id: Id
    called: str


class Reference(msgspec.Struct, frozen=True):
    """What a resource points at. `called` is the server's plural for the pointing kind, such as `slos`."""

    target_type: str
    target_id: Id
    called: str


class Record(msgspec.Struct, frozen=True):
    """One resource: `body` is the JSON that GET answers, `extra` the JSON object that only some answers add."""

    type: str
    id: Id
    body: bytes
    extra: bytes = b"{}"
    digest: str | None = None
    tags: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()


class Page(msgspec.Struct, frozen=True):
    """Which resources a list wants: those after an id, skipping some, at most `limit` (None: all)."""

    limit: int | None = None
    skip: int = 0
    after: Id | None = None


class DatabaseUnusable(Exception):  # noqa: N818 reads as what it says
    """The file cannot hold the local Datadog; the text tells a person what to do."""


class Store:
    """One connection to one database; several processes may share the file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, database: Path | None) -> Store:
        """Open or create the file; None keeps everything in memory."""
        if database is None:
            return cls(_prepared(":memory:"))
        try:
            database.parent.mkdir(parents=True, exist_ok=True)
            return cls(_prepared(str(database)))
        except (OSError, sqlite3.Error) as error:
            raise DatabaseUnusable(
                f"`{database}` cannot be used as a database: {error}. Name another file, or delete this one."
            ) from error

    @property
    def series(self) -> SeriesStore:
        return SeriesStore(self._connection)

    @property
    def standings(self) -> StandingStore:
        return StandingStore(self._connection)

    def close(self) -> None:
        self._connection.close()

    def copied(self) -> Store:
        """A store in memory that holds what this one holds now."""
        copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._connection.backup(copy)
        return Store(copy)

    def clear(self) -> None:
        """Delete all but the counters, so that no id is given out twice."""
        with self.transaction():
            for table in self._tables():
                if table != "counter":
                    self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 names of our own tables

    def dump(self) -> Dump:
        return {
            table: [list(row) for row in self._connection.execute(f"SELECT * FROM {table}")]  # noqa: S608 as above
            for table in self._tables()
        }

    def load(self, dump: Dump) -> None:
        """Replace all rows; a row that does not fit is a ValueError and changes nothing."""
        try:
            with self.transaction():
                for table in self._tables():
                    self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 as above
                    for row in dump.get(table, []):
                        places = ", ".join("?" * len(row))
                        self._connection.execute(f"INSERT INTO {table} VALUES ({places})", row)  # noqa: S608 as above
                broken = "SELECT id FROM resource WHERE NOT json_valid(body) OR NOT json_valid(extra)"
                if self._connection.execute(broken).fetchone():
                    raise ValueError("the body of a resource is no JSON")
                self.standings.check()
                odd = self._connection.execute(BROKEN).fetchone()
                if odd is not None:
                    raise ValueError(f"resource {odd[0]} lacks what every one of its type has")
        except (sqlite3.Error, OverflowError) as error:
            raise ValueError(str(error)) from error

    def _tables(self) -> tuple[str, ...]:
        rows = self._connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        return tuple(row[0] for row in rows.fetchall())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of it or nothing, and let no other writer in between a look-up and a write."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def next_number(self, counter: str, *, first: int = 1, count: int = 1) -> int:
        """Take `count` numbers that were never given out before and return the first of them."""
        row = self._connection.execute(
            "INSERT INTO counter VALUES (:name, :first + :count - 1) "
            "ON CONFLICT (name) DO UPDATE SET last = last + :count RETURNING last",
            {"name": counter, "first": first, "count": count},
        ).fetchone()
        return int(row[0]) - count + 1

    def never_give_out(self, record: Record) -> None:
        """Let the next number of the type be above the id of a record from elsewhere."""
        if isinstance(record.id, int):
            self._connection.execute(
                "INSERT INTO counter VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET last = max(last, excluded.last)",
                (record.type, record.id),
            )

    def put(self, record: Record) -> None:
        """Write a resource with its tags and references, replacing what was there. Call it inside a transaction."""
        key = (record.type, record.id)
        self._forget(key)
        self._connection.execute(
            "INSERT OR REPLACE INTO resource VALUES (?, ?, ?, ?, ?)",
            (*key, record.body.decode(), record.extra.decode(), record.digest),
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO tag VALUES (?, ?, ?)", [(record.type, tag, record.id) for tag in record.tags]
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO reference VALUES (?, ?, ?, ?, ?)",
            [(to.target_type, to.target_id, *key, to.called) for to in record.references],
        )

    def rewrite(self, resource_type: str, resource_id: Id, body: bytes) -> None:
        """Change what is read and leave alone what is searched: tags, references and the digest."""
        self._connection.execute(
            "UPDATE resource SET body = ? WHERE type = ? AND id = ?", (body.decode(), resource_type, resource_id)
        )

    def delete(self, resource_type: str, resource_id: Id) -> None:
        key = (resource_type, resource_id)
        self._forget(key)
        self._connection.execute("DELETE FROM resource WHERE type = ? AND id = ?", key)

    def _forget(self, key: tuple[str, Id]) -> None:
        self._connection.execute("DELETE FROM tag WHERE type = ? AND id = ?", key)
        self._connection.execute("DELETE FROM reference WHERE type = ? AND id = ?", key)

    def find(self, resource_type: str, resource_id: Id) -> Record | None:
        """The resource without its tags and references, which only searches need."""
        row = self._connection.execute(
            "SELECT CAST(body AS BLOB), CAST(extra AS BLOB), digest FROM resource WHERE type = ? AND id = ?",
            (resource_type, resource_id),
        ).fetchone()
        return None if row is None else Record(resource_type, resource_id, row[0], row[1], row[2])

    def counts(self) -> dict[str, int]:
        """How many resources there are of each type."""
        rows = self._connection.execute("SELECT type, count(*) FROM resource INDEXED BY resource_order GROUP BY type")
        return dict(rows.fetchall())

    def exists(self, resource_type: str, resource_id: Id) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM resource WHERE type = ? AND id = ?", (resource_type, resource_id)
        )
        return found.fetchone() is not None

    def first_with_digest(self, resource_type: str, digest: str) -> Id | None:
        row = self._connection.execute(
            "SELECT min(id) FROM resource WHERE type = ? AND digest = ?", (resource_type, digest)
        ).fetchone()
        found: Id | None = row[0]
        return found

    def bodies(self, resource_type: str, *, tags: Iterable[str] = (), page: Page | None = None) -> Iterator[bytes]:
        """The JSON texts of the resources that carry all the tags, by ascending id."""
        page = page or Page()
        where, values = "type = ?", [resource_type]
        wanted = sorted(set(tags))
        for tag in wanted[:MOST_TAGS]:
            where += " AND id IN (SELECT id FROM tag WHERE type = ? AND tag = ?)"
            values += [resource_type, tag]
        if len(wanted) > MOST_TAGS:
            where += f" AND id IN ({CARRIERS})"
            values += [resource_type, msgspec.json.encode(wanted).decode(), str(len(wanted))]
        bounds: tuple[Id, ...] = (-1 if page.limit is None else page.limit, page.skip)
        if page.after is not None:
            where += " AND id > ?"
            bounds = (page.after, *bounds)
        # The ids come from an index of their own: to skip to a late page is not to read all the bodies before it.
        ids = f"SELECT id FROM resource INDEXED BY resource_order WHERE {where} ORDER BY id LIMIT ? OFFSET ?"  # noqa: S608 fixed texts only
        rows = self._connection.execute(
            f"SELECT CAST(body AS BLOB) FROM resource WHERE type = ? AND id IN ({ids}) ORDER BY id",  # noqa: S608 fixed texts only
            (resource_type, *values, *bounds),
        )
        for row in rows:
            yield row[0]

    def referrers(self, resource_type: str, resource_id: Id) -> tuple[Referrer, ...]:
        rows = self._connection.execute(
            "SELECT type, id, called FROM reference WHERE target_type = ? AND target_id = ? ORDER BY type, id",
            (resource_type, resource_id),
        )
        return tuple(Referrer(*row) for row in rows)


def _prepared(target: str) -> sqlite3.Connection:
    connection = sqlite3.connect(target, isolation_level=None, check_same_thread=False, timeout=30)
    try:
        # With a write-ahead log NORMAL loses nothing when the process is killed, only when the machine loses power.
        connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {SCHEMA}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection

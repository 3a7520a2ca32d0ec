"""Points in a CSV file."""

from __future__ import annotations

import csv
from pathlib import Path

from generator.history.points import Table, UnreadableHistory

_MOST_BYTES = 2 << 30


def csv_points(path: Path) -> Table:
    """Comma-separated, in UTF-8, its first row the names of the columns."""
    if path.stat().st_size > _MOST_BYTES:
        raise UnreadableHistory(f"`{path.name}` is larger than 2 GB", "write it as Parquet, or in parts")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _table(csv.reader(file, strict=True), path.name)
    except UnicodeDecodeError as error:
        raise UnreadableHistory(f"`{path.name}` is no UTF-8", "write it as UTF-8, or name a Parquet file") from error


def _table(rows: csv._reader, name: str) -> Table:  # type: ignore[name-defined]  # csv names its reader's type nowhere else
    try:
        head = [each.strip() for each in next(rows, [])]
        if len(set(head)) < len(head) or "" in head:
            told = ",".join(head)[:80]
            raise UnreadableHistory(f"`{name}` names its columns `{told}`", "give each column a name of its own")
        columns: list[list[str]] = [[] for _ in head]
        for row in rows:
            if len(row) != len(head):
                if not row:
                    continue
                message = f"`{name}` line {rows.line_num} has {len(row)} cells, and there are {len(head)} columns"
                raise UnreadableHistory(message, "write a cell for each column; quote what holds a comma")
            for column, cell in zip(columns, row, strict=True):
                column.append(cell)
    except csv.Error as error:
        raise UnreadableHistory(
            f"`{name}` line {rows.line_num} is no CSV: {error}", "quote what holds a quote"
        ) from error
    return Table(dict(zip(head, columns, strict=True)), first=2)

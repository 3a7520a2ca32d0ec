"""Points in a Parquet file, with the columns of a CSV file. pyarrow is an extra of the distribution."""

from __future__ import annotations

from pathlib import Path

from generator.history.points import Table, UnreadableHistory

_MOST_ROWS = 200_000_000


def parquet_points(path: Path) -> Table:
    try:
        import pyarrow as pa  # noqa: PLC0415 - heavy, and not always there
        from pyarrow import parquet  # noqa: PLC0415 - as above
    except ImportError as error:
        hint = "install it: `pip install pyarrow`; or write the points as CSV"
        raise UnreadableHistory(
            f"`{path.name}` is Parquet, and pyarrow, which reads it, is not installed", hint
        ) from error
    try:
        with parquet.ParquetFile(path) as file:
            if file.metadata.num_rows > _MOST_ROWS:
                raise UnreadableHistory(f"`{path.name}` has more than {_MOST_ROWS:,} rows", "write it in parts")
            table = file.read()
    except pa.ArrowException as error:
        told = " ".join(str(error).split())[:200]
        raise UnreadableHistory(
            f"`{path.name}` is no Parquet file that can be read: {told}", "write it anew"
        ) from error
    return Table({name: table.column(name).to_pylist() for name in table.column_names})

"""`toban local`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("local")
@click.option("--port", type=click.IntRange(0, 65_535), default=0, show_default="a free one", help="Port on 127.0.0.1.")
@click.option(
    "--db", "database", type=click.Path(dir_okay=False, path_type=Path), help="Keep the state in this SQLite file."
)
def command(port: int, database: Path | None) -> int:
    """Serve the local Datadog until stopped; the first line of output is its address."""
    from generator.localdog.server import serve

    serve(database, port, click.echo)
    return 0

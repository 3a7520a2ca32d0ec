"""`toban local`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli._exits import USAGE, Stop


@click.command("local")
@click.option("--port", type=click.IntRange(0, 65_535), default=0, show_default="a free one", help="Port on 127.0.0.1.")
@click.option(
    "--db", "database", type=click.Path(dir_okay=False, path_type=Path), help="Keep the state in this SQLite file."
)
@click.option("--api-key", metavar="KEY", help="Take only this API key; any without it.")
@click.option("--app-key", metavar="KEY", help="Take only this application key; any without it.")
def command(port: int, database: Path | None, api_key: str | None, app_key: str | None) -> int:
    """Serve the local Datadog until stopped; the first line of output is its address."""
    from generator.localdog.gate import Keys
    from generator.localdog.server import PortUnusable, serve
    from generator.localdog.store import DatabaseUnusable

    if (api_key is None) != (app_key is None):
        raise Stop("one key without the other", hint="give both --api-key and --app-key, or neither", code=USAGE)
    keys = Keys(api_key, app_key) if api_key and app_key else None
    try:
        serve(database, port, click.echo, keys=keys)
    except (PortUnusable, DatabaseUnusable) as error:
        raise Stop(str(error), code=USAGE) from error
    return 0

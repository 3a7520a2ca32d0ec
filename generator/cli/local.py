"""`toban local`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli._exits import USAGE, Stop

if TYPE_CHECKING:
    from generator.localdog.fault import Scenario
    from generator.localdog.gate import Keys


@click.command("local")
@click.option("--port", type=click.IntRange(0, 65_535), default=0, show_default="a free one", help="Port on 127.0.0.1.")
@click.option(
    "--db", "database", type=click.Path(dir_okay=False, path_type=Path), help="Keep the state in this SQLite file."
)
@click.option("--api-key", metavar="KEY", help="Take only this API key; any without it.")
@click.option("--app-key", metavar="KEY", help="Take only this application key; any without it.")
@click.option("--read-only-app-key", metavar="KEY", help="Take this application key too, for reading.")
@click.option(
    "--faults",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Misbehave as this YAML scenario says; docs/local-datadog.md shows how.",
)
@click.option(
    "--seed",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Begin with the exported resources, series and saved states (*.json) of this folder.",
)
@click.option(
    "--now", metavar="TIME", help="Let the clock stand at this moment, such as 2027-01-12T08:00:00Z, until it is moved."
)
@click.option("--webhook", metavar="URL", help="Post each notification to this address of this machine.")
def command(database: Path | None, port: int, **options: Any) -> int:
    """Serve the local Datadog until stopped; the first line of output is its address."""
    from generator.cli._console import show
    from generator.localdog.fault import ScenarioUnreadable
    from generator.localdog.moments import MomentRefused, moment
    from generator.localdog.posting import WebhookRefused, webhook
    from generator.localdog.seed import SeedRefused
    from generator.localdog.server import Begin, PortUnusable, serve
    from generator.localdog.store import DatabaseUnusable

    keys = _keys(options["api_key"], options["app_key"], options["read_only_app_key"])
    try:
        begin = Begin(
            keys,
            _scenario(options["faults"]),
            options["seed"],
            now=None if options["now"] is None else moment(options["now"]),
            webhook=None if options["webhook"] is None else webhook(options["webhook"]),
        )
        serve(database, port, show, begin=begin)
    except (
        PortUnusable, DatabaseUnusable, ScenarioUnreadable, SeedRefused, WebhookRefused, MomentRefused,
    ) as error:  # fmt: skip
        raise Stop(str(error), code=USAGE) from error
    return 0


def _keys(api_key: str | None, app_key: str | None, read_only_app_key: str | None) -> Keys | None:
    from generator.localdog.gate import Keys

    if (api_key is None) != (app_key is None) or (read_only_app_key is not None and api_key is None):
        raise Stop("one key without the other", hint="give both --api-key and --app-key, or neither", code=USAGE)
    return Keys(api_key, app_key, read_only_app_key) if api_key and app_key else None


def _scenario(path: Path | None) -> Scenario | None:
    from generator.localdog.fault import ScenarioUnreadable, read_scenario

    if path is None:
        return None
    try:
        return read_scenario(path.read_bytes())
    except (OSError, ScenarioUnreadable) as error:
        raise ScenarioUnreadable(f"{path}: {error}") from error

"""`toban test`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli._options import format_option, project_options, setting_options


@click.command("test")
@project_options
@click.option("--run", "pattern", metavar="PATTERN", help="Only tests whose name this regular expression finds.")
@click.option("--coverage", is_flag=True, help="Say which monitors have no test, and which states no test reaches.")
@setting_options
@format_option("text", "json", "junit", "github")
def command(  # noqa: PLR0913 - click hands each over by name
    root: Path,
    only: tuple[str, ...],
    paths: tuple[Path, ...],
    *,
    no_cache: bool,
    pattern: str | None,
    coverage: bool,
    chosen: tuple[str, ...],
    sensitivity: bool,
    output: str,
) -> int:
    """Run the tests of monitors: NAME.test.yaml beside NAME.yaml, offline.

    Exits with 1 where a test fails, and with 2 where files cannot be read as tests or monitors.
    """
    from generator.cli import _testing

    request = _testing.Request(
        root,
        only,
        paths,
        no_cache=no_cache,
        pattern=pattern,
        coverage=coverage,
        chosen=chosen,
        sensitivity=sensitivity,
    )
    return _testing.tested(request, output)

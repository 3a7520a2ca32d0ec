"""`toban restore`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli._options import target_options


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=".")
@target_options
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(file: Path, root: Path, api_url: str | None, *, local: bool, yes: bool) -> int:
    """Put back what a sync has overwritten or deleted; FILE is in .toban/archive/.

    `toban sync --restore RUN` does so with all of a run. The next sync changes it again, unless the YAML says the same.
    """
    from generator.cli._planning import Request
    from generator.cli._restoring import put_back, read_file

    return put_back([read_file(file)], Request(root=root, api_url=api_url, local=local), yes=yes)

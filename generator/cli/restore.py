"""`toban restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from generator.cli._options import format_option, target_options


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=".")
@target_options
@format_option("text", "json")
@click.option("--yes", is_flag=True, help="Do not ask; needs --expect.")
@click.option("--expect", metavar="DIGEST", help="Refuse to change anything else than what was shown with this digest.")
def command(file: Path, root: Path, expect: str | None, output: str, *, yes: bool, **target: Any) -> int:
    """Put back what a sync has overwritten or deleted; FILE is in .toban/archive/.

    `toban sync --restore RUN` does so with all of a run. The next sync changes it again, unless the YAML says the same.
    """
    from generator.cli._planning import Request
    from generator.cli._restoring import Agreement, put_back, read_file

    request = Request(root=root, **target)
    return put_back(read_file(file, request.state), request, Agreement(yes, expect, output))

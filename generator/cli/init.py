"""`toban init`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import click

from generator.cli._exits import OK, USAGE, Stop

_WORKSPACE = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_MOST_NAMED = 10
_KEEP = "give another folder, or --keep to leave these as they are and write the others"


@click.command("init")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--workspace", default="main", show_default=True, help="Tells repositories of one Datadog apart.")
@click.option("--timezone", default="UTC", show_default=True, help="Of local times, such as Asia/Tokyo.")
@click.option("--keep", is_flag=True, help="Leave the files that are there as they are, and write the others.")
def command(folder: Path, workspace: str, timezone: str, *, keep: bool) -> int:
    """Make a repository: an example with its test, workflows of GitHub, schemas for editors.

    Nothing is overwritten: where one of the files is there already, nothing is written at all.
    """
    from generator.cli._console import show
    from generator.cli._files import write_file

    files = _files(workspace, timezone)
    there = _existing(folder, files)
    if there and not keep:
        raise Stop(f"nothing was written: {_named(there)} would be overwritten", hint=_KEEP)
    files = {path: text for path, text in files.items() if path not in there}
    for path, text in files.items():
        write_file(folder / path, text)
    show(f"wrote {len(files)} files to {folder}/\nnext: `toban plan --local`, then read README.md")
    return OK


def _files(workspace: str, timezone: str) -> Mapping[str, str]:
    from generator.render.schema import project_schemas
    from generator.schedule.zones import UnknownZone, zone
    from generator.starter.starting import Beginning, starting_files

    if not _WORKSPACE.fullmatch(workspace):
        hint = "small letters, digits, `.`, `_` and `-`, beginning with a letter or digit"
        raise Stop(f"`--workspace {workspace!a}` is no name of a workspace", hint=hint, code=USAGE)
    known = zone(timezone)
    if isinstance(known, UnknownZone):
        raise Stop(known.message, hint=known.hint, code=USAGE)
    files = starting_files(Beginning(workspace, timezone, metadata.version("toban")))
    schemas = {
        f"schemas/{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in project_schemas().items()
    }
    return {**files, **schemas}


def _existing(folder: Path, files: Mapping[str, str]) -> tuple[str, ...]:
    """A link on the way is refused always: it would have files written elsewhere."""
    for above in sorted({above for path in files for above in _folders(folder, path)}):
        if above.is_symlink() or above.is_file():
            raise Stop(f"nothing was written: `{above}` is no folder of this place", hint="move it away")
    return tuple(path for path in files if (folder / path).exists() or (folder / path).is_symlink())


def _named(paths: tuple[str, ...]) -> str:
    more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    return f"{', '.join(paths[:_MOST_NAMED])}{more}"


def _folders(folder: Path, path: str) -> list[Path]:
    return [folder / above for above in Path(path).parents if above != Path()]

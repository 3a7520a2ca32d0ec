"""`toban init`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli._exits import OK, USAGE, Stop

if TYPE_CHECKING:
    from generator.starter.sources import Source

_WORKSPACE = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_MOST_NAMED = 10
_KEEP = "give another folder, or --keep to leave these as they are and write the others"
_INSTALL = "requirements.txt"


@click.command("init")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--workspace", default="main", show_default=True, help="Tells repositories of one Datadog apart.")
@click.option("--timezone", default="UTC", show_default=True, help="Of local times, such as Asia/Tokyo.")
@click.option("--source", help="Where the repository gets toban; by default where this one was installed from.")
@click.option("--keep", is_flag=True, help="Leave the files that are there as they are, and write the others.")
def command(folder: Path, workspace: str, timezone: str, source: str | None, *, keep: bool) -> int:
    """Make a repository: an example with its test, workflows of GitHub, schemas for editors.

    Nothing is overwritten: where one of the files is there already, nothing is written at all.

    SOURCE names a toban and what it contains: git+https://HOST/OWNER/toban@COMMIT with the whole commit,
    https://HOST/…/toban-VERSION-py3-none-any.whl#sha256=DIGEST, or the path of such a wheel, which is then copied into
    the repository.
    """
    from generator.cli._console import show
    from generator.cli._files import write_bytes
    from generator.cli._installed import Chosen, installed_source, named_source

    chosen = installed_source() if source is None else named_source(source)
    if isinstance(chosen, Chosen):
        files: Mapping[str, bytes] = {**_files(workspace, timezone, chosen.source), **chosen.copies}
        told = f"toban is installed from {chosen.source.words}"
    else:
        files = _files(workspace, timezone, None)
        told = _unknown(chosen.message)
    there = _existing(folder, files)
    if there and not keep:
        raise Stop(f"nothing was written: {_named(there)} would be overwritten", hint=_KEEP)
    wanted = [path for path in files if path not in there]
    for path in wanted:
        write_bytes(folder / path, files[path])
    show(f"wrote {len(wanted)} files to {folder}/")
    if _INSTALL in wanted:
        show(told)
    show("next: `toban plan --local`, then read README.md")
    return OK


def _unknown(reason: str) -> str:
    return (
        f"{_INSTALL} does not say where toban comes from, and the workflows will stop at it:\n  {reason}\n"
        "  delete it and run `toban init --keep --source SOURCE`; `toban init --help` tells what SOURCE can be"
    )


def _files(workspace: str, timezone: str, source: Source | None) -> Mapping[str, bytes]:
    from generator.render.schema import project_schemas
    from generator.schedule.zones import UnknownZone, zone
    from generator.starter.starting import Beginning, starting_files

    if not _WORKSPACE.fullmatch(workspace):
        hint = "small letters, digits, `.`, `_` and `-`, beginning with a letter or digit"
        raise Stop(f"`--workspace {workspace!a}` is no name of a workspace", hint=hint, code=USAGE)
    known = zone(timezone)
    if isinstance(known, UnknownZone):
        raise Stop(known.message, hint=known.hint, code=USAGE)
    files = starting_files(Beginning(workspace, timezone, source))
    schemas = {
        f"schemas/{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in project_schemas().items()
    }
    return {path: text.encode() for path, text in (*files.items(), *schemas.items())}


def _existing(folder: Path, files: Iterable[str]) -> tuple[str, ...]:
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

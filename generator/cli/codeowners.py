"""`toban codeowners`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli._exits import OK, PROBLEM, Stop

if TYPE_CHECKING:
    from generator.source.reader import Files


@click.command("codeowners")
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), show_default=".")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where the file is not current.")
def command(root: Path, *, check: bool) -> int:
    """Write .github/CODEOWNERS from the teams' `owners`, and keep what people wrote below it.

    An existing CODEOWNERS elsewhere that GitHub reads is kept where it is.
    """
    from generator.cli._console import show
    from generator.cli._files import write_file
    from generator.github.codeowners import with_ours

    ours = _ours(root)
    path = _place(root)
    existing = _text(path)
    if not ours and "toban codeowners" not in existing:
        show("no `owners` in monitors/organization.yaml own a file, so there is nothing to write")
        return OK
    wanted = with_ours(existing, ours)
    shown_path = path.relative_to(root)
    if wanted == existing:
        show(f"{shown_path} is current")
        return OK
    if check:
        show(f"{shown_path} is not current\n  run `toban codeowners`, and commit it")
        return PROBLEM
    write_file(path, wanted)
    show(f"wrote {shown_path}")
    return OK


def _ours(root: Path) -> str:
    from generator.finding import is_error
    from generator.github.codeowners import codeowners, unwritable
    from generator.render.project import load_project
    from generator.source.reader import read_folder

    files = read_folder(root)
    project, findings = load_project(files)
    errors = [each for each in findings if is_error(each)]
    if project is None or errors:
        first = (*errors, *findings)[0]
        raise Stop(f"{first.span.path}:{first.span.line}: {first.message}", hint=first.hint or "see `toban lint`")
    teams = _teams(files)
    if odd := unwritable(project.organization, teams):
        raise Stop(f"CODEOWNERS cannot name {odd[0]}", hint="rename it: no brackets and no control characters")
    return codeowners(project.organization, teams)


def _teams(files: Files) -> Mapping[str, str]:
    """Team by path, empty where there is none. A file that cannot be read has none: `toban lint` says so."""
    from generator.source.documents import load

    found: dict[str, str] = {}
    for path in files:
        root = load(path, files[path]).root
        team = root.get("team") if isinstance(root, dict) else None
        found[path] = team if isinstance(team, str) else ""
    return found


def _place(root: Path) -> Path:
    from generator.github.codeowners import PLACES

    return next((root / each for each in PLACES if (root / each).is_file()), root / PLACES[0])


def _text(path: Path) -> str:
    if path.is_symlink() or (path.parent.is_symlink() and path.parent.name):
        raise Stop(f"`{path}` is a link, and would have files written elsewhere", hint="delete it")
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except UnicodeDecodeError as error:
        raise Stop(f"`{path}` is not UTF-8", hint="write it anew") from error

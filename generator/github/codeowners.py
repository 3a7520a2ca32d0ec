"""CODEOWNERS from the teams of the organisation's file: who has to look at a change of which file.

GitHub takes the last line that matches, so lines of files and folders come after the one for everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import UNSET

from generator.source.files import Organization
from generator.source.wording import shown

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, in its order."""

FIRST_LINE = "# Written by `toban codeowners` from monitors/organization.yaml; change it there."
_LAST_LINE = "# End of what `toban codeowners` writes; what stands below is kept."


def codeowners(organization: Organization, teams: Mapping[str, str]) -> str:
    """The part of the file that is ours; empty where nobody is named. `teams` are by the path of their files."""
    everybody = "" if organization.owners is UNSET else organization.owners
    known = {} if organization.teams is UNSET else organization.teams
    owners = {path: known[team].owners for path, team in teams.items() if team in known}
    lines = [f"* {everybody}"] if everybody else []
    lines += _lines({path: named for path, named in owners.items() if named is not UNSET}, everybody)
    return "\n".join([FIRST_LINE, *lines, _LAST_LINE, ""]) if lines else ""


def with_ours(existing: str, ours: str) -> str:
    """The whole file: ours, and what people wrote below it."""
    if _LAST_LINE in existing:
        kept = existing.partition(_LAST_LINE)[2].lstrip("\n")
    else:
        kept = "" if existing.startswith(FIRST_LINE) else existing
    return ours + kept


def _lines(owners: Mapping[str, str], everybody: str) -> Iterator[str]:
    """A folder whose services all belong to the same people is one line, so that a new file in it is theirs too."""
    folders: dict[str, set[str]] = {}
    for path, named in owners.items():
        folders.setdefault(str(PurePosixPath(path).parent), set()).add(named)
    whole = {folder: min(named) for folder, named in folders.items() if len(named) == 1 and folder.count("/")}
    for folder, named in sorted(whole.items()):
        yield f"/{_escaped(folder)}/ {named}"
    for path, named in sorted(owners.items()):
        folder = str(PurePosixPath(path).parent)
        if folder not in whole:
            yield f"/{_escaped(path)} {named}"
            if (tests := _tests_of(path)) != path:
                yield f"/{_escaped(tests)} {named}"
    if everybody:
        yield f"/monitors/organization.yaml {everybody}"
        yield f"/.github/ {everybody}"


def _tests_of(path: str) -> str:
    stem, dot, suffix = path.rpartition(".")
    return f"{stem}.test{dot}{suffix}" if path.startswith("monitors/") else path


def _escaped(path: str) -> str:
    """GitHub reads blanks and `#` as ends, and has no way to write a bracket literally."""
    return "".join(f"\\{each}" if each in "\\ #*?!" else each for each in path)


def unwritable(teams: Mapping[str, str]) -> tuple[str, ...]:
    """Paths that no line of GitHub's can name."""
    return tuple(shown(path) for path in sorted(teams) if any(each in "[]" or not each.isprintable() for each in path))

"""CODEOWNERS from the teams of the organisation's file: who has to look at a change of which file.

GitHub takes the last line that matches, so lines of files and folders come after the one for everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import UNSET

from generator.source.files import Organization
from generator.source.monitor_tests import SUFFIXES as TESTS
from generator.source.wording import shown

_Folder = tuple[str, ...]

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, in its order."""

FIRST_LINE = "# Written by `toban codeowners` from monitors/organization.yaml; change it there."
_LAST_LINE = "# End of what `toban codeowners` writes; what stands below is kept."


def codeowners(organization: Organization, teams: Mapping[str, str]) -> str:
    """The part of the file that is ours; empty where nobody is named. `teams` are by path, empty where a file has none.

    What no team owns is the organisation's, or nobody's.
    """
    everybody = _everybody(organization)
    lines = [f"* {everybody}"] if everybody else []
    lines += [f"/{_escaped(path)} {named}".rstrip() for path, named in _exceptions(organization, teams)]
    lines += [f"{path} {everybody}" for path in ("/monitors/organization.yaml", "/.github/") if everybody]
    return "\n".join([FIRST_LINE, *lines, _LAST_LINE, ""]) if lines else ""


def unwritable(organization: Organization, teams: Mapping[str, str]) -> tuple[str, ...]:
    """Paths that need a line, and that no line of GitHub's can name."""
    named = [path for path, _ in _exceptions(organization, teams)]
    there_first = sorted(named, key=lambda path: path.endswith(TESTS))
    return tuple(shown(path) for path in there_first if any(each in "[]" or not each.isprintable() for each in path))


def with_ours(existing: str, ours: str) -> str:
    """The whole file: ours, and what people wrote below it."""
    if _LAST_LINE in existing:
        kept = existing.partition(_LAST_LINE)[2].lstrip("\n")
    else:
        kept = "" if existing.startswith(FIRST_LINE) else existing
    return ours + kept


def _everybody(organization: Organization) -> str:
    return "" if organization.owners is UNSET else organization.owners


def _exceptions(organization: Organization, teams: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Paths of folders, which end in `/`, and of files, with their owners; each is inside what stands before it.

    A folder belongs to whom all in it belongs, or all that is directly in it, so that a new file in it is theirs too.
    """
    everybody = _everybody(organization)
    direct: dict[_Folder, dict[str, str]] = {}
    below: dict[_Folder, set[str]] = {}
    for path, named in _owners(organization, teams).items():
        folder = tuple(path.split("/")[:-1])
        direct.setdefault(folder, {})[path] = named
        for depth in range(2, len(folder) + 1):
            below.setdefault(folder[:depth], set()).add(named)
    given: dict[_Folder, str] = {}
    for folder in sorted({*direct, *below}):
        above = given.get(folder[:-1], everybody)
        inside = direct.get(folder, {})
        given[folder] = _of_folder(below.get(folder, set()), set(inside.values()), above)
        if given[folder] != above:
            yield f"{'/'.join(folder)}/", given[folder]
        yield from sorted((path, named) for path, named in inside.items() if named != given[folder])


def _of_folder(below: set[str], inside: set[str], above: str) -> str:
    """`monitors/` and `dashboards/` themselves, of which `below` knows nothing, are the organisation's."""
    alike = next((each for each in (below, inside) if below and len(each) == 1), {above})
    return min(alike)


def _owners(organization: Organization, teams: Mapping[str, str]) -> Mapping[str, str]:
    """Tests belong to whom their monitors belong, also before somebody has written them."""
    everybody = _everybody(organization)
    known = {} if organization.teams is UNSET else organization.teams
    named = {name: everybody if team.owners is UNSET else team.owners for name, team in known.items()}
    owners = {path: named.get(team, everybody) for path, team in teams.items() if not path.endswith(TESTS)}
    tests = {of: who for path, who in sorted(owners.items(), reverse=True) for of in _tests_of(path)}
    written = {path: tests.get(path, everybody) for path in teams if path.endswith(TESTS)}
    folders = {str(above) for path in teams for above in PurePosixPath(path).parents}
    future = {_tests_of(path)[0]: who for path, who in owners.items() if path.startswith("monitors/")}
    future = {path: who for path, who in future.items() if path not in folders}
    return {**future, **owners, **written}


def _tests_of(path: str) -> tuple[str, ...]:
    """First the one that a person would write."""
    stem, _, suffix = path.rpartition(".")
    return tuple(sorted((f"{stem}{each}" for each in TESTS), key=lambda each: not each.endswith(suffix)))


def _escaped(path: str) -> str:
    """GitHub reads blanks and `#` as ends, and has no way to write a bracket literally."""
    return "".join(f"\\{each}" if each in "\\ #*?!" else each for each in path)

"""Read and render the project."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from generator.cli._collector import collector_off
from generator.cli._exits import USAGE, Stop
from generator.cli._files import STATE, keep_from_git
from generator.cli._secrets import without_keys, witness
from generator.finding import Finding
from generator.render.cache import FileCache
from generator.render.model import FileRendering, Rendering
from generator.render.renderer import render
from generator.resources.tracking import service_of
from generator.source.reader import Files, read_folder

IsElsewhere = Callable[[str, str], bool]
"""Whether a workspace has a service that its YAML does not name."""


def nowhere_else(_workspace: str, _service: str) -> bool:
    return False


def load(root: Path, *, no_cache: bool) -> tuple[Files, Rendering]:
    """The project files below `root`, and what they render to."""
    files = read_folder(root)
    return files, rendered(files, cache_folder(root, no_cache=no_cache))


def load_revision(root: Path, revision: str) -> tuple[Files, Rendering]:
    """The project files of a git revision, and what they render to."""
    files = load_revision_files(root, revision)
    return files, rendered(files, None)


def load_revision_files(root: Path, revision: str) -> Files:
    from generator.source.revision import UnreadableRevision, read_revision

    try:
        return read_revision(root, revision)
    except UnreadableRevision as error:
        raise Stop(str(error), hint=error.hint, code=USAGE) from error


def rendered(files: Files, folder: Path | None, missed: Callable[[str], None] = lambda _: None) -> Rendering:
    """`folder` is of the cache; `missed` hears of what it lacks."""
    with collector_off():
        if folder is None:
            return without_keys(render(files, None))
        cache = FileCache(folder / "render", files, FileRendering, missed, secret=witness())
        rendering = without_keys(render(files, cache), cache.examined)
    if folder.parent.name == STATE and folder.exists():
        keep_from_git(folder.parent)
    return rendering


def cache_folder(root: Path, *, no_cache: bool) -> Path | None:
    """None in CI too, where a pull request could bring a cache along, and where a link would lead elsewhere."""
    state = root / STATE
    if no_cache or os.environ.get("CI") or state.is_symlink() or (state / "cache").is_symlink():
        return None
    return state / "cache"


def chosen_services(
    rendering: Rendering,
    root: Path,
    *,
    only: Iterable[str],
    paths: Iterable[Path],
    is_elsewhere: IsElsewhere = nowhere_else,
) -> frozenset[str]:
    """The services that `--only` and paths name; none for all. `is_elsewhere` is asked for what the YAML has not."""
    named = {_service(each, rendering, is_elsewhere) for each in only}
    wanted = [relative_path(path, root) for path in paths]
    below = {service for path, service in rendering.services.items() if any(_is_below(path, each) for each in wanted)}
    if wanted and not below:
        raise Stop(
            "nothing is rendered from these paths",
            hint="name files or folders below monitors/ or dashboards/",
            code=USAGE,
        )
    return frozenset(named | below)


def narrowed(rendering: Rendering, services: frozenset[str]) -> Rendering:
    """The resources of the services, and the findings in their files and in those that hold for all."""
    if not services:
        return rendering
    return msgspec.structs.replace(
        rendering,
        resources=tuple(each for each in rendering.resources if service_of(each.tracking_id) in services),
        findings=tuple(each for each in rendering.findings if concerns(each, rendering, services)),
    )


def concerns(finding: Finding, rendering: Rendering, services: frozenset[str]) -> bool:
    """Whether it is about one of the services (all where empty), or in a file that holds for all."""
    if finding.tracking_ids and services:
        return any(service_of(each) in services for each in finding.tracking_ids)
    service = rendering.services.get(finding.span.path)
    return not services or service is None or service in services


def _service(text: str, rendering: Rendering, is_elsewhere: IsElsewhere) -> str:
    word, _, name = text.partition(":")
    known = sorted(set(rendering.services.values()))
    if word != "service" or not name:
        raise Stop(f"`--only {text}` is not understood", hint="write `--only service:NAME`", code=USAGE)
    if name not in known and not is_elsewhere(rendering.workspace, name):
        where = "" if is_elsewhere is nowhere_else else ", in the YAML or in Datadog"
        raise Stop(f"there is no service `{name}`{where}", hint=f"services are: {', '.join(known[:10])}", code=USAGE)
    return name


def relative_path(path: Path, root: Path) -> str:
    """As project files are named."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError as error:
        raise Stop(f"`{path}` is not below `{root}`", hint="name files of the project", code=USAGE) from error


def _is_below(path: str, wanted: str) -> bool:
    return wanted in (".", path) or path.startswith(f"{wanted}/")

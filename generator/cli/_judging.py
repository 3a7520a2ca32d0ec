"""Render and lint: what lint, render, plan and sync begin with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.cli._console import is_coloured, tell, width
from generator.cli._project import cache_folder, chosen_services, load, narrowed
from generator.finding import Finding, in_reading_order, is_error
from generator.lint.runner import FileLint, lint
from generator.render.cache import FileCache
from generator.render.locating import Locator
from generator.render.model import Rendering
from generator.report.findings_text import findings_text
from generator.report.style import COLOURED, PLAIN, Style
from generator.source.reader import Files


@dataclass(frozen=True, slots=True)
class Judged:
    """The project as rendered: `whole`, and narrowed to `services` (all where empty), with every finding."""

    files: Files
    whole: Rendering
    rendering: Rendering
    services: frozenset[str]
    findings: tuple[Finding, ...]

    @property
    def has_errors(self) -> bool:
        return any(is_error(finding) for finding in self.findings)


def judged(root: Path, *, only: Iterable[str], paths: Iterable[Path], no_cache: bool) -> Judged:
    files, rendering = load(root, no_cache=no_cache)
    services = chosen_services(rendering, root, only=only, paths=paths)
    chosen = narrowed(rendering, services)
    folder = cache_folder(root, no_cache=no_cache)
    cache = FileCache(folder / "lint", files, FileLint) if folder else None
    findings = in_reading_order((*chosen.findings, *lint(chosen, Locator(files), cache)))
    return Judged(files, rendering, chosen, services, findings)


def style() -> Style:
    return COLOURED if is_coloured() else PLAIN


def findings_for_people(found: Judged) -> str:
    def text_of(path: str) -> str | None:
        content = found.files.get(path)
        return None if content is None else content.decode("utf-8", "replace")

    return findings_text(found.findings, text_of, width=width(), style=style())


def tell_findings(found: Judged) -> None:
    """Beside the output, where there is something to tell."""
    if found.findings:
        tell(findings_for_people(found))

"""Render and lint: what lint, render, plan and sync begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from generator.cli._companion import accompanied
from generator.cli._console import is_coloured, tell, width
from generator.cli._project import (
    IsElsewhere,
    cache_folder,
    chosen_services,
    concerns,
    load_revision,
    narrowed,
    nowhere_else,
    rendered,
)
from generator.cli._secrets import concealed, has_refused, witness
from generator.finding import Finding, is_error
from generator.lint.rule import rules
from generator.lint.runner import FileLint, lint
from generator.lint.suppressing import Settled, Suppressed, settled
from generator.render.cache import FileCache
from generator.render.locating import Locator
from generator.render.model import Rendering
from generator.report.findings_text import findings_text
from generator.report.style import COLOURED, PLAIN, Style
from generator.source.reader import Files, read_folder
from generator.testing.reading import read_suite


@dataclass(frozen=True, slots=True)
class Judged:
    """The project as rendered: `whole`, and narrowed to `services` (all where empty), with all that is found."""

    files: Files
    whole: Rendering
    rendering: Rendering
    services: frozenset[str]
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()

    @property
    def has_errors(self) -> bool:
        return any(is_error(finding) for finding in self.findings)


def judged(  # noqa: PLR0913  each is a choice of its own
    root: Path,
    *,
    only: Iterable[str],
    paths: Iterable[Path],
    no_cache: bool,
    ref: str | None = None,
    former: Mapping[str, str] = {},
    is_elsewhere: IsElsewhere = nowhere_else,
) -> Judged:
    """The project in the folder, or at a git revision, which no cache is kept of.

    `former` services, by the path that their files had, can be chosen too, and those that are elsewhere.
    """
    if ref is None:
        files: Files = read_folder(root)
        with accompanied(root, files, cache_folder(root, no_cache=no_cache)) as (folder, missed):
            rendering = rendered(files, folder, missed)
            found = settled_findings(files, rendering, folder)
    else:
        files, rendering = load_revision(root, ref)
        found = settled_findings(files, rendering, None)
    known = msgspec.structs.replace(rendering, services={**former, **rendering.services})
    services = chosen_services(known, root, only=only, paths=paths, is_elsewhere=is_elsewhere)
    return Judged(
        files,
        rendering,
        narrowed(rendering, services),
        services,
        tuple(each for each in found.findings if concerns(each, rendering, services)),
        tuple(each for each in found.suppressed if concerns(each.finding, rendering, services)),
    )


def settled_findings(files: Files, rendering: Rendering, folder: Path | None) -> Settled:
    """What rendering, reading tests and the rules find, without what comments suppress; `folder` is of the cache."""
    cache = (
        FileCache(folder / "lint", files, FileLint, secret=witness()) if folder and not has_refused(rendering) else None
    )
    findings = (*rendering.findings, *read_suite(files, rendering).findings, *lint(rendering, Locator(files), cache))
    return settled(findings, files, rendering.resources, today=today())


def today() -> date:
    """In UTC, so that a suppression ends at one moment for everybody."""
    return datetime.now(UTC).date()


def style() -> Style:
    return COLOURED if is_coloured() else PLAIN


def findings_for_people(found: Judged) -> str:
    def text_of(path: str) -> str | None:
        content = found.files.get(path)
        # Before lines are shortened, which may cut a key in two.
        return None if content is None else concealed(content.decode("utf-8", "replace"))

    reasons = {rule.name: rule.why for rule in rules()}
    return findings_text(found.findings, text_of, reasons=reasons, width=width(), style=style())


def tell_findings(found: Judged) -> None:
    """Beside the output, where there is something to tell."""
    if found.findings:
        tell(findings_for_people(found))

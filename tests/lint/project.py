"""Project files, rendered and judged as `toban lint` does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from generator.finding import Finding
from generator.lint.runner import lint
from generator.lint.suppressing import Settled, settled
from generator.render.locating import Locator
from generator.render.renderer import render

ORGANIZATION = """\
workspace: main
environments:
  production: {scope: "env:production"}
  staging: {scope: "env:staging"}
"""
TODAY = date(2026, 11, 24)


def project(services: Mapping[str, str]) -> dict[str, bytes]:
    """The files of a project from the texts of its service files, by the name of the service."""
    files = {"monitors/organization.yaml": ORGANIZATION.encode()}
    return files | {f"monitors/{name}.yaml": text.encode() for name, text in services.items()}


def findings_in(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    rendering = render(files)
    return (*rendering.findings, *lint(rendering, Locator(files)))


def settled_in(files: Mapping[str, bytes], today: date = TODAY) -> Settled:
    return settled(findings_in(files), files, render(files).resources, today=today)

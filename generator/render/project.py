"""The files that hold for all others: the organisation and the sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.finding import Finding, Severity, Span
from generator.render.decoding import decoded
from generator.source.documents import Document, load
from generator.source.files import Organization, Set
from generator.source.reader import Files

ORGANIZATION = "monitors/organization.yaml"
SETS = "monitors/sets/"


@dataclass(frozen=True, slots=True)
class SetFile:
    name: str
    document: Document
    content: Set


@dataclass(frozen=True, slots=True)
class Project:
    """What one file needs to know of the others."""

    organization: Organization
    document: Document
    sets: Mapping[str, SetFile]

    @property
    def root(self) -> Mapping[str, Any]:
        root: Mapping[str, Any] = self.document.root
        return root


def load_project(files: Files) -> tuple[Project | None, tuple[Finding, ...]]:
    """The organisation and its sets; None where nothing can be rendered without them."""
    path = next((name for name in (ORGANIZATION, ORGANIZATION.replace(".yaml", ".yml")) if name in files), None)
    if path is None:
        return None, (_missing_organization(files),)
    document = load(path, files[path])
    organization, findings = _content(document, Organization)
    sets, set_findings = _sets(files)
    found = (*document.findings, *findings, *set_findings)
    return (Project(organization, document, sets) if organization else None), found


def is_service_file(path: str) -> bool:
    return (
        path.startswith("monitors/") and not path.startswith(SETS) and path.rsplit(".", 1)[0] != "monitors/organization"
    )


def is_dashboard_file(path: str) -> bool:
    return path.startswith("dashboards/")


def _content(document: Document, cls: type[Any]) -> tuple[Any, tuple[Finding, ...]]:
    if document.root is None:
        return None, () if document.findings else (_empty(document),)
    return decoded(document, (), cls)


def _empty(document: Document) -> Finding:
    return Finding(
        "empty-file", Severity.ERROR, "the file is empty", Span(document.path, 1, 1, 1, 1), hint="fill it, or delete it"
    )


def _sets(files: Files) -> tuple[dict[str, SetFile], tuple[Finding, ...]]:
    sets: dict[str, SetFile] = {}
    findings: list[Finding] = []
    for path in sorted(files):
        if path.startswith(SETS):
            document = load(path, files[path])
            content, found = _content(document, Set)
            findings += (*document.findings, *found)
            if content:
                name = path.removeprefix(SETS).rsplit(".", 1)[0]
                sets[name] = SetFile(name, document, content)
    return sets, tuple(findings)


def _missing_organization(files: Files) -> Finding:
    found = f"{len(files)} other files" if files else "no files below monitors/ and dashboards/"
    return Finding(
        "no-organization",
        Severity.ERROR,
        f"there is no {ORGANIZATION}, found {found}",
        Span(ORGANIZATION, 1, 1, 1, 1),
        hint="it names the workspace, the time zone, teams and environments; or call toban in the folder that has it",
    )

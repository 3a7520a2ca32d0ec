"""The files that hold for all others: the organisation and the sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from generator.finding import Finding, Severity, Span
from generator.render.decoding import Decoded, decoded
from generator.source.documents import Document, load
from generator.source.files import Organization, Set
from generator.source.reader import Files

T = TypeVar("T")
ORGANIZATION = "monitors/organization.yaml"
_SPELLINGS = (ORGANIZATION, "monitors/organization.yml")
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
    fields: Mapping[str, Any]
    sets: Mapping[str, SetFile]


def load_project(files: Files) -> tuple[Project | None, tuple[Finding, ...]]:
    """The organisation and its sets; None where nothing can be rendered without them."""
    paths = [path for path in _SPELLINGS if path in files]
    if not paths:
        return None, (_missing_organization(files),)
    document = load(paths[0], files[paths[0]])
    content = _content(document, Organization)
    sets, set_findings = _sets(files)
    twins = (_twin(path, paths[0], "organisation") for path in paths[1:])
    found = (*document.findings, *content.findings, *set_findings, *twins)
    if content.value is None:
        return None, found
    return Project(content.value, document, content.fields, sets), found


def is_service_file(path: str) -> bool:
    return (
        path.startswith("monitors/") and not path.startswith(SETS) and path.rsplit(".", 1)[0] != "monitors/organization"
    )


def is_dashboard_file(path: str) -> bool:
    return path.startswith("dashboards/")


def _content(document: Document, cls: type[T]) -> Decoded[T]:
    if document.root is None:
        return Decoded(None, None, () if document.findings else (_empty(document),))
    return decoded(document, cls)


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
            content = _content(document, Set)
            findings += (*document.findings, *content.findings)
            if content.value:
                name = path.removeprefix(SETS).rsplit(".", 1)[0]
                made = SetFile(name, document, content.value)
                if sets.setdefault(name, made) is not made:
                    findings.append(_twin(path, sets[name].document.path, f"set `{name}`"))
    return sets, tuple(findings)


def _twin(path: str, first: str, what: str) -> Finding:
    message = f"`{path}` is a second file of the {what}, beside `{first}`"
    return Finding("duplicate-file", Severity.ERROR, message, Span(path, 1, 1, 1, 1), hint="keep one of the two")


def _missing_organization(files: Files) -> Finding:
    found = f"{len(files)} other files" if files else "no files below monitors/ and dashboards/"
    return Finding(
        "no-organization",
        Severity.ERROR,
        f"there is no {ORGANIZATION}, found {found}",
        Span(ORGANIZATION, 1, 1, 1, 1),
        hint="it names the workspace, the time zone, teams and environments; or call toban in the folder that has it",
    )

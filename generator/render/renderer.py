"""Project files → rendered resources and findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generator.finding import Finding, Related, Severity, Span, in_reading_order
from generator.render.cache import RenderCache
from generator.render.dashboards import dashboard_resources
from generator.render.decoding import decoded
from generator.render.definitions import own_definitions, service_definitions
from generator.render.entries import Definition, Entry, entries
from generator.render.model import FileRendering, Rendering, Resource
from generator.render.monitors import monitor_resources
from generator.render.project import Project, is_dashboard_file, is_service_file, load_project
from generator.render.references import canonical, has_references, unknown_references
from generator.render.surroundings import Surroundings, surroundings, unknown_names
from generator.source.documents import Document, load
from generator.source.files import DashboardFile, Service
from generator.source.reader import Files

Rendered = Iterator[Resource | Finding]


def render(files: Files, cache: RenderCache | None = None) -> Rendering:
    """Everything that the project files say, with all that is wrong with them; a pure function of the files.

    A file without errors is rendered whatever is wrong with the others, so that all findings come in one run.
    """
    project, findings = load_project(files)
    if project is None:
        return Rendering("", (), in_reading_order((*findings, *_syntax_findings(files))))
    parts = tuple(_file_renderings(files, project, cache))
    resources = tuple(resource for part in parts for resource in part.resources)
    found = (*findings, *(finding for part in parts for finding in part.findings))
    across = (*_duplicates(resources), *unknown_references(resources))
    return Rendering(project.organization.workspace, resources, in_reading_order((*found, *across)))


def _syntax_findings(files: Files) -> Iterator[Finding]:
    for path, content in files.items():
        if is_service_file(path) or is_dashboard_file(path):
            yield from load(path, content).findings


def _file_renderings(files: Files, project: Project, cache: RenderCache | None) -> Iterator[FileRendering]:
    for path in sorted(files):
        if is_service_file(path) or is_dashboard_file(path):
            known = cache.load(path, files) if cache else None
            yield known or _rendered_file(path, files, project, cache)


def _rendered_file(path: str, files: Files, project: Project, cache: RenderCache | None) -> FileRendering:
    rendering = render_file(path, files[path], project)
    if cache:
        cache.store(path, files, rendering)
    return rendering


def render_file(path: str, content: bytes, project: Project) -> FileRendering:
    """The resources of one file; those of a definition with a problem are left out."""
    document = load(path, content)
    rendered = tuple(_rendered(document, project))
    resources = tuple(each for each in rendered if isinstance(each, Resource))
    if has_references(document.text):
        resources = tuple(canonical(resource) for resource in resources)
    findings = (*document.findings, *(each for each in rendered if isinstance(each, Finding)))
    return FileRendering(resources, in_reading_order(findings))


def _rendered(document: Document, project: Project) -> Rendered:
    for entry in _entries(document, project):
        if isinstance(entry, Finding):
            yield entry
        else:
            yield from _made(entry, document.path)


def _made(entry: Entry, path: str) -> Rendered:
    return dashboard_resources(entry) if is_dashboard_file(path) else monitor_resources(entry)


def _entries(document: Document, project: Project) -> Iterator[Entry | Finding]:
    if document.root is None:
        return
    cls: type[Any] = DashboardFile if is_dashboard_file(document.path) else Service
    content, findings = decoded(document, (), cls)
    yield from findings
    if content is None:
        return
    around = surroundings(project, document, content)
    yield from unknown_names(around)
    for definition in _definitions(around, content):
        if isinstance(definition, Finding):
            yield definition
        else:
            yield from entries(definition, around)


def _definitions(around: Surroundings, content: Any) -> Iterable[Definition | Finding]:
    if isinstance(content, DashboardFile):
        return own_definitions(around.document, "dashboards", content.dashboards).values()
    return service_definitions(around, content)


def file_entries(path: str, files: Files) -> Iterator[Entry]:
    """The entries of one file, without what is wrong with it."""
    project, _ = load_project(files)
    if project is not None:
        yield from (entry for entry in _entries(load(path, files[path]), project) if isinstance(entry, Entry))


def resources_of(entry: Entry, path: str) -> tuple[Resource, ...]:
    return tuple(each for each in _made(entry, path) if isinstance(each, Resource))


def _duplicates(resources: tuple[Resource, ...]) -> Iterator[Finding]:
    """Two resources of a type with one tracking id."""
    first: dict[tuple[str, str], Resource] = {}
    for resource in resources:
        earlier = first.setdefault((resource.resource, resource.tracking_id), resource)
        if earlier is not resource:
            related = (Related(_line_of(earlier), "the first is here"),)
            message = f"two {resource.resource}s are called `{resource.tracking_id}`"
            hint = "give one another name, or another service"
            yield Finding("duplicate-name", Severity.ERROR, message, _line_of(resource), hint=hint, related=related)


def _line_of(resource: Resource) -> Span:
    return Span(resource.path, resource.line, 1, resource.line, 1)

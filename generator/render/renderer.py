"""Project files → rendered resources and findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from generator.finding import Finding, Related, Severity, Span, in_reading_order, is_error
from generator.render.budget import MOST_FINDINGS
from generator.render.cache import RenderCache
from generator.render.files import render_file, shape_findings
from generator.render.locating import Locator
from generator.render.model import ANY_SERVICE, FileRendering, Rendering, Resource
from generator.render.project import Project, is_dashboard_file, is_service_file, load_project
from generator.render.references import unknown_references
from generator.render.surroundings import arrival_seconds, pages_by_team
from generator.source.documents import load
from generator.source.reader import Files, FolderFiles
from generator.source.wording import shown


def render(files: Files, cache: RenderCache | None = None) -> Rendering:
    """Everything that the project files say, with all that is wrong with them; a pure function of the files.

    A file without errors is rendered whatever is wrong with the others, so that all findings come in one run.
    """
    project, told = load_project(files)
    findings = (*(files.findings if isinstance(files, FolderFiles) else ()), *told)
    if project is None:
        shapes = (finding for path in own_files(files) for finding in shape_findings(path, files[path]))
        return Rendering("", (), _told((*findings, *shapes)), broken_services=(ANY_SERVICE,))
    parts = {path: file_rendering(path, files, project, cache) for path in own_files(files)}
    resources = tuple(resource for part in parts.values() for resource in part.resources)
    broken = frozenset(tracking_id for part in parts.values() for tracking_id in part.broken)
    found = (*findings, *(finding for part in parts.values() for finding in part.findings))
    services = {path: part.service for path, part in parts.items() if part.service}
    across = (
        *islice(_shared_services(services, files), MOST_FINDINGS),
        *islice(_duplicates(resources), MOST_FINDINGS),
        *islice(_shared_adoptions(resources), MOST_FINDINGS),
        *islice(unknown_references(resources, broken, Locator(files)), MOST_FINDINGS),
    )
    return Rendering(
        project.organization.workspace,
        resources,
        _told((*found, *across)),
        services=services,
        broken=tuple(sorted(broken)),
        broken_services=_broken_services(findings, parts.values()),
        timezones={path: part.timezone for path, part in parts.items() if part.timezone},
        arrival_seconds=arrival_seconds(project.organization),
        pages=pages_by_team(project.organization),
    )


def _told(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """In reading order; where reading refused a value already, what its stand-in leads to is left out."""
    refused = {finding.span for finding in findings if _is_of_reading(finding)}
    return in_reading_order(tuple(each for each in findings if _is_of_reading(each) or each.span not in refused))


def _is_of_reading(finding: Finding) -> bool:
    return finding.rule.startswith("yaml-")


def _broken_services(shared: tuple[Finding, ...], parts: Iterable[FileRendering]) -> tuple[str, ...]:
    """Services that may lack resources; a problem of the organisation, of a set or of an unread file is of any."""
    if any(map(is_error, shared)):
        return (ANY_SERVICE,)
    services = {service for part in parts for service in part.broken_services}
    return (ANY_SERVICE,) if ANY_SERVICE in services else tuple(sorted(services))


def own_files(files: Files) -> tuple[str, ...]:
    """Those that define resources of their own, in the order of their paths."""
    return tuple(path for path in sorted(files) if is_service_file(path) or is_dashboard_file(path))


def file_rendering(path: str, files: Files, project: Project, cache: RenderCache | None) -> FileRendering:
    """What one file renders to, whatever the others say."""
    known = cache.load(path) if cache else None
    if known is not None:
        return known
    rendering = render_file(path, files[path], project)
    if cache:
        cache.store(path, rendering)
    return rendering


def _shared_services(services: Mapping[str, str], files: Files) -> Iterator[Finding]:
    """Two files with the monitors of one service; dashboards may be in as many as they like."""
    first: dict[str, str] = {}
    for path, service in services.items():
        if is_service_file(path) and first.setdefault(service, path) != path:
            related = (Related(_line_of_service(first[service], files), "the first is here"),)
            message = f"the monitors of the service {shown(service)} are in two files"
            hint = "one service a file: move these monitors into the first, or give them a service of their own"
            span = _line_of_service(path, files)
            yield Finding("duplicate-service", Severity.ERROR, message, span, hint=hint, related=related)


def _line_of_service(path: str, files: Files) -> Span:
    return load(path, files[path]).span(("service",))


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


def _shared_adoptions(resources: tuple[Resource, ...]) -> Iterator[Finding]:
    """One live resource can become only one of ours."""
    first: dict[tuple[str, str], Resource] = {}
    for resource in resources:
        if resource.adopt is not None:
            earlier = first.setdefault((resource.resource, resource.adopt), resource)
            if earlier is not resource:
                related = (Related(_line_of(earlier), f"`{earlier.tracking_id}` adopts it here"),)
                message = f"`{resource.tracking_id}` adopts the {resource.resource} `{resource.adopt}`, as another does"
                hint = "adopt it by one of them; an element of `for_each` can have an `adopt` of its own"
                yield Finding("duplicate-adoption", Severity.ERROR, message, _line_of(resource), hint, related=related)


def _line_of(resource: Resource) -> Span:
    return Span(resource.path, resource.line, 1, resource.line, 1)

"""One project file → its resources and findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from generator.finding import Finding, Severity, Span, in_reading_order, is_error
from generator.render.budget import MOST_FINDINGS, Budget, spent
from generator.render.dashboards import dashboard_resources
from generator.render.decoding import decoded
from generator.render.definitions import own_definitions, service_definitions
from generator.render.downtimes import downtime_resources
from generator.render.entries import Definition, Entry, entries
from generator.render.model import ANY_SERVICE, FileRendering, Resource
from generator.render.monitors import monitor_resources
from generator.render.ownership import previous_ids, tracking_id_of
from generator.render.project import Project, is_dashboard_file, load_project
from generator.render.references import canonical
from generator.render.slos import slo_resources
from generator.render.surroundings import Surroundings, surroundings, unknown_names
from generator.source.decode import decode
from generator.source.documents import Document, load
from generator.source.fields import Slug
from generator.source.files import DashboardFile, Service
from generator.source.reader import Files

Rendered = Iterator[Resource | Finding]


def render_file(path: str, content: bytes, project: Project) -> FileRendering:
    """The resources of one file; those of a definition with a problem are left out."""
    document = load(path, content)
    resources: list[Resource] = []
    findings = list(document.findings)
    broken: list[str] = []
    is_whole = not findings
    for entry, made in _within_budget(_entries(document, project), path):
        problems = [each for each in made if isinstance(each, Finding)]
        findings += problems
        resources += (canonical(each) for each in made if isinstance(each, Resource))
        if problems and isinstance(entry, Entry):
            tracking_id = tracking_id_of(entry, entry.name)
            broken += (tracking_id, *previous_ids(entry, entry.name, tracking_id))
        is_whole = is_whole and not (isinstance(entry, Finding) and is_error(entry))
    return FileRendering(
        tuple(resources),
        _each_once(findings),
        broken=tuple(broken),
        service=_service(document),
        broken_services=() if is_whole else (_known_service(document),),
        timezone=_timezone(document, project),
    )


def _within_budget(
    found: Iterator[Entry | Finding], path: str
) -> Iterator[tuple[Entry | Finding, tuple[Resource | Finding, ...]]]:
    """What each entry makes, until there is too much of it or too many problems; a finding stands for itself."""
    budget = Budget()
    problems: set[tuple[str, Span]] = set()
    for entry in found:
        if isinstance(entry, Entry):
            budget.spend_on_entry(entry)
        if budget.is_spent and isinstance(entry, Entry):
            yield (last := spent(entry.definition)), (last,)
            return
        made = (entry,) if isinstance(entry, Finding) else tuple(_MAKERS[entry.definition.section](entry))
        for each in made:
            if isinstance(each, Finding):
                problems.add((each.rule, each.span))
            else:
                budget.spend_on_resource(each)
        yield entry, made
        if len(problems) > MOST_FINDINGS:
            yield (last := _too_many_problems(path)), (last,)
            return


def _too_many_problems(path: str) -> Finding:
    message = f"more than {MOST_FINDINGS} problems; the rest of the file is not rendered"
    return Finding("too-many-problems", Severity.ERROR, message, Span(path, 1, 1, 1, 1), hint="mend these first")


def _service(document: Document) -> str:
    service = document.root.get("service") if isinstance(document.root, dict) else None
    return service if isinstance(service, str) else ""


def _timezone(document: Document, project: Project) -> str:
    own = document.root.get("timezone") if isinstance(document.root, dict) else None
    return own if isinstance(own, str) else project.organization.timezone


def _known_service(document: Document) -> str:
    """The service, where its name can be one."""
    service = _service(document)
    return service if isinstance(decode(service, Slug), str) else ANY_SERVICE


def _each_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """A problem that shows in several environments is told for the first."""
    first: dict[Any, Finding] = {}
    for finding in findings:
        first.setdefault((finding.rule, finding.span, finding.message), finding)
    return in_reading_order(tuple(first.values()))


def shape_findings(path: str, content: bytes) -> tuple[Finding, ...]:
    """What can be told of a file without the organisation."""
    document = load(path, content)
    return (
        document.findings if document.root is None else (*document.findings, *decoded(document, _shape(path)).findings)
    )


def _shape(path: str) -> type[Any]:
    return DashboardFile if is_dashboard_file(path) else Service


_MAKERS: Mapping[str, Callable[[Entry], Rendered]] = {
    "monitors": monitor_resources,
    "dashboards": dashboard_resources,
    "slos": slo_resources,
    "downtimes": downtime_resources,
}
"""By the section of the file."""


def _entries(document: Document, project: Project) -> Iterator[Entry | Finding]:
    if document.root is None:
        return
    content = decoded(document, _shape(document.path))
    yield from content.findings
    if content.value is None:
        return
    if not (document.findings or content.findings):
        yield from _defines_nothing(document, content.value)
    around = surroundings(project, document, content.value, content.fields)
    yield from unknown_names(around)
    for definition in _definitions(around, content.value):
        if isinstance(definition, Finding):
            yield definition
        else:
            yield from entries(definition, around)


def _defines_nothing(document: Document, content: Service | DashboardFile) -> Iterator[Finding]:
    if isinstance(content, Service) and not (content.monitors or content.use or content.slos or content.downtimes):
        hint = "write its `monitors`, `use` a set, or delete the file"
        message = f"the file of the service `{content.service}` defines nothing"
        yield Finding("defines-nothing", Severity.WARNING, message, document.span(("service",)), hint=hint)


def _definitions(around: Surroundings, content: Any) -> Iterable[Definition | Finding]:
    if isinstance(content, DashboardFile):
        return own_definitions(around.document, "dashboards", content.dashboards).values()
    return service_definitions(around, content)


def file_resources(path: str, files: Files) -> Iterator[tuple[Entry, tuple[Resource, ...]]]:
    """The entries of one file with what each makes, as far as the file is rendered; without what is wrong with it."""
    project, _ = load_project(files)
    if project is not None:
        for entry, made in _within_budget(_entries(load(path, files[path]), project), path):
            if isinstance(entry, Entry):
                yield entry, tuple(each for each in made if isinstance(each, Resource))


def file_entries(path: str, files: Files) -> Iterator[Entry]:
    """The entries of one file without what they make, which is half the work; as many as the file may have."""
    project, _ = load_project(files)
    budget = Budget()
    for entry in _entries(load(path, files[path]), project) if project is not None else ():
        if isinstance(entry, Entry):
            budget.spend_on_entry(entry)
            if budget.is_spent:
                return
            yield entry

"""The files that hold for all others: the organisation and the sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from generator.finding import Finding, Severity, Span
from generator.render.decoding import Decoded, decoded
from generator.schedule.fields import parse_duration, parse_local_time
from generator.schedule.zones import UnknownZone, zone
from generator.source.documents import Document, load
from generator.source.files import Organization, Set
from generator.source.monitor_tests import is_test_file
from generator.source.reader import Files
from generator.source.wording import shown

T = TypeVar("T")
ORGANIZATION = "monitors/organization.yaml"
_SPELLINGS = (ORGANIZATION, "monitors/organization.yml")
SETS = "monitors/sets/"
# Datadog's longest evaluation delay.
_LATEST_METRICS = timedelta(hours=24)


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
    wrong = (
        *_wrong_times(document, content.value),
        *_too_late(document, content.value),
        *_wrong_promotion(document, content.value),
    )
    organization = _without_unknown_zone(content.value)
    return Project(organization, document, content.fields, sets), (*found, *wrong)


def _wrong_times(document: Document, organization: Organization) -> Iterator[Finding]:
    yield from unknown_zone(document, organization.timezone)
    hours = organization.business_hours
    if hours is not UNSET and parse_local_time(hours.from_) >= parse_local_time(hours.to):
        message = f"`business_hours.to` is `{hours.to}`, not later than `from`, `{hours.from_}`"
        span = document.span(("business_hours", "to"))
        yield Finding(
            "wrong-value", Severity.ERROR, message, span, hint="write hours of one day, such as 10:00 to 19:00"
        )


def _too_late(document: Document, organization: Organization) -> Iterator[Finding]:
    late = organization.metrics_arrive_within
    for prefix, text in () if late is UNSET else late.items():
        if parse_duration(text) > _LATEST_METRICS:
            message = f"{shown(prefix)} comes within {text}, later than Datadog can wait"
            span = document.span(("metrics_arrive_within", prefix))
            hint = "write at most 24h, Datadog's longest evaluation delay; 20m for what it polls"
            yield Finding("wrong-value", Severity.ERROR, message, span, hint=hint)


def _wrong_promotion(document: Document, organization: Organization) -> Iterator[Finding]:
    order = () if organization.promotion is UNSET else organization.promotion
    for number, name in enumerate(order):
        if name in organization.environments and name not in order[:number]:
            continue
        what = "there is no environment" if name not in organization.environments else "twice there is"
        hint = f"name each once, in order; they are: {', '.join(list(organization.environments)[:10])}"
        span = document.span(("promotion", number))
        yield Finding("wrong-value", Severity.ERROR, f"{what} {shown(name)}", span, hint=hint)


def unknown_zone(document: Document, name: str | UnsetType) -> Iterator[Finding]:
    found = None if name is UNSET else zone(name)
    if isinstance(found, UnknownZone):
        yield Finding("unknown-zone", Severity.ERROR, found.message, document.span(("timezone",)), hint=found.hint)


def _without_unknown_zone(organization: Organization) -> Organization:
    """What is shifted by a zone that does not exist would bring one more finding for each monitor."""
    if isinstance(zone(organization.timezone), UnknownZone):
        return msgspec.structs.replace(organization, timezone="UTC")
    return organization


def is_service_file(path: str) -> bool:
    if not path.startswith("monitors/") or path.startswith(SETS) or is_test_file(path):
        return False
    return path.rsplit(".", 1)[0] != "monitors/organization"


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
        if path.startswith(SETS) and not is_test_file(path):
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

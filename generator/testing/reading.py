"""Files of tests → tests that can be run, and findings. Nothing is simulated here, so lint can do it too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import UNSET

from generator.finding import Finding, Severity, Span, in_reading_order
from generator.render.decoding import finding_of
from generator.render.model import Rendering, Resource
from generator.resources.references import references
from generator.schedule.zones import UnknownZone, zone
from generator.source.decode import decode, nearest
from generator.source.documents import load
from generator.source.monitor_tests import SUFFIXES, MonitorTest, MonitorTestFile, is_test_file
from generator.source.reader import Files
from generator.testing.giving import Giving, given_series
from generator.testing.model import Given, PreparedTest, Suite, Wanted
from generator.testing.moments import MomentProblem, day_of, midnight
from generator.testing.queries import queries_by_metric
from generator.testing.remarks import Clock, Remarks
from generator.testing.resolving import Beside, beside, resolved
from generator.testing.wanting import BEGINNING, END, Wanting, wanted

_BEFORE: Final = 1800
"""Seconds of evaluations before the first point, so that its group is seen to appear."""
_LONGEST: Final = 70 * 86_400
_MOST_WORK: Final = 20_000_000
"""Series times minutes that one test may take."""
_UTC = ZoneInfo("UTC")
_DAY = timedelta(days=1)
Payload = Mapping[str, Any]


def read_suite(files: Files, rendering: Rendering) -> Suite:
    """All tests of the project, `rendering` being its own."""
    paths = [path for path in sorted(files) if is_test_file(path)]
    if not paths:
        return Suite((), ())
    project = _Rendered(rendering)
    tests: list[PreparedTest] = []
    findings: list[Finding] = []
    for path in paths:
        remarks = Remarks(load(path, files[path]))
        tests += _tests_of_file(remarks, files, project)
        findings += (*remarks.document.findings, *remarks.findings)
    return Suite(tuple(tests), in_reading_order(tuple(findings)))


class _Rendered:
    """What was rendered, by what tests look for."""

    def __init__(self, rendering: Rendering) -> None:
        self.rendering = rendering
        self.late = {prefix: timedelta(seconds=each) for prefix, each in rendering.arrival_seconds.items()}
        self.by_path: dict[str, list[Resource]] = defaultdict(list)
        for each in rendering.resources:
            self.by_path[each.path].append(each)
        self.payloads: dict[str, Payload] = {
            each.tracking_id: each.payload for each in rendering.resources if each.resource == "monitor"
        }
        self.downtimes = tuple(each.payload for each in rendering.resources if each.resource == "downtime")

    def beside(self, path: str) -> Beside:
        return beside(path, self.rendering, self.by_path[path])

    def zone(self, path: str) -> ZoneInfo:
        found = zone(self.rendering.timezones.get(path, "UTC"))
        return _UTC if isinstance(found, UnknownZone) else found


@dataclass(frozen=True, slots=True)
class _Reading:
    """One file of tests, and what it is about."""

    file: MonitorTestFile
    known: Beside
    project: _Rendered
    remarks: Remarks


def _tests_of_file(remarks: Remarks, files: Files, project: _Rendered) -> Iterator[PreparedTest]:
    document = remarks.document
    content = _typed(remarks)
    path = _service_path(document.path, files)
    if path is None:
        if not document.findings:
            remarks.findings.append(_without_service(document.path, files))
        return
    if content is None or not project.rendering.workspace:
        return
    known = project.beside(path)
    reading = _Reading(content, known, project, remarks)
    for name, test in content.tests.items():
        prepared = _prepared(name, test, reading)
        if prepared is not None:
            yield prepared


def _typed(remarks: Remarks) -> MonitorTestFile | None:
    """The file's content; tests with a problem are left out of it."""
    document = remarks.document
    if document.root is None:
        return None
    content = decode(document.root, MonitorTestFile)
    if not isinstance(content, tuple):
        return content
    remarks.findings.extend(finding_of(each, document, each.place) for each in content)
    wrong = {each.place[1] for each in content if len(each.place) > 1}
    if any(each.place[:1] != ("tests",) or len(each.place) < 2 for each in content):
        return None
    rest = {name: test for name, test in document.root["tests"].items() if name not in wrong}
    again = decode({**document.root, "tests": rest}, MonitorTestFile)
    return None if isinstance(again, tuple) else again


def _service_path(path: str, files: Files) -> str | None:
    stem = path.removesuffix(next(suffix for suffix in SUFFIXES if path.endswith(suffix)))
    return next((each for each in (f"{stem}.yaml", f"{stem}.yml") if each in files), None)


def _without_service(path: str, files: Files) -> Finding:
    stem = path.removesuffix(next(suffix for suffix in SUFFIXES if path.endswith(suffix)))
    meant = nearest(f"{stem}.yaml", (each for each in files if not is_test_file(each)))
    hint = f"did you mean to name it after `{meant}`?" if meant else "put it beside the file of a service"
    message = f"there is no `{stem}.yaml` that these tests could be for"
    return Finding("no-service-file", Severity.ERROR, message, Span(path, 1, 1, 1, 1), hint=hint)


def _prepared(name: str, test: MonitorTest, reading: _Reading) -> PreparedTest | None:
    place, remarks = ("tests", name), reading.remarks
    environment = reading.file.environment if test.environment is UNSET else test.environment
    resource = resolved(test.monitor, environment, reading.known, remarks=remarks, place=place)
    day = _day(test, reading.file, remarks, name)
    if resource is None or day is None:
        return None
    before = len(remarks.findings)
    payloads = reading.project.payloads
    parts = {each: payloads[each] for each in references(resource.payload) if each in payloads}
    queries = queries_by_metric((resource.payload, *parts.values()))
    clock = Clock(day, reading.project.zone(reading.known.path), remarks.of(resource.tracking_id))
    tags = () if test.tags is UNSET else test.tags
    giving = Giving(queries, tags, clock, reading.project.late)
    given = given_series(() if test.series is UNSET else test.series, giving, (*place, "series"))
    keys = tuple(dict.fromkeys(key for each in queries.values() for query in each for key in query.group_by))
    expected = wanted(test.expect, Wanting(keys, clock), (*place, "expect"))
    since, until = _span(given, expected, clock)
    _limit(given, until - since, clock, name)
    if len(remarks.findings) > before:
        return None
    return PreparedTest(
        name=name,
        document=remarks.document,
        resource=resource,
        day=day,
        zone=clock.zone,
        since=since,
        until=until,
        given=given,
        wanted=expected,
        parts=parts,
        downtimes=reading.project.downtimes,
    )


def _day(test: MonitorTest, file: MonitorTestFile, remarks: Remarks, name: str) -> date | None:
    text = file.day if test.day is UNSET else test.day
    if text is UNSET:
        message = "on which day the local times are is not said"
        remarks.add_at_key(("tests", name), message, "add `day: 2027-01-12` to the test, or to the file for all")
        return None
    found = day_of(text)
    if isinstance(found, MomentProblem):
        place = ("day",) if test.day is UNSET else ("tests", name, "day")
        remarks.add(place, found.message, found.hint, rule="wrong-time")
        return None
    return found


def _span(given: Iterable[Given], expected: Iterable[Wanted], clock: Clock) -> tuple[int, int]:
    """From before all that is named to after it, and the whole day at least."""
    moments = [midnight(clock.day, clock.zone), midnight(clock.day + _DAY, clock.zone)]
    moments += (at for each in given for at, _ in each.points)
    for each in expected:
        moments += (at for at in (each.since, each.until) if BEGINNING < at < END)
        moments += (at for at, _ in each.changes or ())
    return min(moments) - _BEFORE, max(moments)


def _limit(given: tuple[Given, ...], seconds: int, clock: Clock, name: str) -> None:
    place = ("tests", name)
    if seconds > _LONGEST:
        days = _LONGEST // 86_400
        message = f"the test is about {seconds // 86_400} days, from its first moment to its last"
        clock.remarks.add_at_key(place, message, f"a test can be about {days} days: name moments that are nearer")
    elif len(given) * (seconds // 60) > _MOST_WORK:
        message = f"the test has {len(given):,} series over {seconds // 3600} hours, which takes too long"
        clock.remarks.add_at_key(place, message, "give it fewer series, or less time")

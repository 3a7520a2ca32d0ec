"""Tests of monitors: which to run, and what to show of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generator.cli import _judging
from generator.cli._console import show, tell
from generator.cli._exits import BROKEN, OK, PROBLEM, USAGE, Stop
from generator.cli._lint_output import github
from generator.cli._project import chosen_services, concerns, load, narrowed, relative_path
from generator.cli._settings import settings_of
from generator.finding import Finding, is_error
from generator.render.model import Rendering
from generator.resources.tracking import service_of
from generator.testing.coverage import Coverage, coverage
from generator.testing.model import PreparedTest, Suite
from generator.testing.outcome import Outcome
from generator.testing.reading import read_suite
from generator.testing.running import dependences, run


@dataclass(frozen=True, slots=True)
class Request:
    """What the person asked to be tested."""

    root: Path
    only: tuple[str, ...]
    paths: tuple[Path, ...]
    no_cache: bool = False
    pattern: str | None = None
    coverage: bool = False
    chosen: tuple[str, ...] = ()
    sensitivity: bool = False


def tested(request: Request, output: str) -> int:
    """Run and show the tests; the exit code."""
    settings = settings_of(request.chosen)
    files, rendering = load(request.root, no_cache=request.no_cache)
    suite = read_suite(files, rendering)
    services = chosen_services(rendering, request.root, only=request.only, paths=()) if request.only else frozenset()
    findings = _findings(rendering, suite, request, services)
    tests = _chosen(suite, request, services, is_broken=bool(findings))
    outcomes = tuple(run(each, settings) for each in tests)
    if request.sensitivity:
        outcomes = tuple(replace(each, depends_on=dependences(each, settings)) for each in outcomes)
    resources = narrowed(rendering, services).resources
    covered = coverage(resources, outcomes) if request.coverage else None
    found = _judging.Judged(files, rendering, rendering, services, findings)
    if output != "github":
        _judging.tell_findings(found)
    elif findings:
        tell(f"{len(findings)} problems in the files of tests or monitors")
    show(_shown(outcomes, covered, findings, output=output, root=request.root).rstrip("\n"))
    if findings:
        return BROKEN
    return OK if all(each.passed for each in outcomes) else PROBLEM


def _chosen(suite: Suite, request: Request, services: frozenset[str], *, is_broken: bool) -> tuple[PreparedTest, ...]:
    """Those asked for; that there are none is wrong usage, unless what is asked for `is_broken`."""
    tests = [each for each in suite.tests if not services or service_of(each.resource.tracking_id) in services]
    wanted = _wanted(request)
    if wanted:
        tests = [each for each in tests if _is_below((each.path, each.resource.path), wanted)]
    if request.pattern is not None:
        expression = _expression(request.pattern)
        tests = [each for each in tests if expression.search(each.name)]
    if not tests and suite.tests and not is_broken and (wanted or request.pattern is not None):
        narrowing = f"`--run {request.pattern}`" if request.pattern is not None else "these paths"
        hint = "leave it out to see the names of all tests, or name files of tests or of services"
        raise Stop(f"no test of {len(suite.tests)} is left by {narrowing}", hint=hint, code=USAGE)
    return tuple(tests)


def _findings(rendering: Rendering, suite: Suite, request: Request, services: frozenset[str]) -> tuple[Finding, ...]:
    """Errors that keep tests from being run, in the files that were chosen and in those that hold for all."""
    wanted = _wanted(request)
    found = (each for each in (*rendering.findings, *suite.findings) if is_error(each))
    return tuple(
        each
        for each in found
        if concerns(each, rendering, services)
        and (not wanted or _is_below((each.span.path,), wanted) or each.span.path not in rendering.services)
    )


def _wanted(request: Request) -> tuple[str, ...]:
    return tuple(relative_path(path, request.root) for path in request.paths)


def _is_below(paths: Iterable[str], wanted: Sequence[str]) -> bool:
    return any(each in (".", path) or path.startswith(f"{each}/") for path in paths for each in wanted)


def _expression(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        hint = "write a part of the tests' names"
        raise Stop(f"`--run {pattern}` is no regular expression: {error}", hint=hint, code=USAGE) from error


def _shown(
    outcomes: Sequence[Outcome], covered: Coverage | None, findings: Sequence[Finding], *, output: str, root: Path
) -> str:
    if output == "json":
        from generator.report.monitor_tests_json import outcomes_json

        return outcomes_json(outcomes, findings, covered)
    if output == "junit":
        from generator.report.monitor_tests_junit import outcomes_junit

        return outcomes_junit(outcomes, findings)
    if output == "github":
        from generator.report.monitor_tests_findings import failures

        return github((*findings, *(each for outcome in outcomes for each in failures(outcome))), root)
    from generator.report.monitor_tests_text import coverage_text, outcomes_text

    style = _judging.style()
    return outcomes_text(outcomes, errors=len(findings), style=style) + (
        "\n" + coverage_text(covered, style=style) if covered else ""
    )

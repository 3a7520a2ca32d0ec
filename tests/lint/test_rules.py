"""Each rule against its cases: `ok_*` without a finding of the rule, `bad_*` with those of the `.out` beside it."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

import generator.lint.rules
from generator import registry
from generator.explain.monitor import Hours
from generator.finding import Excerpt, Finding, Severity, Span
from generator.lint.answers import Answers
from generator.lint.rendered import Repository
from generator.lint.runner import lint, lint_online
from generator.query import nodes
from generator.render.model import Rendering, Resource
from generator.resources.types import resource_types

CASES = Path(__file__).parent / "cases"
MODULES = registry.modules(generator.lint.rules)
FILES = sorted(CASES.glob("*/*.yaml"))


class Locate:
    def __call__(self, resource: Resource, field: tuple[str | int, ...]) -> Span:
        return Span(f"{resource.tracking_id} {'.'.join(map(str, field))}", 1, 1, 1, 1)

    def marked(self, resource: Resource, field: tuple[str | int, ...], excerpt: Excerpt) -> Span | None:
        del resource, field, excerpt


def known_hours(payload: dict[str, Any]) -> dict[str, Hours]:
    """The hours of what a monitor tells of, and when it is meant to, which are no part of its payload."""
    written = {name: payload.pop(name) for name in ("happens", "told_in") if name in payload}
    return {
        name: Hours(time.fromisoformat(start), time.fromisoformat(end), zone)
        for name, (start, end, zone) in written.items()
    }


def findings_of(case: Path) -> list[Finding]:
    written = yaml.safe_load(case.read_text())
    answers = written.pop("datadog", None)
    around = {
        "timezones": {"a.yaml": written.pop("timezone", "")},
        "arrival_seconds": written.pop("arrival_seconds", {}),
    }
    resources = tuple(
        Resource(name, section.removesuffix("s"), payload, "a.yaml", 1, **known_hours(payload))
        for section, payloads in written.items()
        for name, payload in payloads.items()
    )
    if answers is None:
        found = lint(Rendering("main", resources, (), **around), Locate())
    else:
        found = lint_online(Repository(resources), msgspec.convert(answers, Answers), Locate())
    return [finding for finding in found if finding.rule == case.parent.name.replace("_", "-")]


def told(finding: Finding) -> str:
    marked = finding.excerpt.text[finding.excerpt.start : finding.excerpt.end] if finding.excerpt else ""
    return "\n".join(
        [f"{finding.span.path}: {finding.severity.value}: {finding.message}"]
        + [f"  at `{marked}`"] * (finding.excerpt is not None)
        + [f"  hint: {finding.hint}"] * bool(finding.hint)
        + [f"  see {related.span.path}: {related.message}" for related in finding.related]
        + ([f"  fix: {finding.fix.span.path} becomes `{finding.fix.text}`"] if finding.fix else [])
    )


@pytest.mark.parametrize("case", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_rule_finds_what_its_case_says(case: Path) -> None:
    expected = case.with_suffix(".out").read_text() if case.name.startswith("bad_") else ""
    assert "".join(f"{told(finding)}\n" for finding in findings_of(case)) == expected


@pytest.mark.parametrize("case", [path for path in FILES if path.name.startswith("bad_")], ids=lambda path: path.stem)
def test_bad_case_expects_a_finding(case: Path) -> None:
    assert case.with_suffix(".out").read_text().strip()


@pytest.mark.parametrize("name", MODULES)
def test_rule_has_an_ok_and_a_bad_case(name: str) -> None:
    kinds = {path.name.partition("_")[0].removesuffix(".yaml") for path in (CASES / name).glob("*.yaml")}
    assert kinds == {"ok", "bad"}


@pytest.mark.parametrize("name", MODULES)
def test_rule_says_what_why_and_how_in_its_docstring(name: str) -> None:
    summary, blank, rest = (MODULES[name].__doc__ or "").partition("\n\n")
    assert re.fullmatch(r"[A-Z`].{10,140}\.", summary)
    assert blank
    assert len(rest) > 100


@pytest.mark.parametrize("name", MODULES)
def test_rule_declares_what_the_runner_needs(name: str) -> None:
    module = MODULES[name]
    assert isinstance(module.SEVERITY, Severity)
    assert module.REACH in {"resource", "file", "repository", "online"}
    assert all(issubclass(each, nodes.Node) for each in getattr(module, "NODES", ()))
    assert module.REACH == "resource" or not hasattr(module, "TYPES")
    assert module.REACH == "resource" or not hasattr(module, "RESOURCES")
    assert set(getattr(module, "RESOURCES", ())) <= set(resource_types())
    assert hasattr(module, "facts") == hasattr(module, "Facts")
    assert module.REACH == "repository" or not hasattr(module, "facts")


def test_every_folder_of_cases_belongs_to_a_rule() -> None:
    assert {path.name for path in CASES.iterdir()} == set(MODULES)

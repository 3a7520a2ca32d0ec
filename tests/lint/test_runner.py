"""What the runner does whatever the rules are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.finding import Excerpt, Finding, Severity, Span, in_reading_order
from generator.lint.rule import rules
from generator.lint.runner import lint
from generator.lint.walk import walk
from generator.query import nodes
from generator.query.parser import parse_monitor
from generator.render.model import Rendering, Resource

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus" / "monitors.jsonl"
BROKEN_VALUES: tuple[Any, ...] = (None, 0, 1.5, True, "", "x", [], ["x"], {}, {"x": None})


class Locate:
    def __call__(self, resource: Resource, field: tuple[str | int, ...]) -> Span:
        return Span(resource.path, resource.line, len(field), resource.line, len(field) + 1)

    def marked(self, resource: Resource, field: tuple[str | int, ...], excerpt: Excerpt) -> Span | None:
        del resource, field, excerpt


def findings_of(*payloads: dict[str, Any]) -> tuple[Finding, ...]:
    resources = tuple(
        Resource(f"main/shop/m{number}/production", "monitor", payload, "a.yaml", number)
        for number, payload in enumerate(payloads)
    )
    return lint(Rendering("main", resources, ()), Locate())


def test_findings_come_in_reading_order() -> None:
    broken = {"type": "query alert", "message": ""}
    findings = findings_of(*({**broken, "query": f"{name}("} for name in ("avg", "max", "min")))
    assert findings == in_reading_order(findings)
    assert [finding.span.line for finding in findings] == [0, 0, 1, 1, 2, 2]


def test_place_that_is_wrong_in_each_environment_is_told_once() -> None:
    resources = tuple(
        Resource(f"main/shop/a/{environment}", "monitor", _count_in(environment), "a.yaml", 7)
        for environment in ("production", "staging")
    )
    (finding,) = lint(Rendering("main", resources, ()), Locate())
    assert (finding.rule, finding.span.line) == ("whole-window-of-sparse-counts", 7)
    assert finding.excerpt
    assert "env:production" in finding.excerpt.text


def test_resources_that_are_no_monitors_are_left_to_others() -> None:
    dashboard = Resource("main/shop/d/production", "dashboard", {"title": "x", "query": "avg("}, "a.yaml", 1)
    assert lint(Rendering("main", (dashboard,), ()), Locate()) == ()


@pytest.mark.parametrize("key", ["type", "query", "message", "options", "draft_status"])
@pytest.mark.parametrize("value", BROKEN_VALUES, ids=repr)
def test_payload_of_any_shape_is_judged(key: str, value: object) -> None:
    good = {"type": "query alert", "query": "avg(last_5m):avg:m{*} > 5", "message": "@slack-x x://y", "options": {}}
    assert all(isinstance(finding, Finding) for finding in findings_of({**good, key: value}))


def _count_in(environment: str) -> dict[str, Any]:
    query = f"sum(last_5m):sum:errors{{env:{environment}}}.as_count() > 5"
    return {
        "type": "query alert",
        "query": query,
        "message": "@slack-x x://y",
        "options": {"require_full_window": True},
    }


def test_walk_meets_each_node_once_outer_before_inner() -> None:
    query = parse_monitor("query alert", "sum(last_5m):abs(sum:a{x:1}.as_count()) / sum:b{*}.rollup(sum, 60) > 5")
    assert isinstance(query, nodes.MonitorQuery)
    assert [type(node).__name__ for node in walk(query)] == [
        "MonitorQuery",
        "TimeAggregation",
        "Window",
        "Binary",
        "Call",
        "MetricQuery",
        "Tag",
        "AsCount",
        "MetricQuery",
        "Everything",
        "Rollup",
    ]


def test_rules_are_named_after_their_modules() -> None:
    names = [rule.name for rule in rules()]
    assert names == sorted(names)
    assert "query-syntax" in names


def test_monitors_that_datadog_took_and_its_own_ones_have_no_errors() -> None:
    if not CORPUS.exists():
        pytest.skip("the corpus of real monitors is not beside this checkout")
    lines = [json.loads(line) for line in CORPUS.read_text().splitlines()]
    findings = findings_of(*[line["json"] for line in lines if line["accepted"] or line["form"] == "asset"])
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    assert [(error.rule, error.excerpt and error.excerpt.text) for error in errors] == [
        ("query-syntax", "invalid query"),
    ]
    assert len(findings) > 100


def test_of_what_one_rule_says_of_one_monitor_a_hundred_are_told() -> None:
    blocks = "".join(f"{{{{#is_match 'env.name' 'e{number}'}}}}x{{{{/is_match}}}}" for number in range(400))
    tags = [f"A bad Tag {number}" for number in range(250)]
    payload = {"type": "query alert", "query": "avg(last_5m):avg:m{env:a} > 5", "message": blocks, "tags": tags}
    found = [each for each in findings_of(payload) if each.rule == "tag-rewritten"]
    assert len(found) == 100
    assert [each.message.endswith("; and 150 more here") for each in found].count(True) == 1
    assert len([each for each in findings_of(payload) if each.rule == "match-outside-scope"]) <= 100

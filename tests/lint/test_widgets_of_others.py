"""Rules on dashboards meet dashboards that Datadog took or ships: none of them has an error."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from generator.finding import Severity, is_error
from generator.lint.rule import rules
from generator.lint.runner import lint
from generator.render.model import Rendering, Resource
from tests.corpus import CORPUS
from tests.lint.test_rules import Locate

EACH = 3  # of so many, for speed


def dashboards() -> tuple[Resource, ...]:
    folder = CORPUS / "dashboards"
    if not folder.exists():
        pytest.skip("needs the recorded dashboards in ../shared/corpus, which are not in this checkout")
    return tuple(_dashboard(path) for path in sorted(folder.glob("*.json"))[::EACH])


def _dashboard(path: Path) -> Resource:
    return Resource(path.stem, "dashboard", json.loads(path.read_text(encoding="utf-8")), path.name, 1)


def test_dashboards_of_others_have_no_error_and_few_warnings() -> None:
    resources = dashboards()
    found = lint(Rendering("main", resources, ()), Locate())
    assert [each for each in found if is_error(each)] == []
    hits = Counter(rule for rule, _ in {(each.rule, name) for each in found for name in each.tracking_ids})
    loud = {rule.name for rule in rules() if hits[rule.name] > len(resources) / 10}
    assert loud <= {rule.name for rule in rules() if rule.severity is Severity.NOTICE}
    assert hits["widget-ignores-variable"] > 0

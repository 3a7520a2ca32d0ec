"""The recipes of .github/CONTRIBUTING.md, followed: adding one thing touches one place."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KIND = '''"""Whether a service answers at all."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from generator.explain.monitor import Context, Monitor
from generator.query.nodes import MetricQuery, MonitorQuery, TimeAggregation
from generator.query.parser import parse_scope
from generator.query.printer import print_query
from generator.query.windows import last


class Parameters(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    metric: Annotated[str, Meta(description="The metric that shows life.")]


def monitors(parameters: Parameters, context: Context) -> tuple[Monitor, ...]:
    beats = MetricQuery(space="sum", metric=parameters.metric, scope=parse_scope(context.scope))
    query = MonitorQuery(TimeAggregation("sum", last(minutes=5)), beats, "<", 1)
    return (Monitor(type="query alert", query=print_query(query)),)
'''
RULE = '''"""A monitor without a runbook.

Nobody knows what to do at night. Name one with `runbook`.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint

SEVERITY = Severity.WARNING
REACH = "resource"


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    if "Runbook:" not in monitor.message():
        yield Complaint("there is no runbook", ("message",), hint="set `runbook`")
'''
RESOURCE = '''"""Notebooks, as far as a test needs them."""

from __future__ import annotations

import dataclasses

from generator.resources import dashboard

TYPE = dataclasses.replace(dashboard.TYPE, name="notebook", path="/api/v1/notebooks")
'''


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, to be added to."""
    shutil.copytree(ROOT / "generator", tmp_path / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def ran(copy: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=copy, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout + done.stderr


def project(copy: Path, monitor: str) -> None:
    (copy / "monitors").mkdir()
    (copy / "monitors" / "organization.yaml").write_text("workspace: w\nenvironments: {p: {scope: 'env:p'}}\n")
    (copy / "monitors" / "s.yaml").write_text(f"service: s\nmonitors:\n  m: {monitor}\n")


def test_a_kind_is_one_file(copy: Path) -> None:
    (copy / "generator" / "kinds" / "heartbeat.py").write_text(KIND)
    project(copy, "{kind: heartbeat, metric: app.beat}")
    assert "sum(last_5m):sum:app.beat{env:p} < 1" in ran(copy, "-m", "generator", "render", "--format", "json")
    assert "The metric that shows life." in ran(copy, "-m", "generator", "schema", "service")


def test_a_rule_is_one_file(copy: Path) -> None:
    (copy / "generator" / "lint" / "rules" / "no_runbook.py").write_text(RULE)
    project(copy, "{kind: metric, query: 'avg(last_5m):avg:m{*} > 1', notify: '@slack-a'}")
    assert "there is no runbook [no-runbook]" in ran(copy, "-m", "generator", "lint")


def test_a_resource_type_is_one_file_on_our_side(copy: Path) -> None:
    (copy / "generator" / "resources" / "notebook.py").write_text(RESOURCE)
    told = ran(copy, "-c", "from generator.resources.types import resource_types; print(*resource_types())")
    assert told.split() == ["monitor", "slo", "dashboard", "downtime", "notebook"]


def test_a_query_function_is_one_row(copy: Path) -> None:
    table = copy / "generator" / "query" / "functions.py"
    rows = table.read_text()
    row = next(line for line in rows.splitlines() if '"log10"' in line)
    table.write_text(rows.replace(row, f"{row}\n{row.replace('log10', 'log7')}"))
    program = "from generator.query.parser import parse_expression as p; print(p('log7(avg:m{*})'))"
    assert "Call" in ran(copy, "-c", program)


def test_every_recipe_is_followed_here() -> None:
    recipes = re.findall(
        r"^### (.*)$", (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert recipes == ["Add a kind", "Add a rule", "Add a resource type", "Add a query function"]

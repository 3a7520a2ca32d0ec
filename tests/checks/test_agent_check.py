"""The Agent check and the kind that reads it: the same names, and nothing imported from each other."""

from __future__ import annotations

import ast
import csv
import importlib
import re
from pathlib import Path

import msgspec
import pytest

from generator.kinds.fargate_cpu import CHECK_METRICS
from generator.render.renderer import render

ROOT = Path(__file__).parent.parent.parent
CHECKS = ROOT / "checks"
ORGANISATION = b'workspace: main\nnotify: "@slack-ops"\nenvironments: {production: {scope: "env:production"}}\n'


def described() -> set[str]:
    with (CHECKS / "metadata.csv").open(encoding="utf-8", newline="") as rows:
        return {row["metric_name"] for row in csv.DictReader(rows)}


def sent(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names in the check itself, which needs the Agent's libraries only to send them."""
    monkeypatch.syspath_prepend(str(CHECKS / "checks.d"))
    return set(importlib.import_module("toban_fargate_metrics").Metric)


def test_the_kind_reads_metrics_that_the_check_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    read = msgspec.structs.asdict(CHECK_METRICS)
    assert set(read.values()) <= sent(monkeypatch)
    assert sent(monkeypatch) == described()
    # A metric that the kind calls `limit_cores` is not the check's `cores`.
    assert {field: metric.rpartition(".")[2] for field, metric in read.items()} == {field: field for field in read}


def test_the_kind_groups_by_tags_that_the_check_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(CHECKS / "checks.d"))
    documents = importlib.import_module("toban_fargate_documents")
    task = documents.Task("arn", family="usage-api", version="1", cluster="web")
    tags = importlib.import_module("toban_fargate_metrics").task_tags(task)
    assert {"task_arn", "task_family", "ecs_cluster_name"} <= {tag.partition(":")[0] for tag in tags}


def test_the_monitor_of_the_readme_reads_the_check() -> None:
    (text,) = re.findall(
        r"^```yaml\n(.*?)^```$", (CHECKS / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    rendered = render({"monitors/organization.yaml": ORGANISATION, "monitors/usage-api.yaml": text.encode()})
    assert rendered.findings == ()
    (monitor,) = rendered.resources
    assert CHECK_METRICS.percent in monitor.payload["query"]


def imported(folder: Path) -> set[str]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in folder.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {
        name.partition(".")[0]
        for name in plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    }


def test_check_and_generator_import_nothing_from_each_other() -> None:
    modules = {path.stem for path in CHECKS.rglob("*.py")}
    assert {"toban_fargate", "toban_fargate_cpu"} <= modules
    assert "generator" not in imported(CHECKS)
    assert {
        name for name in imported(ROOT / "generator") if name.startswith(("toban_fargate", "datadog_checks"))
    } == set()

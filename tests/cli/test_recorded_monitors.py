"""Every recorded monitor goes through `kind: raw`, a sync and a second plan."""

from __future__ import annotations

import csv
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.datadog.client import Datadog
from generator.datadog.target import Target
from generator.finding import is_error
from generator.kinds.raw import Parameters
from generator.localdog.server import embedded
from generator.plan.model import Plan
from generator.plan.options import PlanOptions
from generator.plan.planner import plan
from generator.render.model import Rendering
from generator.render.renderer import render
from generator.resources.types import resource_types
from generator.sync.archive import Archive
from generator.sync.executor import apply
from generator.sync.journal import Journal
from generator.sync.outcome import Outcomes, Status
from tests.corpus import corpus_lines

REJECTED = Path(__file__).parent / "recorded_monitors_rejected.tsv"
ORGANIZATION = b"workspace: recorded\nenvironments: {all: {scope: 'env:all'}}\n"
FIELDS = frozenset(Parameters.__struct_fields__)


@pytest.fixture(scope="module")
def rendering() -> Rendering:
    """The recorded monitors as a service file each, in YAML that is JSON."""
    files = {"monitors/organization.yaml": ORGANIZATION}
    for number, line in enumerate(corpus_lines("monitors.jsonl")):
        monitor = {"kind": "raw", **_own_fields(line["json"])}
        content = {"service": f"s{number}", "monitors": {"m": monitor}}
        files[f"monitors/s{number}.yaml"] = json.dumps(content, ensure_ascii=False).encode()
    return render(files)


def _own_fields(monitor: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in monitor.items() if name in FIELDS and value is not None}


@pytest.fixture(scope="module")
def client() -> Iterator[Datadog]:
    with (
        embedded(None) as url,
        Datadog(
            Target(url, "an-api-key", "an-application-key"),
            clock=time.monotonic,
            sleep=time.sleep,
            random=random.random,
        ) as opened,
    ):
        yield opened


def _planned(rendering: Rendering, client: Datadog) -> Plan:
    live = {name: client.live(found) for name, found in resource_types().items()}
    return plan(rendering.resources, live, PlanOptions(workspace=rendering.workspace))


def _rejections(outcomes: Outcomes) -> dict[str, str]:
    assert {each.status for each in outcomes.outcomes} <= {Status.DONE, Status.REFUSED}
    refused = (each for each in outcomes.outcomes if each.status is Status.REFUSED)
    return {each.tracking_id: each.message.partition(" was refused with 400: ")[2] for each in refused}


def test_a_second_plan_is_empty_but_for_what_the_server_rejects(
    rendering: Rendering, client: Datadog, tmp_path: Path
) -> None:
    assert [finding.message for finding in rendering.findings if is_error(finding)] == []
    assert len(rendering.resources) > 500
    first = _planned(rendering, client)
    with Journal(tmp_path / "journal.jsonl") as journal:
        outcomes = apply(first, client, journal, Archive(tmp_path, "run"))
    rejected = _rejections(outcomes)
    with REJECTED.open(encoding="utf-8", newline="") as file:
        expected = {row["tracking_id"]: row["server"] for row in csv.DictReader(file, delimiter="\t") if row["reason"]}
    assert rejected == expected
    again = _planned(rendering, client)
    assert {change.tracking_id for change in again.changes} == set(expected)
    assert again.unchanged == len(rendering.resources) - len(expected)

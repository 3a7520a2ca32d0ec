"""Whole projects: `good/CASE.yaml` renders to `good/CASE.json`, `bad/CASE.yaml` has the findings of `bad/CASE.txt`.

A case is one file: its YAML documents are the project's files, each after a line `# FILE path`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from generator.finding import is_error
from generator.render.renderer import render
from generator.report.findings_text import findings_text

HERE = Path(__file__).parent
GOOD = sorted((HERE / "good").glob("*.yaml"))
BAD = sorted((HERE / "bad").glob("*.yaml"))
ORGANIZATION = (HERE / "organization.yaml").read_bytes()


def files_of(case: Path) -> dict[str, bytes]:
    parts = re.split(r"^# FILE (.*)\n", case.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    files = {path: text.encode() for path, text in zip(parts[::2], parts[1::2], strict=True)}
    return {"monitors/organization.yaml": ORGANIZATION, **files}


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.stem)
def test_a_project_renders_as_its_golden_file(case: Path) -> None:
    rendering = render(files_of(case))
    assert [finding.message for finding in rendering.findings if is_error(finding)] == []
    told = [
        {key: value for key, value in row.items() if value}
        for row in (
            {
                "tracking_id": each.tracking_id, "line": each.line, "previous_ids": list(each.previous_ids),
                "adopt": each.adopt, "payload": each.payload,
            }
            for each in rendering.resources
        )
    ]  # fmt: skip
    assert told == json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.stem)
def test_a_broken_project_tells_all_that_is_wrong(case: Path) -> None:
    files = files_of(case)
    told = findings_text(render(files).findings, lambda path: files[path].decode() if path in files else None)
    assert told == case.with_suffix(".txt").read_text(encoding="utf-8")


def test_rendering_does_not_depend_on_the_order_of_files() -> None:
    files = files_of(GOOD[0])
    assert render(dict(reversed(files.items()))) == render(files)


def test_a_missing_organization_is_told_with_what_it_is_for() -> None:
    (finding,) = render({"monitors/service.yaml": b"service: a\n"}).findings
    assert finding.rule == "no-organization"
    assert "workspace" in finding.hint

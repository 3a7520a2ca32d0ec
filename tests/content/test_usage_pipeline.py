"""The overnight pipeline that `monitors/` shows, and the times that its runbook tells, are one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from generator.explain.arrivals import reading
from generator.render.model import Resource
from generator.render.renderer import render

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "runbooks" / "usage-pipeline.md").read_text(encoding="utf-8")
SERVICE = ("usage-pipeline", "production")
READ_FROM = "08:00"
STEPS = ("extract", "validation", "create-table", "load-schools", "switch-table")


@cache
def monitors() -> dict[str, Resource]:
    folder = ROOT / "monitors"
    files = {str(path.relative_to(ROOT)): path.read_bytes() for path in folder.rglob("*.yaml")}
    found = {tuple(each.tracking_id.split("/")[1:]): each for each in render(files).resources}
    return {name: each for (service, name, env), each in found.items() if (service, env) == SERVICE}


def minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def steps() -> list[tuple[str, ...]]:
    """Step, start, end and by when a rerun is in time."""
    times = r"(\d\d:\d\d)"
    return re.findall(rf"^\| ([a-z ]+) \| {times} \| {times} \| {times} \|", RUNBOOK, re.MULTILINE)


def test_a_rerun_in_time_leaves_as_long_as_all_that_follows_takes() -> None:
    rest = minutes(READ_FROM)
    assert len(steps()) == len(STEPS)
    for _, start, end, rerun_before in reversed(steps()):
        rest -= minutes(end) - minutes(start)
        assert minutes(rerun_before) == rest


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("way", ["failed", "late"])
def test_each_step_tells_that_it_failed_and_that_it_is_late(step: str, way: str) -> None:
    assert f"{step}-{way}" in monitors()
    assert f"## `{step}-{way}`" in RUNBOOK


@pytest.mark.parametrize("name", [f"{step}-late" for step in STEPS] + ["switch-table-late.early"])
def test_the_runbook_says_when_lateness_is_told(name: str) -> None:
    found = reading(monitors()[name].payload)
    assert found is not None
    assert found.looks is not None
    _, _, section = RUNBOOK.partition(f"## `{name.partition('.')[0]}`")

    assert f"{found.looks.at:%H:%M}" in section.partition("\n## ")[0]


def test_lateness_is_told_while_a_rerun_is_in_time_where_that_can_be() -> None:
    """Extracting and loading take so long that whoever hears of them late cannot begin anew."""
    before = {step: minutes(at) for step, (_, _, _, at) in zip(STEPS, steps(), strict=True)}
    told = {step: reading(monitors()[f"{step}-late"].payload) for step in ("validation", "create-table")}
    early = reading(monitors()["switch-table-late.early"].payload)

    assert early is not None
    told["switch-table"] = early
    for step, found in told.items():
        assert found is not None
        assert found.looks is not None
        assert found.looks.at.hour * 60 + found.looks.at.minute <= before[step]

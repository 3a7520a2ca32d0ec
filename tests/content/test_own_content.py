"""What lies in monitors/, dashboards/ and docs/runbooks/ of this repository."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from generator.message.handles import handles
from generator.render.model import Resource
from generator.render.renderer import render

ROOT = Path(__file__).parent.parent.parent
RUNBOOKS = ROOT / "docs" / "runbooks"
FILES = {
    path.relative_to(ROOT).as_posix(): path.read_bytes()
    for folder in ("monitors", "dashboards")
    for path in sorted((ROOT / folder).rglob("*.yaml"))
}
RESOURCES = render(FILES).resources
MONITORS = [each for each in RESOURCES if each.resource == "monitor"]
ADDRESS = re.compile(r"https://github\.com/[\w./-]+?/docs/runbooks/([\w-]+\.md)")


def own_name(monitor: Resource) -> str:
    """The monitor's name in its file, without the key of `for_each`."""
    return monitor.tracking_id.split("/")[2].partition(".")[0]


@pytest.mark.parametrize("monitor", MONITORS, ids=lambda each: each.tracking_id)
def test_every_monitor_notifies_somebody(monitor: Resource) -> None:
    assert handles(monitor.payload["message"])


@pytest.mark.parametrize("monitor", MONITORS, ids=lambda each: each.tracking_id)
def test_every_monitor_links_to_a_runbook_with_a_section_about_it(monitor: Resource) -> None:
    (page,) = set(ADDRESS.findall(monitor.payload["message"]))
    assert (RUNBOOKS / page).is_file()
    assert f"## `{own_name(monitor)}`" in (RUNBOOKS / page).read_text(encoding="utf-8").splitlines()


def test_every_section_of_a_runbook_is_about_a_monitor() -> None:
    sections = {
        (page.stem, name)
        for page in RUNBOOKS.glob("*.md")
        for name in re.findall(r"^## `(.+)`$", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    monitors = {(each.tracking_id.split("/")[1], own_name(each)) for each in MONITORS}
    assert sections == monitors


def test_every_runbook_that_a_dashboard_links_to_exists() -> None:
    dashboards = [json.dumps(each.payload) for each in RESOURCES if each.resource == "dashboard"]
    linked = {page for text in dashboards for page in ADDRESS.findall(text)}
    assert linked
    assert [page for page in linked if not (RUNBOOKS / page).is_file()] == []


@pytest.mark.parametrize("page", sorted(RUNBOOKS.glob("*.md")), ids=lambda page: page.name)
def test_links_of_a_runbook_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_staging_pages_nobody() -> None:
    staging = [each for each in MONITORS if each.tracking_id.endswith("/staging")]
    assert staging
    assert [each.tracking_id for each in staging if "@pagerduty" in each.payload["message"]] == []

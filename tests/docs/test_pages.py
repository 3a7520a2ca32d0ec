"""Every example of the README and of docs/ is what toban does now."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from generator.cli import toban
from generator.render.monitors import kinds
from tests.docs.console import replayed
from tests.docs.fields import with_tables

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_print_what_the_page_says(page: Path, tmp_path: Path) -> None:
    for console in replayed(page.read_text(encoding="utf-8"), tmp_path):
        assert console.now == console.written


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = toban.list_commands(click.Context(toban))
    assert [name for name in commands if f"`toban {name}`" not in readme] == []


def test_the_readme_names_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES[1:] if f"docs/{page.name}" not in readme] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tables_of_fields_are_those_of_the_types(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert with_tables(text) == text


def test_every_kind_has_its_table_of_fields() -> None:
    page = (ROOT / "docs" / "yaml.md").read_text(encoding="utf-8")
    assert [name for name in kinds() if f"<!-- fields: {name} -->" not in page] == []

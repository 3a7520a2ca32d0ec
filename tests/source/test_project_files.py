"""The shapes of the project files, and how they are found on the disk."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from msgspec import UNSET

from generator.source.decode import decode
from generator.source.documents import load
from generator.source.encoding import SIZE_LIMIT
from generator.source.files import DashboardFile, Organization, Service, Set
from generator.source.reader import read_folder

GOOD = Path(__file__).parent / "good"
CLASSES = {"organization": Organization, "service": Service, "set": Set, "dashboard_file": DashboardFile}


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_good_file_is_decoded_with_nothing_lost(name: str) -> None:
    path = GOOD / f"{name}.yaml"
    document = load(path.name, path.read_bytes())
    assert document.findings == ()
    decoded = decode(document.root, CLASSES[name])
    assert isinstance(decoded, CLASSES[name])
    written = msgspec.to_builtins(decoded)
    assert {field: written[field] for field in document.root} == document.root


def test_what_an_organization_leaves_out_is_unset_or_has_its_default() -> None:
    organization = decode(
        {"workspace": "main", "environments": {"production": {"scope": "env:production"}}}, Organization
    )
    assert isinstance(organization, Organization)
    assert organization.timezone == "UTC"
    assert organization.business_hours is UNSET
    assert organization.environments["production"].aws is UNSET


def _write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)


def test_yaml_files_below_both_folders_are_read_in_order(tmp_path: Path) -> None:
    _write(tmp_path, "monitors/b/x.yaml", "monitors/organization.yaml", "monitors/a.yml", "dashboards/d/e/f.yaml")
    assert list(read_folder(tmp_path).items()) == [
        ("dashboards/d/e/f.yaml", b"dashboards/d/e/f.yaml"),
        ("monitors/a.yml", b"monitors/a.yml"),
        ("monitors/b/x.yaml", b"monitors/b/x.yaml"),
        ("monitors/organization.yaml", b"monitors/organization.yaml"),
    ]


def test_other_files_and_hidden_ones_are_left_alone(tmp_path: Path) -> None:
    _write(tmp_path, "monitors/README.md", "monitors/.draft.yaml", "monitors/.git/x.yaml", "other/x.yaml", "x.yaml")
    (tmp_path / "monitors" / "folder.yaml").mkdir()
    assert read_folder(tmp_path) == {}


def test_folder_without_project_files_is_empty(tmp_path: Path) -> None:
    assert read_folder(tmp_path) == {}


def test_links_that_leave_the_root_are_skipped(tmp_path: Path) -> None:
    root = tmp_path / "project"
    _write(tmp_path, "secret.yaml", "outside/x.yaml", "project/monitors/real.yaml")
    (root / "monitors" / "secret.yaml").symlink_to(tmp_path / "secret.yaml")
    (root / "monitors" / "outside").symlink_to(tmp_path / "outside")
    (root / "monitors" / "inside.yaml").symlink_to("real.yaml")
    (root / "monitors" / "broken.yaml").symlink_to("nowhere.yaml")
    (root / "monitors" / "loop.yaml").symlink_to("loop.yaml")
    (root / "dashboards").symlink_to(tmp_path / "outside")
    assert list(read_folder(root)) == ["monitors/inside.yaml", "monitors/real.yaml"]


def test_root_that_is_a_link_itself_is_read(tmp_path: Path) -> None:
    _write(tmp_path, "project/monitors/x.yaml")
    (tmp_path / "link").symlink_to("project")
    assert list(read_folder(tmp_path / "link")) == ["monitors/x.yaml"]


def test_too_large_file_is_read_just_so_far_that_loading_tells(tmp_path: Path) -> None:
    _write(tmp_path, "monitors/x.yaml")
    (tmp_path / "monitors" / "x.yaml").write_bytes(b"#" * (2 * SIZE_LIMIT))
    content = read_folder(tmp_path)["monitors/x.yaml"]
    assert len(content) == SIZE_LIMIT + 1
    assert [finding.rule for finding in load("monitors/x.yaml", content).findings] == ["yaml-too-large"]

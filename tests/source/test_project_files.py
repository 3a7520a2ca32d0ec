"""The shapes of the project files, and how they are found on the disk."""

from __future__ import annotations

import os
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


@pytest.mark.parametrize(
    ("name", "meant"),
    [("c.YAML", "c.yaml"), ("c.Yml", "c.yaml"), ("c.yam", "c.yaml"), ("c.ymal", "c.yaml"), ("c.yml~", "c.yaml")],
)
def test_a_name_that_nearly_is_a_project_files_is_told(tmp_path: Path, name: str, meant: str) -> None:
    _write(tmp_path, "monitors/a/real.yaml", f"monitors/a/{name}")
    files = read_folder(tmp_path)
    assert list(files) == ["monitors/a/real.yaml"]
    (finding,) = files.findings
    assert (finding.rule, finding.span.path) == ("file-name", f"monitors/a/{name}")
    assert finding.message == f"`{name}` is not read: names of project files end in `.yaml` or `.yml`"
    assert finding.hint == f"rename it to `{meant}`, or move it out of `monitors/`"


def test_what_editors_leave_beside_a_file_is_not_told(tmp_path: Path) -> None:
    _write(
        tmp_path, *(f"monitors/{name}" for name in ("c.yaml", "c.yaml~", "#c.yaml#", ".c.YAML", "c.yaml.txt", "yam"))
    )
    assert (list(read_folder(tmp_path)), read_folder(tmp_path).findings) == (["monitors/c.yaml"], ())


def _unread(root: Path) -> dict[str, str]:
    return {finding.span.path: finding.message for finding in read_folder(root).findings}


def test_no_link_leads_out_of_the_folders_and_each_that_would_is_told(tmp_path: Path) -> None:
    root = tmp_path / "project"
    _write(tmp_path, "secret.yaml", "outside/x.yaml", "project/monitors/real.yaml", "project/.git/config")
    (root / "monitors" / "secret.yaml").symlink_to(tmp_path / "secret.yaml")
    (root / "monitors" / "config.yaml").symlink_to("../.git/config")
    (root / "monitors" / "outside").symlink_to(tmp_path / "outside")
    (root / "monitors" / "inside.yaml").symlink_to("real.yaml")
    (root / "monitors" / "broken.yaml").symlink_to("nowhere.yaml")
    (root / "monitors" / "loop.yaml").symlink_to("loop.yaml")
    (root / "monitors" / "again").symlink_to(root / "monitors")
    (root / "dashboards").symlink_to(tmp_path / "outside")
    assert list(read_folder(root)) == ["monitors/inside.yaml", "monitors/real.yaml"]
    leads_out = "this cannot be read: it is a link that leads out of the project's folders"
    assert _unread(root) == {
        "dashboards": leads_out,
        "monitors/again": "this cannot be read: links to folders are not followed",
        "monitors/broken.yaml": "this cannot be read: it is a link to what is not there",
        "monitors/config.yaml": leads_out,
        "monitors/loop.yaml": "this cannot be read: it is a link to a link, and so on without an end",
        "monitors/outside": leads_out,
        "monitors/secret.yaml": leads_out,
    }


def test_what_is_no_file_with_a_name_in_utf8_is_told(tmp_path: Path) -> None:
    _write(tmp_path, "monitors/x.yaml")
    (tmp_path / "dashboards").write_text("no folder")
    os.mkfifo(tmp_path / "monitors" / "pipe.yaml")
    try:
        Path(os.fsdecode(bytes(tmp_path / "monitors") + b"/\xff.yaml")).write_text("service: x")
    except OSError:
        pytest.skip("the file system takes only names in UTF-8")
    assert list(read_folder(tmp_path)) == ["monitors/x.yaml"]
    assert _unread(tmp_path) == {
        "dashboards": "this cannot be read: not a directory",
        "monitors/?.yaml": "this cannot be read: its name is not UTF-8",
        "monitors/pipe.yaml": "this cannot be read: it is no file",
    }


def test_what_nobody_may_read_is_told(tmp_path: Path) -> None:
    _write(tmp_path, "monitors/x.yaml", "monitors/b/y.yaml", "monitors/z.yaml")
    (tmp_path / "monitors" / "x.yaml").chmod(0)
    (tmp_path / "monitors" / "b").chmod(0)
    if os.access(tmp_path / "monitors" / "x.yaml", os.R_OK):
        pytest.skip("this user may read everything")
    denied = "this cannot be read: permission denied"
    assert _unread(tmp_path) == {"monitors/b": denied, "monitors/x.yaml": denied}
    (tmp_path / "monitors" / "b").chmod(0o700)


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

"""`toban codeowners`: who has to look at a change of which file."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import run, toban

ORGANIZATION = """\
workspace: main
environments: {production: {scope: 'env:production'}}
owners: '@example/on-call'
teams:
  data: {owners: '@example/data @somebody'}
  web: {owners: '@example/web'}
  nobody: {notify: '@slack-a'}
"""
FIRST = "# Written by `toban codeowners` from monitors/organization.yaml; change it there."
LAST = "# End of what `toban codeowners` writes; what stands below is kept."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    services = {"data/load": "data", "data/export": "data", "mixed/api": "web", "mixed/feed": "data", "own": "nobody"}
    write(tmp_path, "organization", ORGANIZATION)
    for path, team in services.items():
        write(tmp_path, path, f"service: {path.replace('/', '-')}\nteam: {team}\n")
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    path = root / "monitors" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def called(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(toban, ["codeowners", "--root", str(root), *arguments], standalone_mode=False)


def written(root: Path) -> list[str]:
    return (root / ".github" / "CODEOWNERS").read_text().splitlines()


def test_folders_of_one_team_are_one_line_and_mixed_ones_are_lines_of_files(project: Path) -> None:
    assert called(project).return_value == 0
    assert written(project) == [
        FIRST,
        "* @example/on-call",
        "/monitors/data/ @example/data @somebody",
        "/monitors/mixed/api.test.yaml @example/web",
        "/monitors/mixed/api.yaml @example/web",
        "/monitors/mixed/feed.test.yaml @example/data @somebody",
        "/monitors/mixed/feed.yaml @example/data @somebody",
        "/monitors/organization.yaml @example/on-call",
        "/.github/ @example/on-call",
        LAST,
    ]


def test_check_tells_what_is_not_current_and_writes_nothing(project: Path) -> None:
    assert called(project, "--check").return_value == 1
    assert not (project / ".github").exists()
    called(project)
    assert called(project, "--check").return_value == 0
    write(project, "mixed/new", "service: mixed-new\nteam: web\n")
    assert called(project, "--check").return_value == 1


def test_what_people_wrote_below_is_kept(project: Path) -> None:
    called(project)
    path = project / ".github" / "CODEOWNERS"
    path.write_text(path.read_text() + "/docs/ @example/writers\n")
    write(project, "organization", ORGANIZATION.replace("@example/web", "@example/shop"))
    called(project)
    assert written(project)[-2:] == [LAST, "/docs/ @example/writers"]
    assert "/monitors/mixed/api.yaml @example/shop" in written(project)


def test_a_file_that_people_wrote_becomes_the_lower_part(project: Path) -> None:
    (project / "CODEOWNERS").write_text("/docs/ @example/writers\n")
    called(project)
    assert (project / "CODEOWNERS").read_text().splitlines()[-2:] == [LAST, "/docs/ @example/writers"]
    assert not (project / ".github").exists()


def test_without_owners_there_is_nothing_to_write_and_nothing_to_check(tmp_path: Path) -> None:
    write(tmp_path, "organization", "workspace: main\nenvironments: {production: {scope: 'env:production'}}\n")
    assert called(tmp_path).return_value == 0
    assert called(tmp_path, "--check").return_value == 0
    assert not (tmp_path / ".github").exists()


def test_blanks_in_names_are_escaped(project: Path) -> None:
    write(project, "mixed/a b#c", "service: abc\nteam: web\n")
    called(project)
    assert "/monitors/mixed/a\\ b\\#c.yaml @example/web" in written(project)


def test_a_name_that_no_line_can_say_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "mixed/a[b]", "service: ab\nteam: web\n")
    assert run(["codeowners", "--root", str(project)]) == 1
    assert "CODEOWNERS cannot name `monitors/mixed/a[b].yaml`" in capsys.readouterr().err


@pytest.mark.parametrize("owners", ["example/web", "@example/web\n* @evil", "@a  @b", "@example/web #", "[]", "7"])
def test_owners_that_are_none_are_refused(tmp_path: Path, owners: str, capsys: pytest.CaptureFixture[str]) -> None:
    escaped = owners.replace("\n", "\\n")
    write(
        tmp_path,
        "organization",
        f'workspace: main\nenvironments: {{production: {{scope: "env:p"}}}}\nteams: {{web: {{owners: "{escaped}"}}}}\n',
    )
    assert run(["codeowners", "--root", str(tmp_path)]) == 1
    assert "monitors/organization.yaml:3:" in capsys.readouterr().err
    assert not (tmp_path / ".github").exists()


def test_a_link_is_not_written_through(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / ".github").mkdir()
    (project / ".github" / "CODEOWNERS").symlink_to(tmp_path / "elsewhere")
    assert run(["codeowners", "--root", str(project)]) == 1
    assert "is a link" in capsys.readouterr().err
    assert not (tmp_path / "elsewhere").exists()

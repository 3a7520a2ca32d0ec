"""toban comes to an old repository of 600 monitors: only what is new counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.lint.corpus_project import write_project

ROOT = Path(__file__).parent.parent.parent
IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
Lint = Callable[..., dict[str, Any]]
NEW_MONITOR = """\
  brand-new:
    kind: raw
    type: query alert
    query: avg(last_5m):avg:a{*} > 5
    message: nobody
    options: {thresholds: {critical: 5, warning: 6}}
"""


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *IDENTITY, *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S607


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("old")
    write_project(folder)
    (folder / "monitors" / "unread.yaml").write_text("service: unread\nmonitors: {without-kind: {message: none}}\n")
    (folder / ".gitignore").write_text(".toban/\n")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "all that there was")
    return folder


@pytest.fixture
def repository(committed: Path) -> Path:
    git(committed, "reset", "-q", "--hard", "main")
    git(committed, "clean", "-qfd")
    return committed


@pytest.fixture
def lint(repository: Path) -> Lint:
    """Run `toban lint` there; its JSON with the exit code."""

    def run(*arguments: str) -> dict[str, Any]:
        inherited = {name: value for name, value in os.environ.items() if name != "CI"}
        done = subprocess.run(
            [sys.executable, "-m", "generator", "lint", "--format", "json", *arguments], cwd=repository,
            env={**inherited, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr
        told = json.loads(done.stdout) if done.stdout else {}
        return {**told, "code": done.returncode, "err": done.stderr}

    return run


def rules_of(told: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(each["rule"], each["tracking_ids"]) for each in told["findings"]]


def add_monitor(service: Path) -> None:
    service.write_text(service.read_text() + NEW_MONITOR)


def test_there_are_600_monitors_with_errors_among_them(lint: Lint, repository: Path) -> None:
    assert sum(path.read_text().count("kind: raw") for path in repository.glob("monitors/*.yaml")) == 600
    told = lint()
    assert told["code"] == 1
    assert len(told["findings"]) > 100


@pytest.mark.parametrize("measure", ["base", "baseline"])
class TestMeasure:
    @pytest.fixture
    def against(self, measure: str, lint: Lint, tmp_path: Path) -> Callable[[], dict[str, Any]]:
        """Lint against what is committed, by one measure or the other."""
        if measure == "base":
            return lambda: lint("--base", "main")
        file = str(tmp_path / "baseline.json")
        assert lint("--write-baseline", file)["code"] == 0
        return lambda: lint("--baseline", file)

    def test_nothing_counts_where_nothing_has_changed(self, against: Callable[[], dict[str, Any]], lint: Lint) -> None:
        told = against()
        assert (told["code"], told["findings"]) == (0, [])
        assert told["known"] == len(lint()["findings"])

    def test_moved_lines_and_comments_are_no_change(
        self, against: Callable[[], dict[str, Any]], repository: Path
    ) -> None:
        for path in repository.glob("monitors/s*.yaml"):
            path.write_text(
                "# moved\n\n\n" + path.read_text().replace("    kind: raw", "    # a remark\n    kind: raw")
            )
        assert against()["findings"] == []

    def test_a_renamed_file_is_no_change(self, against: Callable[[], dict[str, Any]], repository: Path) -> None:
        for number, name in enumerate(("unread", "s03")):
            (repository / "monitors" / f"{name}.yaml").rename(repository / "monitors" / f"renamed-{number}.yaml")
        told = against()
        assert (told["findings"], told["err"]) == ([], "")

    def test_what_a_second_file_has_too_is_new(self, against: Callable[[], dict[str, Any]], repository: Path) -> None:
        unread = repository / "monitors" / "unread.yaml"
        unread.with_name("other.yaml").write_text(unread.read_text().replace("service: unread", "service: other"))
        assert [rule for rule, _ in rules_of(against())] == ["missing-field"]

    def test_findings_of_a_new_monitor_count(self, against: Callable[[], dict[str, Any]], repository: Path) -> None:
        add_monitor(repository / "monitors" / "s03.yaml")
        told = against()
        tracking_id = "old/s03/brand-new/production"
        assert sorted(rules_of(told)) == [
            ("nobody-is-notified", [tracking_id]),
            ("warning-on-wrong-side", [tracking_id]),
        ]
        assert told["code"] == 1

    def test_finding_that_a_change_elsewhere_brings_counts(
        self, against: Callable[[], dict[str, Any]], repository: Path
    ) -> None:
        service = repository / "monitors" / "s05.yaml"
        service.write_text(service.read_text() + "  unused: {kind: raw}\n")
        assert [rule for rule, _ in rules_of(against())] == ["missing-field", "missing-field"]


def test_base_counts_all_findings_of_a_changed_monitor_and_no_other(lint: Lint, repository: Path) -> None:
    before = lint()["findings"]
    chosen = next(each for each in before if each["rule"] == "nobody-is-notified")
    name = chosen["tracking_ids"][0].split("/")[2]
    service = repository / chosen["path"]
    service.write_text(service.read_text().replace(f"\n  {name}:\n", f"\n  {name}:\n    restricted_roles: [a]\n"))
    told = lint("--base", "main")
    expected = [each["rule"] for each in before if each["tracking_ids"] == chosen["tracking_ids"]]
    assert [rule for rule, _ in rules_of(told)] == expected
    assert all(ids == chosen["tracking_ids"] for _, ids in rules_of(told))


def test_baseline_counts_a_second_finding_that_equals_a_known_one(lint: Lint, tmp_path: Path, repository: Path) -> None:
    add_monitor(repository / "monitors" / "s03.yaml")
    file = tmp_path / "baseline.json"
    lint("--write-baseline", str(file))
    lines = file.read_text().splitlines()
    file.write_text(
        "\n".join(line for line in lines if "brand-new" not in line or "nobody" not in line).replace(",\n]", "\n]")
    )
    assert [rule for rule, _ in rules_of(lint("--baseline", str(file)))] == ["nobody-is-notified"]


def test_baseline_says_that_it_holds_what_is_no_more(lint: Lint, tmp_path: Path, repository: Path) -> None:
    add_monitor(repository / "monitors" / "s03.yaml")
    file = tmp_path / "baseline.json"
    lint("--write-baseline", str(file))
    git(repository, "checkout", "-q", ".")
    told = lint("--baseline", str(file))
    assert (told["code"], told["findings"]) == (0, [])
    assert "holds 2 findings that" in told["err"]

"""`toban lint` as people and CI call it, and what plan and sync make of a suppression."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Ran, Toban, run_in

COUNT = """\
service: api
monitors:
  errors:
    kind: raw
    type: query alert
    query: sum(last_5m):sum:errors{*}.as_count() > 5
    message: "@slack-a x://y"
    options: {require_full_window: true, thresholds: {critical: 5}}  # as it was
"""
BAD = """\
service: api
monitors:
  a:
    kind: raw
    type: query alert
    query: avg(
    message: "@slack-a x://y"
"""


@pytest.fixture
def toban(tmp_path: Path) -> Toban:
    def run(*arguments: object, **variables: str) -> Ran:
        return run_in(tmp_path, *arguments, **variables)

    return run


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """A service file, in a project of one environment."""
    folder = tmp_path / "monitors"
    folder.mkdir()
    (folder / "organization.yaml").write_text("workspace: w\nenvironments: {production: {scope: 'env:production'}}\n")
    return folder / "api.yaml"


def test_error_is_told_with_place_reason_and_hint(toban: Toban, service: Path) -> None:
    service.write_text(BAD)
    ran = toban("lint")
    assert ran.code == 1
    assert ran.out == (
        "monitors/api.yaml:6:16: expected an evaluation window, found the end of the query [query-syntax]\n"
        "    6 |     query: avg(\n"
        "      |                ^\n"
        "  why: A query that cannot be read.\n"
        "  hint: a window is written `last_5m`; units are `m`, `h`, `d`, `w` and `mo`\n"
        "\n"
        "1 error in 1 file.\n"
    )


def test_why_is_told_once_a_rule(toban: Toban, service: Path) -> None:
    service.write_text(BAD + BAD.split("monitors:\n")[1].replace("  a:", "  b:").replace("avg(", "max("))
    assert toban("lint").out.count("why:") == 1


def test_suppressed_error_stops_neither_lint_nor_plan(toban: Toban, service: Path) -> None:
    service.write_text(COUNT.replace("critical: 5}}", "critical: 6}}"))
    assert toban("lint").code == toban("plan", "--local").code == toban("sync", "--local", "--yes").code == 1
    text = service.read_text().replace("# as it was", "# toban: ignore[threshold-differs-from-query]: to be tried")
    service.write_text(text)
    assert toban("lint").code == toban("plan", "--local", "--ask-at-most", "0").code == 0
    assert "1 finding is suppressed.\n" in toban("lint").out
    # The local Datadog refuses it as Datadog does: lint said so, and was told to be silent.
    assert "does not match that used in the query" in toban("plan", "--local").err


def test_fix_mends_the_file_and_keeps_its_comments(toban: Toban, service: Path) -> None:
    service.write_text(COUNT)
    service.chmod(0o640)
    assert "whole-window-of-sparse-counts" in toban("lint").out
    ran = toban("lint", "--fix")
    assert (ran.code, ran.out, ran.err) == (0, "No findings.\n", "mended 1 finding in 1 file\n")
    assert service.read_text() == COUNT.replace("require_full_window: true", "require_full_window: false")
    assert service.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in service.parent.iterdir()) == ["api.yaml", "organization.yaml"]


def test_fix_mends_what_stands_inside_what_it_mends(toban: Toban, service: Path) -> None:
    nested = "avg(last_5m):avg:a{env:production} - day_before(day_before(avg:a{env:production})) > 5"
    service.write_text(f'service: shop\nmonitors:\n  deep: {{kind: metric, query: "{nested}"}}\n')
    assert toban("lint", "--fix").err.startswith("mended 2 findings in 1 file")
    assert "day_before" not in service.read_text()


def test_fix_with_diff_writes_nothing(toban: Toban, service: Path) -> None:
    service.write_text(COUNT)
    out = toban("lint", "--fix", "--diff").out
    assert "-    options: {require_full_window: true," in out
    assert "+    options: {require_full_window: false," in out
    assert service.read_text() == COUNT


def test_suppressed_finding_is_not_fixed(toban: Toban, service: Path) -> None:
    text = COUNT.replace("  errors:", "  errors:  # toban: ignore[whole-window-of-sparse-counts]: on purpose")
    service.write_text(text)
    assert "nothing could be mended" in toban("lint", "--fix").err
    assert service.read_text() == text


@pytest.mark.parametrize("output", ["json", "sarif", "github", "junit"])
def test_every_format_tells_the_error(toban: Toban, service: Path, output: str) -> None:
    service.write_text(BAD)
    ran = toban("lint", "--format", output)
    assert ran.code == 1
    assert "query-syntax" in ran.out
    assert ran.err == ""


@pytest.mark.parametrize(
    ("output", "place"), [("github", "file=sub/monitors/api.yaml,line=6"), ("sarif", '"uri":"sub/monitors/api.yaml"')]
)
def test_annotations_are_placed_from_the_folder_that_lint_is_called_in(
    toban: Toban, service: Path, tmp_path: Path, output: str, place: str
) -> None:
    service.write_text(BAD)
    (tmp_path / "sub").mkdir()
    service.parent.rename(tmp_path / "sub" / "monitors")
    assert place in toban("lint", "--format", output, "--root", "sub").out
    assert place in toban("lint", "--format", output, "--root", tmp_path / "sub").out


def test_explain_says_what_a_finding_of_reading_means(toban: Toban) -> None:
    ran = toban("lint", "--explain", "suppression-unused")
    assert (ran.code, ran.out.split("\n")[0]) == (0, "suppression-unused")
    assert "remove it" in ran.out


def test_explain_prints_the_page_of_a_rule(toban: Toban) -> None:
    ran = toban("lint", "--explain", "query-syntax")
    assert ran.code == 0
    assert ran.out.startswith("query-syntax (error)\n\nA query that cannot be read.\n\n")
    assert "# toban: ignore[query-syntax]: reason" in ran.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--explain", "query-sintax"], "did you mean `query-syntax`?"),
        (["--diff"], "give both"),
        (["--write-baseline", "b.json", "--base", "main"], "leave out"),
        (["--write-baseline", "b.json", "monitors/api.yaml"], "leave out"),
        (["--baseline", "b.json", "--base", "main"], "give one of them"),
        (["--base", "--output=x"], "no git revision"),
        (["--baseline", "monitors/api.yaml"], "is no baseline"),
        (["--baseline", "monitors/deep.json"], "is no baseline"),
        (["--fix", "--write-baseline", "b.json"], "give one of them"),
    ],
)
def test_wrong_use_is_told(toban: Toban, service: Path, arguments: list[str], told: str) -> None:
    service.write_text(BAD)
    (service.parent / "deep.json").write_text("[" * 100_000)
    ran = toban("lint", *arguments)
    assert ran.code == 64
    assert told in ran.err


def test_missing_baseline_is_told(toban: Toban, service: Path) -> None:
    service.write_text(BAD)
    ran = toban("lint", "--baseline", "nowhere.json")
    assert ran.code == 1
    assert "`nowhere.json` cannot be read" in ran.err


def test_paths_narrow_what_is_told_but_not_what_is_looked_at(toban: Toban, service: Path) -> None:
    service.write_text(BAD)
    other = service.with_name("other.yaml")
    other.write_text(BAD.replace("service: api", "service: other"))
    composite = service.with_name("both.yaml")
    composite.write_text(
        "service: both\nmonitors:\n  both: {kind: raw, type: composite, query: '%{w/quiet/a/production}',"
        " message: '@slack-a'}\n"
    )
    service.with_name("quiet.yaml").write_text(
        "service: quiet\nmonitors:\n  a: {kind: metric, query: 'avg(last_5m):avg:a{*} > 1'}\n"
    )
    told = json.loads(toban("lint", "--format", "json", "monitors/api.yaml").out)
    assert [each["path"] for each in told["findings"]] == ["monitors/api.yaml"]
    # Used by a composite in a file that is not named here.
    assert toban("lint", "monitors/quiet.yaml").out == "No findings.\n"

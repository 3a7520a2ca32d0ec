"""Production is not ahead of staging: a pull request that would make it so is stopped."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from generator.cli import run

ORGANIZATION = """\
workspace: main
notify: '@slack-a'
promotion: [staging, production]
environments:
  staging: {scope: 'env:staging'}
  production: {scope: 'env:production'}
"""
IDENTITY = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
STRICT = "avg(last_5m):avg:latency{<< environment.scope >>} > 0.5"
LOOSE = "avg(last_5m):avg:latency{<< environment.scope >>} > 1"
LONG = "avg(last_15m):avg:latency{<< environment.scope >>} > 1"


def service(monitor: str, name: str = "latency") -> str:
    head = "service: api\nrunbook: https://wiki.example.com/api\nmonitors:\n"
    return f"{head}  {name}: {{kind: metric, {monitor}}}\n"


BOTH = service(f'query: "{LOOSE}"')
STAGED = service(f'query: "{LOOSE}", environments: {{staging: {{query: "{STRICT}"}}}}')
PROMOTED = service(f'query: "{STRICT}"')


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [each for each in os.environ if each.startswith(("DD_", "GITHUB_", "GIT_", "CI"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def reviewed(
    capsys: pytest.CaptureFixture[str], before: str, after: str, *, was: str = ORGANIZATION, now: str = ORGANIZATION
) -> tuple[int, list[str]]:
    """The exit code, and what stands in the way of promotion."""
    git("init", "-q", "-b", "main")
    write(was, before)
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    write(now, after)
    code = run(["plan", "--base", "HEAD", "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    return code, [each["message"] for each in told["obstacles"] if each["rule"] == "not-promoted"]


def git(*arguments: str) -> None:
    command = ["git", *arguments]
    subprocess.run(command, env={**os.environ, **IDENTITY}, check=True, capture_output=True)


def write(organization: str, api: str) -> None:
    Path("monitors").mkdir(exist_ok=True)
    Path("monitors/organization.yaml").write_text(organization)
    Path("monitors/api.yaml").write_text(api)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BOTH, STAGED),
        (STAGED, PROMOTED),
        (STAGED, STAGED),
        (PROMOTED, STAGED.replace("staging: {query", "production: {query").replace(LOOSE, STRICT)),
        (STAGED, STAGED.replace("}}}", "}}, notify: '@slack-b'}")),
        (service(f'environments: [staging], query: "{LOOSE}"'), BOTH),
        (BOTH, service(f'query: "{LOOSE}", was: latency', name="slow")),
    ],
    ids=["to staging", "promoted", "nothing", "as it was", "whom it tells", "comes to production", "renamed"],
)
def test_what_staging_has_had_may_come_to_production(
    capsys: pytest.CaptureFixture[str], before: str, after: str
) -> None:
    assert reviewed(capsys, before, after) == (0, [])


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (BOTH, PROMOTED, "`query` to what staging has not had yet"),
        (STAGED, service(f'query: "{LONG}"'), "`query` to what staging has not had yet"),
        (
            BOTH,
            service(f'query: "{LOOSE}", evaluation_delay: 5m'),
            "would change in `options.evaluation_delay` to what staging",
        ),
        (BOTH, BOTH.replace("latency:", "errors:"), "would come to production, and staging has not had it yet"),
    ],
    ids=["both at once", "something else", "an option", "a new alert"],
)
def test_what_staging_has_not_had_stops_the_pull_request(
    capsys: pytest.CaptureFixture[str], before: str, after: str, told: str
) -> None:
    code, found = reviewed(capsys, before, after)
    assert code == 1
    assert len(found) == 1
    assert told in found[0]
    assert found[0].startswith("`main/api/")
    assert "/production`" in found[0]


def test_it_is_off_where_the_organisation_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    without = ORGANIZATION.replace("promotion: [staging, production]\n", "")
    assert reviewed(capsys, BOTH, PROMOTED, was=without, now=without) == (0, [])


def test_a_branch_cannot_switch_it_off_for_itself(capsys: pytest.CaptureFixture[str]) -> None:
    without = ORGANIZATION.replace("promotion: [staging, production]\n", "")
    code, found = reviewed(capsys, BOTH, PROMOTED, now=without)
    assert (code, len(found)) == (1, 1)


def test_three_environments_are_held_against_their_neighbours(capsys: pytest.CaptureFixture[str]) -> None:
    three = ORGANIZATION.replace("[staging", "[test, staging").replace(
        "environments:\n", "environments:\n  test: {scope: 'env:test'}\n"
    )
    only_test = service(f'query: "{LOOSE}", environments: {{test: {{query: "{STRICT}"}}}}')
    code, found = reviewed(capsys, only_test, PROMOTED, was=three, now=three)
    assert code == 1
    assert len(found) == 1
    assert "main/api/latency/production" in found[0]


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("[staging, prodution]", "there is no environment `prodution`"),
        ("[staging, staging]", "twice there is `staging`"),
        ("[staging]", "promotion"),
        ("staging", "promotion"),
    ],
)
def test_an_order_that_is_none_is_an_error_at_its_place(
    capsys: pytest.CaptureFixture[str], order: str, told: str
) -> None:
    write(ORGANIZATION.replace("[staging, production]", order), BOTH)
    assert run(["lint"]) == 1
    found = capsys.readouterr().out
    assert "monitors/organization.yaml:3:" in found
    assert told in found

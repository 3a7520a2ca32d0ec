"""`toban plan --base REV` as people and CI call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent.parent
ORGANIZATION = "workspace: main\nenvironments: {production: {scope: 'env:production'}}\nnotify: '@slack-a'\n"
API = """\
service: api
runbook: https://wiki.example.com/api
monitors:
  latency: {kind: metric, query: "avg(last_5m):avg:latency{<< environment.scope >>} > 1"}
"""
STRICTER = API.replace("> 1", "> 0.5")
BROKEN = API + '  errors: {kind: metric, query: "avg("}\n'
IDENTITY = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Toban = Callable[..., Ran]


def environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DD_", "CI", "GIT"))}
    return {**inherited, **IDENTITY, "PYTHONPATH": str(REPOSITORY)}


@pytest.fixture
def toban(tmp_path: Path) -> Toban:
    def run(*arguments: object, root: Path | None = None, **variables: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "generator", *map(str, arguments)], cwd=root or tmp_path,
            env={**environment(), **variables},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert "bug in toban" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


def git(folder: Path, *arguments: str) -> str:
    command, env = ["git", *arguments], environment()
    done = subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def write(root: Path, **services: str) -> None:
    (root / "monitors").mkdir(exist_ok=True)
    for name, text in {"organization": ORGANIZATION, **services}.items():
        (root / "monitors" / f"{name}.yaml").write_text(text)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose main has one monitor."""
    git(tmp_path, "init", "-q", "-b", "main")
    write(tmp_path, api=API)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "x")
    return tmp_path


def test_a_branch_is_compared_without_keys(toban: Toban, repository: Path) -> None:
    write(repository, api=STRICTER)
    ran = toban("plan", "--base", "main", CI="true")
    assert ran.code == 0
    assert "query: threshold 1 → 0.5" in ran.out
    assert ran.out.endswith("1 changed.\n")
    assert not (repository / ".toban").exists()


def test_the_digest_is_the_one_of_a_plan(toban: Toban, repository: Path) -> None:
    write(repository, api=STRICTER)
    review = json.loads(toban("plan", "--base", "main", "--format", "json").out)
    plan = json.loads(toban("plan", "--local", "--format", "json").out)
    assert review["desired_digest"] == plan["desired_digest"]


def test_nothing_differs_from_itself(toban: Toban, repository: Path) -> None:
    ran = toban("plan", "--base", "HEAD", "--detailed-exitcode")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "Nothing differs: 1 resource is the same.")


def test_the_first_alerts_of_a_repository_are_created(toban: Toban, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "x")
    write(tmp_path, api=API)
    ran = toban("plan", "--base", "main")
    assert (ran.code, ran.err, ran.out.splitlines()[-1]) == (0, "", "1 created.")
    assert "not known" not in ran.out


def test_two_revisions_are_compared_whatever_is_in_the_folder(toban: Toban, repository: Path) -> None:
    write(repository, api=STRICTER)
    git(repository, "commit", "-q", "-a", "-m", "y")
    write(repository, api=BROKEN)
    ran = toban("plan", "--base", "HEAD~1", "--ref", "HEAD", "--detailed-exitcode")
    assert (ran.code, ran.out.splitlines()[-1]) == (2, "1 changed.")


def test_a_new_error_fails_and_an_old_one_is_counted(toban: Toban, repository: Path) -> None:
    write(repository, api=BROKEN)
    fresh = toban("plan", "--base", "main")
    assert fresh.code == 1
    assert "[query-syntax]" in fresh.err
    git(repository, "commit", "-q", "-a", "-m", "broken")
    known = toban("plan", "--base", "main")
    assert (known.code, known.err) == (0, "")
    assert "1 more finding was there at `main` already." in known.out


@pytest.mark.parametrize("to", ["missing.yaml", "loop.yaml", "/etc/passwd", "../outside", "api.yaml/x", ".."])
def test_a_committed_link_that_leads_nowhere_is_nothing_new(toban: Toban, repository: Path, to: str) -> None:
    (repository / "monitors" / "link.yaml").symlink_to(to)
    (repository / "monitors" / "loop.yaml").symlink_to("loop.yaml")
    fresh = toban("plan", "--base", "HEAD")
    assert fresh.code == 1
    assert "monitors/link.yaml:1:1: this cannot be read: " in fresh.err
    assert "root:" not in fresh.out + fresh.err
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "links")
    known = toban("plan", "--base", "HEAD")
    assert (known.code, known.err) == (0, "")
    assert "2 more findings were there at `HEAD` already." in known.out


def test_an_obstacle_that_would_block_the_sync_fails(toban: Toban, repository: Path) -> None:
    write(repository, api=API.replace("latency:", "slow:"))
    ran = toban("plan", "--base", "main")
    assert ran.code == 1
    assert "[probable-rename]" in ran.out


@pytest.mark.parametrize(
    "revision",
    ["--upload-pack=touch x", "-x", "", "^HEAD", "a\nb", "\x1b[31m"],
)
def test_what_is_no_revision_is_told_and_does_nothing(toban: Toban, repository: Path, revision: str) -> None:
    before = sorted(repository.rglob("*"))
    ran = toban("plan", "--base", revision)
    assert (ran.code, ran.out) == (64, "")
    assert "revision" in ran.err
    assert "\x1b" not in ran.err
    assert sorted(repository.rglob("*")) == before


def test_a_base_that_has_gone_on_is_told(toban: Toban, repository: Path) -> None:
    git(repository, "switch", "-q", "-c", "branch")
    git(repository, "switch", "-q", "main")
    write(repository, api=STRICTER)
    git(repository, "commit", "-q", "-a", "-m", "y")
    git(repository, "switch", "-q", "branch")
    assert "1 commit changes project files in `main` and not in `HEAD`" in toban("plan", "--base", "main").out
    assert "[base-is-ahead]" not in toban("plan", "--base", "main~1").out
    git(repository, "merge", "-q", "main")
    assert "[base-is-ahead]" not in toban("plan", "--base", "main").out


def test_a_shallow_clone_says_what_to_fetch(
    toban: Toban, repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write(repository, api=STRICTER)
    git(repository, "commit", "-q", "-a", "-m", "y")
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "-q", "--depth", "1", f"file://{repository}", ".")
    ran = toban("plan", "--base", "HEAD~1", root=clone)
    assert ran.code == 64
    assert "git fetch" in ran.err


def test_a_folder_without_git_is_told(toban: Toban, tmp_path: Path) -> None:
    write(tmp_path, api=API)
    ran = toban("plan", "--base", "main")
    assert ran.code == 64
    assert "not a git repository" in ran.err


@pytest.mark.parametrize(
    "option",
    [
        *(["--local"], ["--api-url", "http://127.0.0.1:1"], ["--prune"], ["--probe"], ["--out", "p.json"]),
        *(["--take-over"], ["--ask-at-most", "3"], ["--replace"], ["--allow-mass-delete"], ["--accept-live-loss"]),
    ],
    ids=lambda option: option[0],
)
def test_what_is_for_datadog_is_refused(toban: Toban, repository: Path, option: list[str]) -> None:
    ran = toban("plan", "--base", "main", *option)
    assert (ran.code, ran.out) == (64, "")
    assert option[0] in ran.err


@pytest.mark.parametrize("output", ["sarif", "github", "junit"])
def test_formats_of_a_review_need_one(toban: Toban, repository: Path, output: str) -> None:
    ran = toban("plan", "--local", "--format", output)
    assert ran.code == 64
    assert "--base REV" in ran.err


def test_annotations_stand_on_the_lines_of_the_yaml_from_the_folder_of_the_call(
    toban: Toban, repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outer = tmp_path_factory.mktemp("outer")
    git(outer, "clone", "-q", f"file://{repository}", "alerts")
    write(outer / "alerts", api=STRICTER)
    ran = toban("plan", "--root", "alerts", "--base", "HEAD", "--format", "github", root=outer)
    assert ran.out.startswith("::notice file=alerts/monitors/api.yaml,line=4,")
    assert ran.out.endswith("::`main/api/latency` in production: changed: query: threshold 1 → 0.5\n")


def test_annotations_stand_where_the_field_is_that_changes(toban: Toban, repository: Path) -> None:
    long = """\
service: api
runbook: https://wiki.example.com/api
monitors:
  latency:
    kind: metric
    query: "avg(last_5m):avg:latency{<< environment.scope >>} > 1"
"""
    write(repository, api=f"{long}    priority: 3\n")
    git(repository, "commit", "-q", "-a", "-m", "y")
    write(repository, api=f"{long}    priority: 2\n")
    ran = toban("plan", "--base", "HEAD", "--format", "github")
    assert ran.out.startswith("::notice file=monitors/api.yaml,line=7,endLine=7,col=15,")


def test_the_summary_of_a_job_is_the_comment(toban: Toban, repository: Path) -> None:
    write(repository, api=STRICTER)
    summary = repository / "summary.md"
    summary.write_text("before\n")
    ran = toban("plan", "--base", "main", "--format", "markdown", GITHUB_STEP_SUMMARY=str(summary))
    assert summary.read_text() == f"before\n{ran.out}"


def test_a_summary_without_room_is_left_alone(toban: Toban, repository: Path) -> None:
    summary = repository / "summary.md"
    summary.write_bytes(b"x" * 1_048_000)
    assert toban("plan", "--base", "main", GITHUB_STEP_SUMMARY=str(summary)).code == 0
    assert summary.stat().st_size == 1_048_000


def test_a_summary_that_cannot_be_written_is_told(toban: Toban, repository: Path) -> None:
    ran = toban("plan", "--base", "main", GITHUB_STEP_SUMMARY=str(repository / "no" / "where"))
    assert ran.code == 1
    assert "cannot be" in ran.err


def test_thousands_of_differences_fit_into_a_comment_and_its_summary(toban: Toban, repository: Path) -> None:
    rows = "".join(
        f'  m{number}: {{kind: metric, query: "avg(last_5m):avg:m{number}{{<< environment.scope >>}} > 1"}}\n'
        for number in range(1_200)
    )
    write(repository, many=f"service: many\nrunbook: https://wiki.example.com/x\nmonitors:\n{rows}")
    summary = repository / "summary.md"
    run = {"GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "a/b", "GITHUB_RUN_ID": "7"}
    ran = toban("plan", "--base", "main", "--format", "markdown", GITHUB_STEP_SUMMARY=str(summary), **run)
    assert len(ran.out) <= 65_536
    assert 'All of them: <a href="https://github.example/a/b/actions/runs/7">' in ran.out
    assert len(ran.out) < summary.stat().st_size <= 1_048_576


def test_a_service_that_goes_can_be_asked_for(toban: Toban, repository: Path) -> None:
    (repository / "monitors" / "api.yaml").unlink()
    write(repository, web=STRICTER.replace("service: api", "service: web"))
    for chosen in (["--only", "service:api"], ["monitors/api.yaml"]):
        told = json.loads(toban("plan", "--base", "main", *chosen, "--format", "json").out)
        assert [(each["fate"], each["tracking_id"]) for each in told["differences"]] == [
            ("removed", "main/api/latency/production")
        ]


def test_a_service_is_asked_for_alone(toban: Toban, repository: Path) -> None:
    write(repository, api=STRICTER, web=STRICTER.replace("service: api", "service: web"))
    told = json.loads(toban("plan", "--base", "main", "--only", "service:web", "--format", "json").out)
    assert [each["tracking_id"] for each in told["differences"]] == ["main/web/latency/production"]


FOR_REVIEWS = ("sarif", "github", "junit")
TWO = ORGANIZATION.replace("}}", "}, staging: {scope: 'env:staging'}}")


def test_two_environments_are_compared(toban: Toban, tmp_path: Path) -> None:
    api = API.replace('"}', '", environments: {staging: {priority: 5}, production: {}}}')
    write(tmp_path, organization=TWO, api=api)
    ran = toban("plan", "--compare", "staging", "production", "--detailed-exitcode")
    assert (ran.code, ran.out.splitlines()[-1]) == (2, "1 differs, 0 alike.")
    assert "priority P5 → none" in ran.out
    told = json.loads(toban("plan", "--compare", "staging", "production", "--format", "json").out)
    assert (told["version"], told["environments"]) == (1, ["staging", "production"])
    assert [each["fate"] for each in told["differences"]] == ["changed"]
    comment = toban("plan", "--compare", "staging", "production", "--format", "markdown").out
    assert comment.startswith("<!-- toban compare main staging production -->\n")
    assert "<br>priority P5 → none</summary>" in comment


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["staging", "prodution"], "did you mean `production`?"),
        (["staging", "\x1b[31m"], "there is no environment"),
        (["staging", "staging"], "needs two environments"),
        (["staging", "production", "--base", "main"], "leave `--base` out"),
        (["staging", "production", "--local"], "leave `--local` out"),
        (["staging", "production", "--history", "x.csv"], "leave `--history` out"),
        *((["staging", "production", "--format", each], "text, markdown or json") for each in FOR_REVIEWS),
        (["staging"], "requires 2 arguments"),
    ],
)
def test_what_cannot_be_compared_is_told(toban: Toban, tmp_path: Path, options: list[str], told: str) -> None:
    write(tmp_path, organization=TWO, api=API)
    ran = toban("plan", "--compare", *options)
    assert (ran.code, ran.out) == (64, "")
    assert told in ran.err
    assert "\x1b" not in ran.err


def test_a_comment_on_environments_says_that_the_yaml_has_errors(toban: Toban, tmp_path: Path) -> None:
    write(tmp_path, organization=TWO, api=BROKEN)
    ran = toban("plan", "--compare", "staging", "production", "--format", "markdown")
    assert ran.code == 1
    assert "The YAML has errors" in ran.out


def test_what_changes_alike_in_environments_with_other_scopes_is_told_once(toban: Toban, repository: Path) -> None:
    write(repository, organization=TWO.replace("env:staging", "env:stg,region:eu"), api=STRICTER)
    git(repository, "commit", "-q", "-a", "-m", "two")
    write(repository, organization=TWO.replace("env:staging", "env:stg,region:eu"), api=API)
    told = toban("plan", "--base", "HEAD").out
    assert "  ~ changed monitor main/api/latency in production, alike in staging\n" in told
    assert told.endswith("\n2 changed.\n")


def test_environments_of_a_broken_project_are_not_compared_in_silence(toban: Toban, tmp_path: Path) -> None:
    write(tmp_path, organization="workspace: [", api=API)
    ran = toban("plan", "--compare", "staging", "production")
    assert ran.code == 1
    assert "organization.yaml" in ran.err

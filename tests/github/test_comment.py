"""One comment on a pull request, from an upload that nobody can trust."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.github.client import GitHubRefused, Repository
from generator.github.comment import Written, authorship, comment_on
from generator.github.upload import LONGEST_FILE, Run, Skipped, UploadRefused, about, read_upload
from tests.github.fake import BOT, NAME, TOKEN, GitHub

HEAD = "a" * 40
MARK = "<!-- toban plan main -->"
OURS = Run(HEAD, NAME, "stricter")


def uploaded(folder: Path, *, number: int = 7, review: bytes = b"{}") -> Path:
    (folder / "pull-request.json").write_text(about(number))
    (folder / "comment.json").write_bytes(review)
    return folder


def commented(github: GitHub, text: str = "### 1 changed\n", *, mark: str = MARK, run: Run = OURS) -> Written | Skipped:
    return comment_on(repository(github), 7, f"{mark}\n{text}", run)


def repository(github: GitHub, token: str = TOKEN) -> Repository:
    return Repository(github.url, NAME, token)


def test_a_second_run_updates_the_comment_of_the_first(github: GitHub) -> None:
    github.pull(7, HEAD)
    commented(github)
    commented(github, "### nothing changed\n")
    assert [each["body"].splitlines()[:2] for each in github.comments[7]] == [[MARK, "### nothing changed"]]
    assert github.writes == ["POST /issues/7/comments", "PATCH /issues/comments/1000"]


def test_the_comment_is_found_behind_a_hundred_others(github: GitHub) -> None:
    github.pull(7, HEAD)
    github.comments[7] = [{"id": number, "user": {"type": "User"}, "body": "hm"} for number in range(250)]
    for _ in range(2):
        commented(github)
    assert len(github.comments[7]) == 251


def test_another_workspace_has_a_comment_of_its_own(github: GitHub) -> None:
    github.pull(7, HEAD)
    for workspace in ("main", "other", "main"):
        commented(github, mark=f"<!-- toban plan {workspace} -->")
    assert len(github.comments[7]) == 2


def test_what_a_person_wrote_with_our_mark_is_left_alone(github: GitHub) -> None:
    github.pull(7, HEAD)
    theirs = {"id": 1, "user": {"type": "User"}, "body": f"{MARK}\nmine"}
    github.comments[7] = [theirs]
    commented(github)
    assert theirs["body"] == f"{MARK}\nmine"
    assert len(github.comments[7]) == 2


@pytest.mark.parametrize(
    ("head", "branch", "repository_of_head", "state"),
    [
        ("b" * 40, "another", NAME, "open"),
        ("b" * 40, "another", NAME, "closed"),
        ("b" * 40, "stricter", "somebody/monitors", "open"),
        (HEAD, "stricter", "somebody/monitors", "open"),
        (HEAD, "stricter", "", "open"),
    ],
    ids=["another branch", "closed", "the same branch elsewhere", "the same commit elsewhere", "nowhere"],
)
def test_a_pull_request_that_the_run_was_not_for_is_refused(
    github: GitHub, head: str, branch: str, repository_of_head: str, state: str
) -> None:
    github.pull(7, head, branch=branch, repository=repository_of_head, state=state)
    with pytest.raises(UploadRefused, match="pull request 7"):
        commented(github)
    assert github.writes == []


@pytest.mark.parametrize(
    ("head", "state", "why"), [("b" * 40, "open", "at bbbbbbbbbbbb by now"), (HEAD, "closed", "is closed")]
)
def test_a_pull_request_that_has_gone_on_or_is_closed_needs_no_comment(
    github: GitHub, head: str, state: str, why: str
) -> None:
    github.pull(7, head, state=state)
    done = commented(github)
    assert isinstance(done, Skipped)
    assert why in done.why
    assert github.writes == []


@pytest.mark.parametrize(
    ("earlier", "mark", "bodies"),
    [
        (["main"], "(unknown)", ["(unknown)"]),
        (["(unknown)"], "main", ["main"]),
        (["main", "other"], "(unknown)", ["main", "other", "(unknown)"]),
        (["main", "(unknown)"], "main", ["main", "(unknown)"]),
        (["main"], "other", ["main", "other"]),
    ],
    ids=["good, then broken", "broken, then good", "one of two", "known already", "another"],
)
def test_a_review_without_a_workspace_takes_the_place_of_the_only_one(
    github: GitHub, earlier: list[str], mark: str, bodies: list[str]
) -> None:
    github.pull(7, HEAD)
    marks = {name: f"<!-- toban plan {name} -->" for name in (*earlier, mark)}
    github.comments[7] = [{"id": number, "user": BOT, "body": marks[name]} for number, name in enumerate(earlier)]
    commented(github, mark=marks[mark])
    assert [each["body"].splitlines()[0] for each in github.comments[7]] == [marks[name] for name in bodies]


def test_the_pull_request_of_a_fork_is_commented_for_its_own_run(github: GitHub) -> None:
    github.pull(7, HEAD, repository="Somebody/monitors")
    commented(github, run=Run(HEAD, "somebody/monitors", "stricter"))
    assert len(github.comments[7]) == 1


def test_a_number_that_is_no_pull_request_is_told(github: GitHub) -> None:
    with pytest.raises(GitHubRefused, match="404: Not Found"):
        commented(github)


@pytest.mark.parametrize(
    "told",
    [
        '{"version":1,"number":"7"}',
        '{"version":1,"number":-1}',
        '{"version":2,"number":7}',
        '{"version":1,"number":7,"more":1}',
        '{"version":1,"number":7.5}',
        '{"version":1,"number":true}',
        "7",
        "",
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_a_number_that_is_none_is_refused(tmp_path: Path, told: str) -> None:
    uploaded(tmp_path)
    (tmp_path / "pull-request.json").write_text(told)
    with pytest.raises(UploadRefused, match=r"pull-request\.json"):
        read_upload(tmp_path)


def test_a_review_that_no_comment_has_room_for_is_refused(tmp_path: Path) -> None:
    uploaded(tmp_path, review=b"x" * (LONGEST_FILE + 1))
    with pytest.raises(UploadRefused, match=r"comment\.json.*longer"):
        read_upload(tmp_path)


def test_words_of_the_upload_are_in_no_refusal(tmp_path: Path) -> None:
    uploaded(tmp_path)
    (tmp_path / "pull-request.json").write_text('{"version":1,"number":7,"\\n::error::x":1}')
    with pytest.raises(UploadRefused) as refusal:
        read_upload(tmp_path)
    assert "error" not in str(refusal.value)


def test_a_link_out_of_the_upload_is_not_followed(tmp_path: Path) -> None:
    uploaded(tmp_path)
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (tmp_path / "comment.json").unlink()
    (tmp_path / "comment.json").symlink_to(secret)
    with pytest.raises(UploadRefused, match="not a file of the upload"):
        read_upload(tmp_path)


def test_the_first_paragraph_says_for_which_commit_it_is() -> None:
    assert f"own job for {HEAD[:12]}" in authorship(OURS)


def test_the_token_is_never_told(github: GitHub) -> None:
    wrong = "ghs_wrongwrongwrongwrong"
    with pytest.raises(GitHubRefused) as refusal:
        comment_on(repository(github, wrong), 7, MARK, OURS)
    assert wrong not in str(refusal.value)
    assert wrong not in repr(repository(github, wrong))
    assert refusal.value.__context__ is None


@pytest.mark.parametrize(
    ("url", "name", "token"),
    [
        ("http://api.github.example", NAME, TOKEN),
        ("https://api.github.com", "example", TOKEN),
        ("https://api.github.com", "example/monitors/../../user", TOKEN),
        ("https://api.github.com", NAME, "ghs\nX-Evil: 1"),
    ],
    ids=["unencrypted", "no owner", "a path", "a line break"],
)
def test_what_would_send_the_token_astray_is_refused(url: str, name: str, token: str) -> None:
    with pytest.raises(GitHubRefused):
        Repository(url, name, token)


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(GitHubRefused, match="got no answer"):
        comment_on(Repository("http://127.0.0.1:9", NAME, TOKEN), 7, MARK, OURS)


def test_a_run_without_a_commit_is_refused(github: GitHub) -> None:
    github.pull(7, "")
    with pytest.raises(UploadRefused, match="no commit"):
        commented(github, run=Run("", NAME, "stricter"))


def test_what_a_job_writes_is_what_the_comment_reads(tmp_path: Path) -> None:
    assert json.loads(about(7)) == {"version": 1, "number": 7}
    assert read_upload(uploaded(tmp_path, number=7)).number == 7

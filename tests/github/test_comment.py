"""One comment on a pull request, from an upload that nobody can trust."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.github.client import GitHubRefused, Repository
from generator.github.comment import LONGEST, Run, UploadRefused, about, comment_on, read_upload
from tests.github.fake import NAME, TOKEN, GitHub

HEAD = "a" * 40
MARK = "<!-- toban plan main -->"
OURS = Run(HEAD, NAME)


def uploaded(folder: Path, *, number: int = 7, text: str = "### 1 changed\n", mark: str = MARK) -> Path:
    (folder / "pull-request.json").write_text(about(number))
    (folder / "comment.md").write_text(f"{mark}\n{text}")
    return folder


def repository(github: GitHub, token: str = TOKEN) -> Repository:
    return Repository(github.url, NAME, token)


def test_a_second_run_updates_the_comment_of_the_first(github: GitHub, tmp_path: Path) -> None:
    github.pull(7, HEAD)
    comment_on(repository(github), read_upload(uploaded(tmp_path)), OURS)
    comment_on(repository(github), read_upload(uploaded(tmp_path, text="### nothing changed\n")), OURS)
    assert [each["body"].splitlines()[:2] for each in github.comments[7]] == [[MARK, "### nothing changed"]]
    assert github.writes == ["POST /issues/7/comments", "PATCH /issues/comments/1000"]


def test_the_comment_is_found_behind_a_hundred_others(github: GitHub, tmp_path: Path) -> None:
    github.pull(7, HEAD)
    github.comments[7] = [{"id": number, "user": {"type": "User"}, "body": "hm"} for number in range(250)]
    for _ in range(2):
        comment_on(repository(github), read_upload(uploaded(tmp_path)), OURS)
    assert len(github.comments[7]) == 251


def test_another_workspace_has_a_comment_of_its_own(github: GitHub, tmp_path: Path) -> None:
    github.pull(7, HEAD)
    for workspace in ("main", "other", "main"):
        mark = f"<!-- toban plan {workspace} -->"
        comment_on(repository(github), read_upload(uploaded(tmp_path, mark=mark)), OURS)
    assert len(github.comments[7]) == 2


def test_what_a_person_wrote_with_our_mark_is_left_alone(github: GitHub, tmp_path: Path) -> None:
    github.pull(7, HEAD)
    theirs = {"id": 1, "user": {"type": "User"}, "body": f"{MARK}\nmine"}
    github.comments[7] = [theirs]
    comment_on(repository(github), read_upload(uploaded(tmp_path)), OURS)
    assert theirs["body"] == f"{MARK}\nmine"
    assert len(github.comments[7]) == 2


@pytest.mark.parametrize(
    ("head", "repository_of_head", "state"),
    [
        ("b" * 40, NAME, "open"),
        (HEAD, "somebody/monitors", "open"),
        (HEAD, NAME, "closed"),
    ],
    ids=["another commit", "another repository", "closed"],
)
def test_a_pull_request_that_the_run_was_not_for_gets_no_comment(
    github: GitHub, tmp_path: Path, head: str, repository_of_head: str, state: str
) -> None:
    github.pull(7, head, repository=repository_of_head, state=state)
    with pytest.raises(UploadRefused, match="pull request 7"):
        comment_on(repository(github), read_upload(uploaded(tmp_path)), OURS)
    assert github.writes == []


def test_the_pull_request_of_a_fork_is_commented_for_its_own_run(github: GitHub, tmp_path: Path) -> None:
    github.pull(7, HEAD, repository="Somebody/monitors")
    comment_on(repository(github), read_upload(uploaded(tmp_path)), Run(HEAD, "somebody/monitors"))
    assert len(github.comments[7]) == 1


def test_a_number_that_is_no_pull_request_is_told(github: GitHub, tmp_path: Path) -> None:
    with pytest.raises(GitHubRefused, match="404: Not Found"):
        comment_on(repository(github), read_upload(uploaded(tmp_path)), OURS)


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


@pytest.mark.parametrize(
    "content",
    [b"### no mark\n", b"<!-- toban plan main --> more\n", b"\xff\xfe", b"", b"x" * 300_000],
    ids=["no mark", "more than the mark", "not UTF-8", "empty", "too long"],
)
def test_a_text_that_is_no_comment_is_refused(tmp_path: Path, content: bytes) -> None:
    uploaded(tmp_path)
    (tmp_path / "comment.md").write_bytes(content)
    with pytest.raises(UploadRefused, match=r"comment\.md"):
        read_upload(tmp_path)


def test_a_link_out_of_the_upload_is_not_followed(tmp_path: Path) -> None:
    uploaded(tmp_path)
    secret = tmp_path / "secret"
    secret.write_text(f"{MARK}\nsecret")
    (tmp_path / "comment.md").unlink()
    (tmp_path / "comment.md").symlink_to(secret)
    with pytest.raises(UploadRefused, match="not a file of the upload"):
        read_upload(tmp_path)


def test_nobody_is_mentioned_and_the_last_line_is_ours(github: GitHub, tmp_path: Path) -> None:
    github.pull(7, HEAD)
    comment_on(repository(github), read_upload(uploaded(tmp_path, text="cc @example/everybody @a")), OURS)
    body = github.comments[7][0]["body"]
    assert "@e" not in body
    assert "@a" not in body
    assert body.rstrip().splitlines()[-1] == f"<sub>Written by the pull request's own job for {HEAD[:12]}.</sub>"


@pytest.mark.parametrize("letter", ["x", "🌊", "@a"], ids=["narrow", "wide", "mentions"])
def test_no_comment_is_longer_than_github_takes(github: GitHub, tmp_path: Path, letter: str) -> None:
    github.pull(7, HEAD)
    comment_on(repository(github), read_upload(uploaded(tmp_path, text=letter * 60_000)), OURS)
    body = github.comments[7][0]["body"]
    assert len(body.encode("utf-16-le")) // 2 <= LONGEST
    assert body.rstrip().endswith("</sub>")


def test_the_token_is_never_told(github: GitHub, tmp_path: Path) -> None:
    wrong = "ghs_wrongwrongwrongwrong"
    with pytest.raises(GitHubRefused) as refusal:
        comment_on(repository(github, wrong), read_upload(uploaded(tmp_path)), OURS)
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


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(GitHubRefused, match="got no answer"):
        comment_on(Repository("http://127.0.0.1:9", NAME, TOKEN), read_upload(uploaded(tmp_path)), OURS)


def test_a_run_without_a_commit_is_refused(github: GitHub, tmp_path: Path) -> None:
    github.pull(7, "")
    with pytest.raises(UploadRefused, match="no commit"):
        comment_on(repository(github), read_upload(uploaded(tmp_path)), Run("", NAME))


def test_what_a_job_writes_is_what_the_comment_reads(tmp_path: Path) -> None:
    assert json.loads(about(7)) == {"version": 1, "number": 7}
    assert read_upload(uploaded(tmp_path, number=7)).number == 7

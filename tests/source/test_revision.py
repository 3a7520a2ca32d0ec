"""A git revision is read as if it had been checked out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from generator.finding import Finding
from generator.source.encoding import SIZE_LIMIT
from generator.source.reader import read_folder
from generator.source.revision import UnreadableRevision, read_revision

IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *IDENTITY, *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S607


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    return tmp_path


def write(root: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def commit(root: Path) -> None:
    git(root, "add", "-A", ".")
    git(root, "commit", "-q", "--allow-empty", "-m", "x")


ODD = {
    "monitors/a.yaml": b"service: a\n",
    "monitors/deep/er/b.yml": b"\xff\r\n",
    "monitors/empty.yaml": b"",
    "monitors/same.yaml": b"service: a\n",
    "monitors/ a\nline\t'\".yaml": b"x: 1\n",
    "monitors/[a]*.yaml": b"x: 1\n",
    "monitors/\u3042.yaml": b"x: 1\n",
    "monitors/.hidden/c.yaml": b"x: 1\n",
    "monitors/.d.yaml": b"x: 1\n",
    "monitors/e.YAML": b"x: 1\n",
    "monitors/readme.md": b"x\n",
    "monitors/large.yaml": b"#" * (SIZE_LIMIT + 5),
    "dashboards/f.yaml": b"x: 1\n",
    "elsewhere/g.yaml": b"x: 1\n",
}


def link(root: Path, path: str, to: str) -> None:
    (root / path).symlink_to(to)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return sorted((each.span.path, each.message) for each in findings)


@pytest.mark.parametrize("below", [".", "sub/folder"])
def test_revision_is_read_as_a_checkout_is(repository: Path, below: str) -> None:
    root = repository / below
    write(root, ODD)
    link(root, "monitors/link.yaml", "deep/er/b.yml")
    link(root, "monitors/chain.yaml", "link.yaml")
    link(root, "monitors/out.yaml", "../../../../../../etc/passwd")
    link(root, "monitors/elsewhere.yaml", "../elsewhere/g.yaml")
    link(root, "monitors/folder", "deep")
    commit(repository)
    checkout, revision = read_folder(root), read_revision(root, "HEAD")
    large = "monitors/large.yaml"
    assert len(revision.pop(large)) == len(checkout.pop(large)) == SIZE_LIMIT + 1
    assert revision == checkout
    assert told(revision.findings) == told(checkout.findings)


LINKS = {
    "a target that is there": "b.yaml",
    "by way of a hidden folder": ".hidden/x.yaml",
    "by way of a linked folder": "linked/../b.yaml",
    "a target of a linked folder": "linked/b.yml",
    "a whole path": "ROOT/monitors/b.yaml",
    "nothing": "missing.yaml",
    "nothing below a file": "b.yaml/x.yaml",
    "nothing of a linked folder": "linked/missing.yaml",
    "a hidden folder": ".hidden",
    "a folder": "deep",
    "a folder outside": "../elsewhere",
    "a folder of the machine": "/usr",
    "a file outside": "../elsewhere/g.yaml",
    "a file of the machine": "/etc/passwd",
    "nothing outside": "../elsewhere/missing.yaml",
    "out of the repository": "../../../../../../../../etc/passwd",
    "the folders themselves": "..",
    "the project": "../monitors",
    "itself": "SELF",
    "a loop": "loop.yaml",
    "a long way": "/".join(["deep/.."] * 400) + "/b.yaml",
}


@pytest.mark.parametrize("name", ["link.yaml", "link", "link.md"])
@pytest.mark.parametrize("above", ["", "sub/"])
def test_committed_links_are_judged_alike_in_a_checkout_and_in_a_revision(
    repository: Path, above: str, name: str
) -> None:
    files = (
        "monitors/deep/er/b.yml",
        "monitors/b.yaml",
        "monitors/.hidden/x.yaml",
        "elsewhere/g.yaml",
        "monitors/sub/x",
    )
    write(repository, {each: each.encode() for each in files})
    link(repository, "monitors/linked", "deep/er")
    link(repository, "monitors/loop.yaml", "pool.yaml")
    link(repository, "monitors/pool.yaml", "loop.yaml")
    for index, to in enumerate(LINKS.values()):
        target = to.replace("ROOT", str(repository)).replace("SELF", f"{index}{name}")
        up = "../" if above and not target.startswith("/") and to != "SELF" else ""
        link(repository, f"monitors/{above}{index}{name}", up + target)
    commit(repository)
    checkout, revision = read_folder(repository), read_revision(repository, "HEAD")
    assert dict(revision) == dict(checkout)
    assert told(revision.findings) == told(checkout.findings)
    assert b"root:" not in b"".join(revision.values())
    assert ("is not there" in str(told(revision.findings))) is name.endswith(".yaml")


def test_a_chain_of_links_ends_alike(repository: Path) -> None:
    write(repository, {"monitors/0.yaml": b"x: 1\n"})
    for each in range(1, 50):
        link(repository, f"monitors/{each}.yaml", f"{each - 1}.yaml")
    commit(repository)
    checkout, revision = read_folder(repository), read_revision(repository, "HEAD")
    assert len(revision) == len(checkout) == 41
    assert told(revision.findings) == told(checkout.findings)
    assert {message for _, message in told(revision.findings)} == {
        "this cannot be read: it is a link to a link, and so on without an end"
    }


def test_earlier_revision_does_not_depend_on_what_is_checked_out(repository: Path) -> None:
    write(repository, {"monitors/a.yaml": b"1\n", "monitors/gone.yaml": b"2\n"})
    commit(repository)
    (repository / "monitors" / "gone.yaml").unlink()
    write(repository, {"monitors/a.yaml": b"3\n", "monitors/new.yaml": b"4\n"})
    commit(repository)
    assert read_revision(repository, "HEAD~1") == {"monitors/a.yaml": b"1\n", "monitors/gone.yaml": b"2\n"}


def test_filters_of_git_do_not_run(repository: Path) -> None:
    write(repository, {"monitors/a.yaml": b"x: 1\n", ".gitattributes": b"*.yaml filter=f diff=f text eol=crlf\n"})
    commit(repository)
    git(repository, "config", "filter.f.smudge", f"touch {repository}/ran")
    git(repository, "config", "diff.f.textconv", f"touch {repository}/ran")
    assert read_revision(repository, "HEAD") == {"monitors/a.yaml": b"x: 1\n"}
    assert not (repository / "ran").exists()


def test_name_that_is_not_utf_8_is_told(repository: Path) -> None:
    write(repository, {})
    (repository / "monitors").mkdir()
    Path(os.fsdecode(os.fsencode(repository) + b"/monitors/\xff.yaml")).write_bytes(b"x: 1\n")
    commit(repository)
    assert told(read_revision(repository, "HEAD").findings) == told(read_folder(repository).findings) != []


def test_revision_without_project_files_is_empty(repository: Path) -> None:
    commit(repository)
    assert read_revision(repository, "main") == {}


@pytest.mark.parametrize(
    "name",
    [
        *("no-such", "", "--output=x", "-h", "HEAD:monitors", "a b", "a\nb", "$(touch x)", "HEAD@{", "^HEAD", "HEAD~9"),
        *("--upload-pack=touch x", "HEAD...HEAD", "HEAD..", "@{-1}", "../..", ":/x)", "0" * 40, "a" * 5_000),
    ],
)
def test_name_of_no_commit_is_refused(repository: Path, name: str) -> None:
    write(repository, {"monitors/a.yaml": b"1\n"})
    commit(repository)
    with pytest.raises(UnreadableRevision):
        read_revision(repository, name)
    assert sorted(path.name for path in repository.iterdir()) == [".git", "monitors"]


def test_folder_outside_of_git_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UnreadableRevision, match="not a git repository"):
        read_revision(tmp_path, "HEAD")


def test_missing_git_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnreadableRevision, match="git is not installed"):
        read_revision(tmp_path, "HEAD")

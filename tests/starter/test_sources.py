"""Where a new repository's toban may come from."""

from __future__ import annotations

import pytest

from generator.starter.sources import Source, Unpinned, of_commit, of_file, written_source
from generator.starter.starting import NO_SOURCE, Beginning, starting_files

COMMIT, DIGEST = "0123456789abcdef0123456789abcdef01234567", "ab" * 32
RELEASE = "https://github.com/example/toban/releases/download/v0.1.0/toban-0.1.0-py3-none-any.whl"


@pytest.mark.parametrize(
    ("written", "requirement"),
    [
        (f"git+https://github.com/example/toban@{COMMIT}", f"toban @ git+https://github.com/example/toban@{COMMIT}"),
        (f"git+ssh://git@github.com/example/toban.git@{COMMIT}", f"toban @ git+https://github.com/example/toban.git@{COMMIT}"),
        (f"git+https://example.com:8443/a/b@{'c' * 64}", f"toban @ git+https://example.com:8443/a/b@{'c' * 64}"),
        (f"{RELEASE}#sha256={DIGEST}", f"toban @ {RELEASE} --hash=sha256:{DIGEST}"),
    ],
)  # fmt: skip
def test_what_is_pinned_by_content_becomes_a_line_for_pip(written: str, requirement: str) -> None:
    found = written_source(written)
    assert isinstance(found, Source), found
    assert found.requirement == requirement


@pytest.mark.parametrize(
    "written",
    [
        "",
        "toban",
        "toban==0.1.0",
        "toban[aws]==0.1.0",
        "git+https://github.com/example/toban",
        "git+https://github.com/example/toban@main",
        "git+https://github.com/example/toban@v0.1.0",
        f"git+https://github.com/example/toban@{COMMIT[:12]}",
        f"git+https://github.com/example/toban@{COMMIT.upper()}",
        f"git+http://github.com/example/toban@{COMMIT}",
        f"git+file:///home/example/toban@{COMMIT}",
        f"git+https://token@github.com/example/toban@{COMMIT}",
        f"git+https://github.com/${{TOKEN}}/toban@{COMMIT}",
        f"git+https://github.com/example/toban#@{COMMIT}",
        f"git+https://github.com/example/toban@{COMMIT}\ntoban",
        f"git+https://github.com/example/toban --index-url https://evil.example@{COMMIT}",
        RELEASE,
        f"{RELEASE}#sha256=",
        f"{RELEASE}#md5={DIGEST}",
        f"{RELEASE}#sha256={DIGEST[:-1]}",
        f"{RELEASE}#sha256={DIGEST}\n-r other.txt",
        f"{RELEASE.replace('https', 'http')}#sha256={DIGEST}",
        f"{RELEASE.replace('toban-', 'other-')}#sha256={DIGEST}",
        f"https://me:secret@example.com/toban-0.1.0-py3-none-any.whl#sha256={DIGEST}",
    ],
)
def test_what_could_become_another_content_is_refused_and_shows_no_password(written: str) -> None:
    found = written_source(written)
    assert isinstance(found, Unpinned)
    assert "token" not in found.message
    assert "secret" not in found.message
    assert "\n" not in found.message


@pytest.mark.parametrize("name", ["toban.whl", "../toban-0.1.0-py3-none-any.whl ", "toban-0.1.0-py3-none-any.whl\n"])
def test_a_file_of_another_name_is_no_wheel(name: str) -> None:
    assert isinstance(of_file(name, DIGEST), Unpinned)


def sources() -> list[Source | None]:
    found = [of_commit("https://github.com/example/toban", COMMIT), written_source(f"{RELEASE}#sha256={DIGEST}")]
    found.append(of_file("toban-0.1.0-py3-none-any.whl", DIGEST))
    return [*(each for each in found if isinstance(each, Source)), None]


@pytest.mark.parametrize("source", sources(), ids=["commit", "wheel", "file", "unknown"])
def test_no_index_is_asked_for_toban(source: Source | None) -> None:
    """The only line for pip beside the option names a place, and pip looks nothing up in an index at all."""
    started = starting_files(Beginning("main", "UTC", source))
    lines = [line for line in started["requirements.txt"].splitlines() if not line.startswith("#")]
    assert lines == ["--no-index", source.requirement if source else NO_SOURCE]
    assert lines[1].startswith(("toban @ git+https://", "toban @ https://", "./"))
    locked = started["requirements.lock"].splitlines()
    assert [line for line in locked if line.startswith("toban")] == []
    texts = [line.strip() for text in started.values() for line in text.splitlines()]
    installs = [line for line in texts if line.startswith(("pip install", '"${pip[@]}"'))]
    assert len(installs) == 4
    assert [line for line in installs if not line.endswith(("-r requirements.lock", "-r requirements.txt"))] == []
    assert [path for path, text in started.items() if "pypi.org" in text] == []

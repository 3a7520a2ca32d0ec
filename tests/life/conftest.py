"""A repository at the beginning of its life."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.datadog.client import Datadog
from generator.datadog.target import Target
from generator.localdog.server import embedded
from tests.github.fake import served
from tests.life.acting import git, toban
from tests.life.repository import ORGANIZATION, Life


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    for name in [each for each in os.environ if each.startswith(("DD_", "GIT", "CI"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CI", "true")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "somebody@example.com")
    for scope in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{scope}", os.devnull)
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch", "main", "remote")
    git(tmp_path, "clone", "--quiet", tmp_path / "remote", "laptop")
    with (
        embedded(tmp_path / "datadog.db") as url,
        served() as github,
        Datadog(Target(url, "key", "key"), clock=time.monotonic, sleep=time.sleep, random=lambda: 0.5) as datadog,
    ):
        found = Life(tmp_path, url, datadog, github)
        git(found.laptop, "switch", "--quiet", "--create", "main")
        (found.laptop / "monitors").mkdir()
        (found.laptop / "monitors" / "organization.yaml").write_text(ORGANIZATION)
        found.write(latency=0.8, errors=10, queue=100)
        assert toban(found.laptop, "codeowners").code == 0
        git(found.laptop, "add", "monitors", ".github")
        found.commit("Alerts of the api")
        git(found.laptop, "push", "--quiet", "--set-upstream", "origin", "main")
        yield found

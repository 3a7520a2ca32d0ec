"""A key in use that somebody has put into a live resource: it is told, kept nowhere, and never put back as stars."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.datadog.client import Datadog
from generator.datadog.target import Target
from generator.localdog.gate import Keys
from generator.localdog.server import Begin, embedded
from generator.resources.types import resource_types
from tests.cli.running import Ran, run_in

API, APPLICATION = "planted0api0key0planted0api0key0", "planted0application0key0planted0application0"
NAME = "w/api/a/production"
WAYS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in base64": lambda key: base64.b64encode(f"k:{key}".encode()).decode(),
}


@pytest.fixture
def url() -> Iterator[str]:
    with embedded(None, begin=Begin(keys=Keys(API, APPLICATION))) as address:
        yield address


@pytest.fixture
def toban(tmp_path: Path, url: str) -> Callable[..., Ran]:
    (tmp_path / "monitors").mkdir()
    organization = "workspace: w\nenvironments: {production: {scope: 'env:production'}}\nnotify: '@slack-a'\n"
    (tmp_path / "monitors" / "organization.yaml").write_text(organization)

    def run(*arguments: str) -> Ran:
        ran = run_in(tmp_path, *arguments, "--api-url", url, DD_API_KEY=API, DD_APP_KEY=APPLICATION)
        left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        for write in WAYS.values():
            assert write(API)[8:-4] not in ran.out + ran.err
            assert write(API)[8:-4].encode() not in left
        return ran

    return run


def desire(folder: Path, **messages: str) -> None:
    monitors = {
        name: {"kind": "metric", "query": f"avg(last_5m):avg:{name}{{x:y}} > 1", "message": message}
        for name, message in messages.items()
    }
    (folder / "monitors" / "api.yaml").write_text(json.dumps({"service": "api", "monitors": monitors}))


def edit(url: str, **fields: Any) -> dict[str, Any]:
    """Change `a` as somebody in the browser does."""
    kind = resource_types()["monitor"]
    with Datadog(Target(url, API, APPLICATION), clock=time.monotonic, sleep=time.sleep, random=lambda: 0.5) as datadog:
        (live,) = (each for each in datadog.live(kind) if kind.tracking_id(each) == NAME)
        return dict(datadog.update(kind, str(live["id"]), fields))


def kept(folder: Path) -> dict[str, Any]:
    """What the last run has archived of `a`."""
    *_, path = sorted((folder / ".toban" / "archive").glob("*/*.json"))
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("flags", [[], ["--prune"]], ids=["overwritten", "deleted"])
def test_what_held_a_key_is_told_and_is_not_put_back(
    way: str, flags: list[str], toban: Callable[..., Ran], url: str, tmp_path: Path
) -> None:
    desire(tmp_path, a="first", b="first")
    assert toban("sync", "--yes").code == 0
    edit(url, message=f"webhook https://h/?k={WAYS[way](API)} by hand @slack-a")
    if flags:
        desire(tmp_path, b="first")
    shown = toban("plan", f"--revert-drift={NAME}", "--out", "plan.json", *flags)
    assert (shown.code, "holds a key in use in `message`" in unwrapped(shown.out)) == (0, True), shown.err
    ran = toban("sync", "plan.json", f"--revert-drift={NAME}", *flags)
    assert (ran.code, "it held a key in use in `message`" in ran.err) == (0, True), ran.err
    assert "make a new key" in ran.err
    assert kept(tmp_path)["blotted"] == ["message"]
    for arguments in (["--restore", "last"], ["--restore", "last", "--yes"]):
        back = toban("sync", *arguments)
        assert (back.code, "it held a key in use in `message`" in unwrapped(back.err)) == (1, True), back.err
        assert "nothing to put back" in back.out
    assert toban("plan", *flags, "--detailed-exitcode").code == 0


def test_stars_in_the_yaml_do_not_equal_a_key(toban: Callable[..., Ran], url: str, tmp_path: Path) -> None:
    desire(tmp_path, a="first")
    assert toban("sync", "--yes").code == 0
    edit(url, message=f"k={API} @slack-a")
    desire(tmp_path, a="k=***")
    ran = toban("plan", f"--revert-drift={NAME}", "--detailed-exitcode")
    assert (ran.code, f"update monitor {NAME}" in ran.out) == (2, True), ran.out


def test_what_stands_for_a_key_cannot_be_desired(toban: Callable[..., Ran], url: str, tmp_path: Path) -> None:
    desire(tmp_path, a="first")
    assert toban("sync", "--yes").code == 0
    seen = edit(url, message=f"k={API}")["message"]
    assert seen.startswith("k=***")
    desire(tmp_path, a=seen)
    ran = toban("sync", "--yes", f"--revert-drift={NAME}")
    assert (ran.code, "which stands for a key in what is live" in unwrapped(ran.err)) == (1, True), ran.err


def test_an_edit_with_a_key_is_not_written_into_the_yaml(toban: Callable[..., Ran], url: str, tmp_path: Path) -> None:
    desire(tmp_path, a="first")
    assert toban("sync", "--yes").code == 0
    edit(url, message=f"k={API} @slack-a")
    before = (tmp_path / "monitors" / "api.yaml").read_bytes()
    ran = toban("drift", "--write-yaml")
    assert "***" in ran.out + ran.err
    assert (tmp_path / "monitors" / "api.yaml").read_bytes() == before


def unwrapped(text: str) -> str:
    return re.sub(r"\s+", " ", text)

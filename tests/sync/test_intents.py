"""What is about to be written is on disk before Datadog hears of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.render.model import Resource
from generator.sync.journal import left_open

Make = Callable[..., Resource]
LOGS = {"type": "log alert", "query": 'logs("x").index("*").rollup("count").last("5m") > 90'}


class Witness:
    """Notes, when a write arrives, what the journal and the archive hold at that moment."""

    def __init__(self) -> None:
        self.state: Path | None = None
        self.seen: list[tuple[str, list[tuple[str, str]], int]] = []

    def __call__(self, request: Any) -> None:
        if self.state is not None and request.method != "GET" and not request.path.endswith("validate"):
            intents = [(each.action, each.tracking_id) for each in left_open(self.state)]
            kept = len(list((self.state / "archive").glob("*/*.json")))
            self.seen.append((request.method, intents, kept))


CHANGES = [
    (["a"], {"a": {}, "b": {}}, [("POST", "create", "b", 0)]),
    (["a"], {"a": {"threshold": 80}}, [("PUT", "update", "a", 1)]),
    (["a", "b"], {"a": {}}, [("DELETE", "delete", "b", 1)]),
    (["a"], {"a": LOGS}, [("POST", "replace", "a", 0), ("DELETE", "replace", "a", 1)]),
]


@pytest.fixture
def witnessed(faulty: Callable[..., Any], project_at: Callable[[str], Any]) -> tuple[Any, Witness]:
    """A project, and what sees its requests arrive."""
    witness = Witness()
    return project_at(faulty(witness).url), witness


@pytest.mark.parametrize(("before", "after", "expected"), CHANGES, ids=["create", "update", "delete", "replace"])
def test_an_intent_is_on_disk_when_its_write_arrives(
    before: list[str],
    after: dict[str, dict[str, Any]],
    expected: list[tuple[str, str, str, int]],
    witnessed: tuple[Any, Witness],
    monitor: Make,
) -> None:
    project, witness = witnessed
    project.sync(*map(monitor, before))
    witness.state = project.state
    assert project.sync(*(monitor(name, **fields) for name, fields in after.items())).are_as_planned
    assert witness.seen == [
        (method, [(action, f"main/api/{name}/production")], kept) for method, action, name, kept in expected
    ]
    assert left_open(project.state) == ()

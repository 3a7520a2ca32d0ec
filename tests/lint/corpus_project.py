"""Recorded and published monitors as a repository of raw monitors: an old one that toban comes to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.corpus import corpus_lines

FIELDS = ("type", "query", "name", "message", "options", "tags", "priority")
ORGANIZATION = "workspace: old\nenvironments:\n  production: {scope: 'env:production'}\n"
Monitor = dict[str, Any]


def accepted_monitors() -> Iterator[Monitor]:
    """What Datadog's server took in a recording, each once."""
    exported = (line["json"] for line in corpus_lines("monitors.jsonl") if line["accepted"])
    sent = (
        line["request"]
        for line in corpus_lines("roundtrips.jsonl")
        if line["status"] == 200 and isinstance(line["request"], dict)
    )
    yield from _each_once((*exported, *sent))


def vendor_monitors() -> Iterator[Monitor]:
    """What Datadog ships with its integrations."""
    yield from _each_once(line["json"] for line in corpus_lines("monitors.jsonl") if line["form"] == "asset")


def every_monitor() -> Iterator[Monitor]:
    published = (line["json"] for line in corpus_lines("monitors.jsonl"))
    yield from _each_once((*published, *accepted_monitors()))


def _each_once(payloads: Any) -> Iterator[Monitor]:
    """The fields that people write; monitors that differ by name and tags only are one."""
    seen = set()
    for payload in payloads:
        fields = {name: payload[name] for name in FIELDS if payload.get(name) is not None}
        same = str([fields.get(name) for name in ("type", "query", "message", "options")])
        if isinstance(fields.get("type"), str) and isinstance(fields.get("query"), str) and same not in seen:
            seen.add(same)
            yield fields


def write_project(root: Path, *, monitors: int = 600, a_file: int = 30) -> list[Path]:
    """So many monitors as service files below `root`."""
    folder = root / "monitors"
    folder.mkdir(parents=True)
    (folder / "organization.yaml").write_text(ORGANIZATION)
    found = [each for each, _ in zip(every_monitor(), range(monitors), strict=False)]
    paths = []
    for start in range(0, len(found), a_file):
        part = found[start : start + a_file]
        named = {f"m{start + index}": {"kind": "raw", **each} for index, each in enumerate(part)}
        paths.append(folder / f"s{start // a_file:02}.yaml")
        content = {"service": paths[-1].stem, "monitors": named}
        paths[-1].write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=10_000))
    return paths

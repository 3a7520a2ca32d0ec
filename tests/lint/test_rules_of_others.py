"""docs/rules-of-others.md names rules of ours that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.lint.rule import rules

PAGE = (Path(__file__).parent.parent.parent / "docs" / "rules-of-others.md").read_text(encoding="utf-8")
PEERS = Path(__file__).parent.parent.parent.parent / "shared" / "research" / "peers.md"
ROWS = [line.split("|")[1:-1] for line in PAGE.splitlines() if re.match(r"\|(?!-)", line)]
WORDS = {"", "toban", "render", "`toban lint`"}


def counterparts() -> list[str]:
    return [word for row in ROWS for word in re.split(r",\s*", row[1].strip()) if word not in WORDS]


def test_each_counterpart_is_a_rule() -> None:
    known = {f"`{rule.name}`" for rule in rules()}
    assert [word for word in counterparts() if word not in known] == []


def test_rules_that_neither_has_exist() -> None:
    known = {rule.name for rule in rules()}
    named = re.findall(r"`([a-z-]+-[a-z-]+)`", PAGE.partition("Monitors as a whole")[2].partition("\n\n")[0])
    assert len(named) > 1
    assert set(named) <= known


def test_what_has_no_counterpart_says_why() -> None:
    assert [row for row in ROWS if not row[1].strip() and not row[2].strip()] == []


def test_page_compares_all_rules_of_both() -> None:
    if not PEERS.exists():
        pytest.skip("the list of kennel's and Terraform's rules lies beside the repository, and is not here")
    text = PEERS.read_text(encoding="utf-8")
    offline = text.partition("complete list**")[2].partition("- Not checked offline")[0]
    names = set(re.findall(r"[`·] ?:?`?:([a-z_]{8,})`", offline)) | set(re.findall(r"kennel:validate_\w+", text))
    assert len(names) > 15
    assert {name for name in names if name not in PAGE} == {"unignorable"}

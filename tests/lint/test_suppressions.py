"""Comments that suppress: the files of `suppressions/`, each with what is told and what is suppressed beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from generator.lint.suppressing import Settled
from generator.source.comments import toban_comments
from tests.lint.project import findings_in, project, settled_in

CASES = Path(__file__).parent / "suppressions"
BAD_QUERY = """\
service: shop
environments: [production]
monitors:
  a:{name}
    kind: raw
    type: query alert
    query: avg({query}
    message: "@slack-a https://wiki.example.com/a"
"""
SET = """\
monitors:
  a:
    kind: raw
    type: query alert
    query: avg({comment}
    message: "@slack-a https://wiki.example.com/a"
"""
USING = "service: {name}\nenvironments: [production]\nuse:\n  - set: web{comment}\n"


def told(result: Settled) -> str:
    lines = [f"{each.span.line}:{each.span.column}: {each.message} [{each.rule}]" for each in result.findings]
    lines += [
        f"suppressed: {each.finding.span.line} [{each.finding.rule}] {' '.join(each.finding.tracking_ids)}:"
        f" {each.by.reason}"
        for each in result.suppressed
    ]
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_comment_suppresses_what_its_case_says(case: Path) -> None:
    assert told(settled_in(project({"shop": case.read_text()}))) == case.with_suffix(".out").read_text()


def test_nothing_is_lost_between_what_counts_and_what_is_suppressed() -> None:
    files = project({case.stem: case.read_text().replace("shop", case.stem) for case in CASES.glob("*.yaml")})
    result = settled_in(files)
    about = [each for each in result.findings if not each.rule.startswith("suppression-")]
    everything = {
        (each.rule, each.span, each.message, name)
        for each in findings_in(files)
        for name in (each.tracking_ids or ("",))
    }
    kept = (*about, *(each.finding for each in result.suppressed))
    assert {
        (each.rule, each.span, each.message, name) for each in kept for name in (each.tracking_ids or ("",))
    } == everything


@pytest.mark.parametrize(
    ("today", "rules"), [(date(2027, 1, 31), []), (date(2027, 2, 1), ["suppression-expired", "query-syntax"])]
)
def test_suppression_ends_after_its_day(today: date, rules: list[str]) -> None:
    text = BAD_QUERY.format(name="  # toban: ignore[query-syntax] until 2027-01-31: new in Datadog", query="")
    result = settled_in(project({"shop": text}), today)
    assert [each.rule for each in result.findings] == rules
    assert len(result.suppressed) == (not rules)


@pytest.mark.parametrize(
    "line",
    [
        "# toban: " + "ignore[" * 2000,
        "# toban: ignore[a]" + " " * 200_000 + "x",
        "# toban: ignore[a] until" + " " * 200_000,
        "#" + " " * 200_000 + "toban:",
        "# " * 100_000 + "toban: ignore[a]: b",
    ],
    ids=["brackets", "blanks", "until", "wide", "many"],
)
def test_hostile_comment_is_told_at_once(line: str) -> None:
    result = settled_in(project({"shop": f"{line}\n" * 5 + BAD_QUERY.format(name="", query="")}))
    assert "query-syntax" in {each.rule for each in result.findings}
    assert not result.suppressed


def test_hash_inside_a_text_is_no_comment() -> None:
    text = (
        'a: |\n  # toban: ignore[x]: no\nb: "# toban: ignore[x]: no"\nc: >-  # toban: ignore[x]: yes\n  # toban: no\n'
    )
    assert [each.span.line for each in toban_comments("a.yaml", text.encode())] == [4]


@pytest.mark.parametrize(
    "content",
    [b"", b"toban:", b"# toban:", b"\xff# toban:", b"a: [ # toban: x", b"\x00toban:", b"# toban:\r# toban:\n"],
)
def test_any_bytes_are_read(content: bytes) -> None:
    assert all(each.span.line >= 1 for each in toban_comments("a.yaml", content))


def test_suppression_in_a_set_speaks_of_the_line_for_all_who_use_it() -> None:
    files = project({name: USING.format(name=name, comment="") for name in ("one", "two")})
    files["monitors/sets/web.yaml"] = SET.format(comment="  # toban: ignore[query-syntax]: new").encode()
    result = settled_in(files)
    assert not any(each.rule == "query-syntax" for each in result.findings)
    (only,) = result.suppressed
    assert {name.split("/")[1] for name in only.finding.tracking_ids} == {"one", "two"}


def test_suppression_on_one_use_of_a_set_leaves_the_other() -> None:
    comments = {"one": "  # toban: ignore[query-syntax]: new", "two": ""}
    files = project({name: USING.format(name=name, comment=comment) for name, comment in comments.items()})
    files["monitors/sets/web.yaml"] = SET.format(comment="").encode()
    result = settled_in(files)
    (left,) = (each for each in result.findings if each.rule == "query-syntax")
    (gone,) = result.suppressed
    assert {name.split("/")[1] for name in left.tracking_ids} == {"two"}
    assert {name.split("/")[1] for name in gone.finding.tracking_ids} == {"one"}


def test_file_full_of_unknown_rules_is_told_in_part_and_at_once() -> None:
    comments = "".join(
        f"# toban: ignore[{','.join(f'r{line}x{rule}' for rule in range(60))}]: x\n" for line in range(3000)
    )
    result = settled_in(project({"shop": comments + BAD_QUERY.format(name="", query="")}))
    assert sum(each.rule == "suppression-unknown-rule" for each in result.findings) == 100


def test_each_of_many_comments_is_obeyed_up_to_a_limit_that_is_told() -> None:
    monitor = "  m{}:  # toban: ignore[query-syntax]: x\n    {{kind: raw, type: query alert, query: a{}, message: '@a-b ://'}}\n"
    monitors = "".join(monitor.format(number, number) for number in range(1500))
    text = f"service: shop\nenvironments: [production]\nmonitors:\n{monitors}"
    result = settled_in(project({"shop": text}))
    assert (len(result.findings), len(result.suppressed)) == (0, 1500)
    flood = "# toban: ignore[query-syntax]: x\n" * 10_001
    result = settled_in(project({"shop": flood + text}))
    assert "more than 10000 comments to toban; those from here on suppress nothing" in {
        each.message for each in result.findings
    }

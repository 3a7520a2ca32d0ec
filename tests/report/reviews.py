"""Reviews for tests: what two projects in a YAML file differ in, and any difference that hypothesis thinks of."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import yaml
from hypothesis import strategies as st

from generator.finding import Finding, Severity, Span
from generator.plan.comparison import Comparison, Difference, Fate, Use
from generator.plan.model import FieldChange, Obstacle
from generator.plan.revisions import compare
from generator.render.environment_values import environment_values
from generator.render.project import load_project
from generator.render.renderer import render
from generator.report.past_effect import Effects, PastEffect
from generator.report.review_markdown import Surroundings

NOW = datetime(2026, 11, 24, tzinfo=UTC)
BASE = "origin/main"


def review_of(path: Path) -> tuple[Comparison, Surroundings]:
    told = yaml.safe_load(path.read_text())
    before, after = (render({name: text.encode() for name, text in told[side].items()}) for side in ("base", "head"))
    effects: Effects = msgspec.convert(told.get("effects", {}), dict[str, PastEffect])
    project, _ = load_project({name: text.encode() for name, text in told["head"].items()})
    assert project is not None
    around = Surroundings(BASE, after.findings, effects=effects, environments=environment_values(project))
    return compare(before, after, now=NOW), around


def many(count: int, fate: Fate = Fate.CREATED) -> tuple[Difference, ...]:
    return tuple(
        Difference(
            fate, "dashboard", f"main/shop/{fate.value}{number}/production", f"Resource {number}", "d.yaml", number
        )
        for number in range(count)
    )


def comparison_of(*differences: Difference, obstacles: tuple[Obstacle, ...] = ()) -> Comparison:
    return Comparison("main", differences, 0, obstacles, "d1", "d0")


HOSTILE = (
    *("```", "`````\n</details>", "</p>\n\n# x", "<script>alert(1)</script>", "@octocat", "a\nb\n\n@team/x"),
    *("\x1b[2J", "&" * 3_000, "[x](https://evil.example)", "![x](https://evil.example/a.png)", "https://evil.example"),
    *("<!-- toban plan main -->", "::error::x", "#1", "octo/repo#2", "GH-3", "www.evil.example", "a@b.example", "-->"),
    *("<img src=x onerror=alert(1)>", "]]>", "\ud800", "| a | b |", "~~~", "    code", "</details></details>"),
)
hostile_texts = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.sampled_from(HOSTILE),
    st.text(alphabet="`~<>@#&'\"\n \\|*_[]()!-+:/x", max_size=200),
    st.lists(st.sampled_from(HOSTILE), max_size=3).map(" ".join),
)
_files = st.one_of(
    st.just("monitors/a.yaml"), hostile_texts.filter(lambda text: "\ud800" not in text and text.isprintable())
)
_values = st.one_of(st.none(), st.booleans(), st.integers(), hostile_texts, st.lists(hostile_texts, max_size=2))
_paths = st.one_of(
    st.sampled_from([("message",), ("query",), ("tags",), ("priority",)]),
    st.lists(st.one_of(hostile_texts, st.integers(0, 9)), min_size=1, max_size=3).map(tuple),
)
_maybe = st.one_of(st.none(), hostile_texts)
_payloads = st.fixed_dictionaries({"message": hostile_texts, "query": hostile_texts, "type": hostile_texts})
_tracking_ids = st.one_of(st.just("main/shop/x/production"), hostile_texts)
differences = st.builds(
    Difference,
    fate=st.sampled_from(Fate),
    resource=st.sampled_from(["monitor", "dashboard", "slo", "downtime"]),
    tracking_id=_tracking_ids,
    title=hostile_texts,
    path=_files,
    line=st.integers(0, 99),
    before=st.one_of(st.none(), _payloads),
    after=st.one_of(st.none(), _payloads),
    fields=st.lists(st.builds(FieldChange, _paths, _values, _values), max_size=4).map(tuple),
    previous_id=_maybe,
    previous_path=_maybe,
    uses=st.lists(st.builds(Use, st.just("slo"), hostile_texts, st.booleans()), max_size=2).map(tuple),
    siblings=st.lists(hostile_texts, max_size=2).map(tuple),
    notes=st.lists(hostile_texts, max_size=2).map(tuple),
)
_obstacles = st.builds(Obstacle, rule=hostile_texts, message=hostile_texts, hint=hostile_texts, path=_files)
comparisons = st.builds(
    Comparison,
    workspace=hostile_texts,
    differences=st.lists(differences, max_size=5).map(tuple),
    unchanged=st.integers(0, 9),
    obstacles=st.lists(_obstacles, max_size=2).map(tuple),
    desired_digest=hostile_texts,
    base_digest=hostile_texts,
)
findings = st.builds(
    Finding,
    rule=hostile_texts,
    severity=st.sampled_from(Severity),
    message=hostile_texts,
    span=st.builds(Span, _files, *[st.integers(0, 99)] * 4),
    hint=hostile_texts,
)
_effects = st.builds(PastEffect, st.integers(0, 999), *[st.none() | st.integers(0, 9**9)] * 3, unknown=hostile_texts)
surroundings = st.builds(
    Surroundings,
    base=hostile_texts,
    findings=st.lists(findings, max_size=3).map(tuple),
    known=st.integers(0, 9),
    effects=st.dictionaries(_tracking_ids, _effects, max_size=2),
    whole=st.just("<code>toban plan</code>"),
)

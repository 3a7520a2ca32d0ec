"""What changes alike in several environments is told once, and nothing else is."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.plan.comparison import Difference, Fate, Use
from generator.plan.model import FieldChange
from generator.render.environment_values import EnvironmentValues
from generator.report.markdown_parts import LONGEST_COMMENT
from generator.report.past_effect import PastEffect
from generator.report.review_json import review_json
from generator.report.review_junit import review_junit
from generator.report.review_markdown import Surroundings, characters, review_markdown
from generator.report.review_text import review_text
from tests.report.pages import assert_tame
from tests.report.reviews import BASE, comparison_of, differences

NAMES = ("development", "production", "staging")
SCOPES = {name: EnvironmentValues(name, f"env:{name[:4]}", "", "") for name in NAMES}
AROUND = Surroundings(BASE, environments=SCOPES)
QUERY = "avg(last_5m):avg:latency{{{scope}}} > {threshold}"


def changed(environment: str, *fields: FieldChange, fate: Fate = Fate.CHANGED, name: str = "latency") -> Difference:
    title = f"[{environment}] {name}"
    return Difference(fate, "monitor", f"main/api/{name}/{environment}", title, "monitors/api.yaml", 4, fields=fields)


def query(environment: str, before: object = 1, after: object = 2) -> FieldChange:
    scope = SCOPES[environment].scope
    return FieldChange(("query",), *(QUERY.format(scope=scope, threshold=threshold) for threshold in (before, after)))


def message(environment: str, after: str, *, before: str = "", handle: str = "@slack-ops") -> FieldChange:
    return FieldChange(("message",), *(f"{text}\n{environment}\n\n{handle}" for text in (before, after)))


def entries(found: Sequence[Difference]) -> list[str]:
    """What the headings of the text and of the comment name; both name the same."""
    text = review_text(comparison_of(*found), base=BASE, environments=SCOPES)
    markdown = review_markdown(comparison_of(*found), AROUND)
    told = re.findall(r"^  \S+ (?:changed|created|removed|replaced|moved) monitor main/api/(.*)$", text, re.MULTILINE)
    shown = re.findall(r"</b> monitor <code>main/api/(.*?)(?:<br>|</summary>|</p>)", markdown)
    assert sorted(re.sub("</?code>", "", each) for each in shown) == sorted(told)
    return told


def test_the_same_change_is_told_once_and_names_each_environment() -> None:
    found = [changed(name, query(name), message(name, "See the page.")) for name in NAMES]
    assert entries(found) == ["latency in development, alike in production, staging"]


def test_counts_and_machines_speak_of_resources() -> None:
    comparison = comparison_of(*(changed(name, query(name)) for name in NAMES))
    assert review_text(comparison, base=BASE, environments=SCOPES).endswith("\n3 changed.\n")
    assert "| 0 | 0 | 3 | 0 | 0 | 0 |" in review_markdown(comparison, AROUND)
    assert len(json.loads(review_json(comparison, AROUND))["differences"]) == 3
    assert review_junit(comparison, ()).count("<testcase ") == 3


APART = {
    "another threshold": [changed("production", query("production")), changed("staging", query("staging", after=3))],
    "another field": [
        changed("production", query("production")),
        changed("staging", query("staging"), FieldChange(("priority",), 1, 2)),
    ],
    "another text": [
        changed("production", message("production", "Call somebody.")),
        changed("staging", message("staging", "Wait.")),
    ],
    "a handle named like its environment": [
        changed(name, FieldChange(("message",), "Slow.", f"Slow. @slack-{name}")) for name in ("production", "staging")
    ],
    "a page in another block": [
        changed(name, FieldChange(("message",), f"{{{{#{block}}}}}\nx\n{{{{/{block}}}}}", text))
        for name, block, text in (
            ("production", "is_alert", "{{#is_alert}}\nx @pagerduty-a\n{{/is_alert}}"),
            ("staging", "is_recovery", "{{#is_recovery}}\nx @pagerduty-a\n{{/is_recovery}}"),
        )
    ],
    "a page in another block of a line": [
        changed(name, FieldChange(("message",), f"x {{{{#{block}}}}}y", f"x {{{{#{block}}}}}y @pagerduty-a"))
        for name, block in (("production", "is_alert"), ("staging", "is_recovery"))
    ],
    "another fate": [changed("production", fate=Fate.REPLACED), changed("staging", fate=Fate.CHANGED)],
    "another line": [changed("production"), msgspec.structs.replace(changed("staging"), line=9)],
    "another title": [changed("production"), msgspec.structs.replace(changed("staging"), title="[staging] other")],
    "another name": [changed("production"), changed("staging", name="errors")],
    "another reference": [
        msgspec.structs.replace(changed(name, fate=Fate.REMOVED), uses=(Use("slo", f"main/api/{slo}", remains=True),))
        for name, slo in (("production", "fast/production"), ("staging", "fast/production"))
    ],
    "a reference that stays": [
        msgspec.structs.replace(
            changed(name, fate=Fate.REMOVED), uses=(Use("slo", f"main/api/fast/{name}", remains=remains),)
        )
        for name, remains in (("production", True), ("staging", False))
    ],
    "a message that is not shown": [
        msgspec.structs.replace(changed(name, fate=Fate.CREATED), after={"type": "metric alert", "message": text})
        for name, text in (("production", "Wake up."), ("staging", "Sleep."))
    ],
    "a note": [changed("production"), msgspec.structs.replace(changed("staging"), notes=("look",))],
}


@pytest.mark.parametrize("found", APART.values(), ids=APART.keys())
def test_what_differs_is_told_apart(found: Sequence[Difference]) -> None:
    assert len(entries(found)) == 2


ALIKE = {
    "handles that stay": [
        changed(name, message(name, "See the page.", handle=f"@slack-{name}")) for name in ("production", "staging")
    ],
    "references to its own": [
        msgspec.structs.replace(
            changed(name, fate=Fate.REMOVED), uses=(Use("slo", f"main/api/fast/{name}", remains=True),)
        )
        for name in ("production", "staging")
    ],
    "whom it tells": [
        msgspec.structs.replace(
            changed(name, fate=Fate.CREATED),
            after={
                "type": "metric alert",
                "query": QUERY.format(scope=SCOPES[name].scope, threshold=1),
                "message": f"Slow. {handle}",
            },
        )
        for name, handle in (("production", "@pagerduty-a"), ("staging", "@slack-staging"))
    ],
    "a threshold that stays another": [
        changed(
            name, FieldChange(("query",), *(f"avg(last_{minutes}m):avg:x{{*}} > {threshold}" for minutes in (5, 9)))
        )
        for name, threshold in (("production", 1), ("staging", 2))
    ],
}


@pytest.mark.parametrize("found", ALIKE.values(), ids=ALIKE.keys())
def test_what_is_each_environments_own_does_not_tell_them_apart(found: Sequence[Difference]) -> None:
    assert entries(found) == ["latency in production, alike in staging"]


def test_whom_it_tells_is_told_of_each() -> None:
    text = review_text(comparison_of(*ALIKE["whom it tells"]), base=BASE, environments=SCOPES)
    assert "in production: notifies @pagerduty-a\n      in staging: notifies @slack-staging\n" in text


def test_lines_that_are_not_alike_are_shown_of_each() -> None:
    text = review_markdown(comparison_of(*ALIKE["a threshold that stays another"]), AROUND)
    assert "! in production:\n- avg(last_5m):avg:x{*} > 1\n" in text
    assert "! in staging:\n- avg(last_5m):avg:x{*} > 2\n" in text


def test_what_a_past_says_is_told_of_each_where_it_differs() -> None:
    found = comparison_of(*(changed(name, query(name)) for name in NAMES))
    same = PastEffect(30, 3, 41)
    effects = {each.tracking_id: same for each in found.differences}
    once, named = "<br>would have alerted 3 → 41 times", "<br>in development, staging: would have alerted 3 → 41 times"
    assert review_markdown(found, AROUND._replace(effects=effects)).count(once) == 1
    effects["main/api/latency/production"] = PastEffect(30, 0, 0)
    text = review_markdown(found, AROUND._replace(effects=effects))
    assert named in text
    assert "<br>in production: would have alerted 0 → 0 times" in text


def test_each_of_many_environments_is_named() -> None:
    names = [f"region{number:03}" for number in range(50)]
    told = " ".join(entries([changed(name) for name in names]))
    assert [name for name in names if name not in told] == []


@pytest.mark.parametrize("fields", [0, 1, 80], ids=lambda count: f"{count} fields")
def test_of_twenty_thousand_in_three_environments_a_comment_shows_what_fits(fields: int) -> None:
    change = [FieldChange((f"field{number}",), "old", "new " * 9) for number in range(fields)]
    found = [changed(name, *change, name=f"m{number:05}") for number in range(20_000) for name in NAMES]
    text = review_markdown(comparison_of(*found), AROUND)
    assert characters(text) <= LONGEST_COMMENT
    hidden = re.search(r"… and ([\d,]+) more that do not fit here: ([\d,]+) changed", text)
    assert hidden is not None
    sections = text.count("alike in <code>production</code>, <code>staging</code>")
    assert sections > 5
    assert int(hidden[1].replace(",", "")) == 60_000 - 3 * sections
    shown = review_text(comparison_of(*found), base=BASE, environments=SCOPES, limit=10)
    assert "… and 59,970 more: 59,970 changed\n" in shown


_environments = st.lists(
    st.sampled_from(["production", "staging", "www.evil.example", "gh-1", "a"]), min_size=2, max_size=4, unique=True
)


@settings(derandomize=True, max_examples=120, deadline=None)
@given(differences, _environments)
def test_texts_of_others_stay_in_their_place_where_environments_are_told_together(
    difference: Difference, names: list[str]
) -> None:
    found = comparison_of(
        *(msgspec.structs.replace(difference, tracking_id=f"main/shop/x/{name}") for name in sorted(names))
    )
    text = review_markdown(found, AROUND).encode("utf-8", "replace").decode()
    assert_tame(text)
    assert text.count("alike in") >= 1
    shown = review_text(found, base=BASE)
    assert shown.count("alike in") >= 1
    assert not any(line.lstrip().startswith("::") for line in shown.splitlines())

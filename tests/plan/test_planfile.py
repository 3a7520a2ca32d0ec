"""A plan as a file: the same plan comes back, and a changed file is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from generator.plan.digest import signed
from generator.plan.planfile import UnusablePlan, decoded, encoded
from tests.plan.plans import LOGS, composite, dashboard, live, monitor, planned

MADE = planned(
    [
        monitor("a"),
        monitor("b", **LOGS),
        composite("both", "a", "b"),
        dashboard("d", "both"),
        monitor("ひ", message="🔥"),
    ],
    live(monitor("a"), 1, message="by hand", priority=3),
    live(monitor("b"), 2),
    live(monitor("old"), 3),
    live(monitor("a"), 9, name="clone"),
    prune=True,
)


def test_a_plan_comes_back_as_it_was() -> None:
    assert decoded(encoded(MADE)) == MADE


def test_an_empty_plan_comes_back_as_it_was() -> None:
    assert decoded(encoded(planned([]))) == planned([])


def test_equal_plans_are_equal_texts() -> None:
    assert encoded(decoded(encoded(MADE))) == encoded(MADE)


def test_the_file_is_readable_json_of_version_1() -> None:
    content = json.loads(encoded(MADE))
    assert content["version"] == 1
    assert content["plan"]["digest"] == MADE.digest
    assert encoded(MADE).endswith("}\n")


@pytest.mark.parametrize("odd", [10**30, -(2**63) - 1, 1e300, 0.1, "\u2028", "\x00"], ids=ascii)
def test_odd_values_survive(odd: object) -> None:
    made = planned([monitor("a", options={"x": odd})], live(monitor("a"), 1, name="x"))
    assert decoded(encoded(made)) == made


def _of(content: Any, *keys: str | int) -> Any:
    for key in keys:
        content = content[key]
    return content


TAMPERED: dict[str, Callable[[Any], Any]] = {
    "an after state": lambda file: _of(file, "plan", "changes", 0, "after").update(message="@attacker"),
    "a before state": lambda file: _of(file, "plan", "changes", 0, "before").update(message="other"),
    "an action": lambda file: _of(file, "plan", "changes", 0).update(action="delete"),
    "a Datadog id": lambda file: _of(file, "plan", "changes", 0).update(id="666"),
    "a change too few": lambda file: _of(file, "plan", "changes").pop(),
    "a change twice": lambda file: _of(file, "plan", "changes").append(_of(file, "plan", "changes", 0)),
    "the order": lambda file: _of(file, "plan", "changes").reverse(),
    "an obstacle taken away": lambda file: _of(file, "plan", "obstacles").clear(),
    "a reference": lambda file: _of(file, "plan", "references").update({"main/api/a/production": "666"}),
    "the workspace": lambda file: _of(file, "plan").update(workspace="other"),
    "the digest": lambda file: _of(file, "plan").update(digest="0" * 64),
    "the desired digest": lambda file: _of(file, "plan").update(desired_digest="0" * 64),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_a_file_that_was_changed_by_hand_is_refused(tamper: Callable[[Any], Any]) -> None:
    content = json.loads(encoded(MADE))
    tamper(content)
    with pytest.raises(UnusablePlan, match="changed by hand"):
        decoded(json.dumps(content))


def test_changes_that_do_not_fit_the_digest_are_refused_even_with_a_fitting_checksum() -> None:
    forged = msgspec.structs.replace(MADE, changes=planned([monitor("z")]).changes)
    with pytest.raises(UnusablePlan, match="digest"):
        decoded(encoded(forged))


UNREADABLE = [
    "",
    "no json",
    "[]",
    "{}",
    '{"version": 1}',
    '{"version": "1", "plan": {}}',
    '{"version": 1, "plan": null}',
    "[" * 100_000,
    '{"version": 1, "plan": {"changes": ' + "[" * 100_000,
    '{"version": 1, "plan": {"changes": ' + '{"a":' * 100_000,
    '"\\ud800"',
]


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: text[:40])
def test_what_is_no_plan_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(UnusablePlan, match="it cannot be read"):
        decoded(text)


@pytest.mark.parametrize("depth", [150, 900])
def test_a_file_nested_beyond_reason_is_refused(depth: int) -> None:
    deep: Any = 1
    for _ in range(depth):
        deep = {"a": deep}
    (change, *others) = MADE.changes
    forged = msgspec.structs.replace(MADE, changes=(msgspec.structs.replace(change, before=deep), *others))
    with pytest.raises(UnusablePlan, match="nested more than"):
        decoded(encoded(signed(forged)))


def test_another_version_is_refused_by_its_number() -> None:
    with pytest.raises(UnusablePlan, match="version 2, and this toban reads version 1"):
        decoded('{"version": 2, "anything": "else"}')


def test_an_unknown_field_is_refused() -> None:
    content = {**json.loads(encoded(MADE)), "extra": 1}
    with pytest.raises(UnusablePlan, match="extra"):
        decoded(json.dumps(content))

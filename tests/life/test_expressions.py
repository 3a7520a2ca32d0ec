"""GitHub's expressions as GitHub's documentation has them, so that acting a workflow out says something."""

from __future__ import annotations

import pytest

from tests.life.expressions import filled, is_true

CONTEXTS = {
    "github": {"ref": "refs/heads/main", "event": {"number": 7}},
    "needs": {"plan": {"outputs": {"changes": "0"}}},
    "inputs": {"flag": True, "off": False},
    "vars": {},
}


@pytest.mark.parametrize(
    ("condition", "failed", "expected"),
    [
        ("", False, True),
        ("", True, False),
        ("always()", True, True),
        ("${{ !cancelled() }}", True, True),
        ("failure()", False, False),
        ("needs.plan.outputs.changes == '0'", False, True),
        ("needs.plan.outputs.changes == '0'", True, False),
        ("needs.plan.outputs.changes != '0'", False, False),
        ("needs.plan.outputs.absent == '0'", False, False),
        ("vars.DD_SITE != '' && github.ref == 'refs/heads/main'", False, False),
        ("vars.DD_SITE == '' && (github.ref == 'x' || github.ref == 'REFS/heads/main')", False, True),
        ("inputs.flag && !inputs.off", False, True),
        ("github.event.number == '7'", False, True),
    ],
)
def test_a_condition(condition: str, failed: bool, expected: bool) -> None:  # noqa: FBT001 - a table
    assert is_true(condition, CONTEXTS, failed=failed) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${{ inputs.flag && 'yes' || '' }}", "yes"),
        ("${{ inputs.off && 'yes' || '' }}", ""),
        ("${{ inputs.absent && 'yes' || '' }}", ""),
        ("${{ inputs.off }} ${{ github.event.number }}", "false 7"),
    ],
)
def test_a_text(text: str, expected: str) -> None:
    assert filled(text, CONTEXTS) == expected


@pytest.mark.parametrize(
    "condition",
    ["contains(github.ref, 'main')", "needs.sync.outputs.x", "github.evnt", 'github.ref == "x"', "a b", "hashFiles()"],
)
def test_what_is_not_known_fails_loudly(condition: str) -> None:
    with pytest.raises(AssertionError):
        is_true(condition, CONTEXTS, failed=False)

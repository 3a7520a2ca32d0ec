"""Last applied, live and desired: what git does not explain is left alone, and told apart from changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from generator.plan.desired import prepared
from generator.plan.model import Drift, Plan
from generator.plan.options import PlanOptions
from generator.plan.order import Key
from generator.render.model import Resource
from generator.resources.types import Payload
from tests.plan.plans import (
    CREATE,
    DELETE,
    LOGS,
    UPDATE,
    actions,
    blocking,
    composite,
    dashboard,
    live,
    monitor,
    planned,
    rules,
    tracking_id,
    unmarked,
)

EDIT = {"message": "in an incident"}


def applied(*resources: Resource) -> dict[Key, Payload]:
    ready = prepared(resources, PlanOptions(workspace="main"))
    return {(kind, each.tracking_id): each.payload for kind, found in ready.by_type.items() for each in found}


def three_way(last: Sequence[Resource], desired: Sequence[Resource], *payloads: Payload, **options: Any) -> Plan:
    return planned(desired, *payloads, **{"applied": applied(*last), "prune": True, **options})


def told(made: Plan) -> list[tuple[str, bool, bool]]:
    """Tracking id, whether git has changed it too, and whether it is gone."""
    return [(each.tracking_id, each.is_conflict, each.live is None) for each in made.drift]


A, A2 = monitor("a"), monitor("a", message="@slack-web, please")
CASES = {
    "nothing has changed": ([A], [A], [live(A, 1)], [], []),
    "git has": ([A], [A2], [live(A, 1)], [(UPDATE, "a", "1")], []),
    "somebody else has": ([A], [A], [live(A, 1, **EDIT)], [], [("a", False, False)]),
    "both have": ([A], [A2], [live(A, 1, **EDIT)], [], [("a", True, False)]),
    "both have to the same": ([A], [A2], [live(A2, 1)], [], []),
    "somebody else has deleted it": ([A], [A], [], [], [("a", False, True)]),
    "deleted, and changed by git": ([A], [A2], [], [], [("a", True, True)]),
    "git has deleted it": ([A], [], [live(A, 1)], [(DELETE, "a", "1")], []),
    "git has deleted what was edited": ([A], [], [live(A, 1, **EDIT)], [], [("a", True, False)]),
    "both have deleted it": ([A], [], [], [], []),
    "git has added it": ([], [A], [], [(CREATE, "a", None)], []),
    "never applied, so nobody knows": ([monitor("b")], [A, monitor("b")], [live(A, 1, **EDIT), live(monitor("b"), 2)],
                                       [(UPDATE, "a", "1")], []),
    "renamed by git": ([A], [monitor("b", was=["a"])], [live(A, 1)], [(UPDATE, "b", "1")], []),
    "renamed by git and edited": ([A], [monitor("b", was=["a"])], [live(A, 1, **EDIT)], [], [("b", True, False)]),
    "renamed by git and gone": ([A], [monitor("b", was=["a"])], [], [], [("b", True, True)]),
    "replaced by git": ([A], [monitor("a", **LOGS)], [live(A, 1)], [("replace", "a", "1")], []),
    "replaced by git and edited": ([A], [monitor("a", **LOGS)], [live(A, 1, **EDIT)], [], [("a", True, False)]),
}  # fmt: skip


@pytest.mark.parametrize(("last", "desired", "payloads", "changes", "drift"), CASES.values(), ids=CASES)
def test_who_has_changed_what(
    last: list[Resource], desired: list[Resource], payloads: list[Payload], changes: list[Any], drift: list[Any]
) -> None:
    made = three_way(last, desired, *payloads)
    assert actions(made) == changes
    assert told(made) == [(tracking_id(name), *rest) for name, *rest in drift]
    assert not blocking(made)


def test_drift_says_what_was_edited_and_what_git_has_changed() -> None:
    (drift,) = three_way([A], [A2], live(A, 1, message="in an incident", modified="2026-11-24T04:12:00Z")).drift
    assert [each.path for each in drift.fields] == [each.path for each in drift.wanted] == [("message",)]
    assert (drift.fields[0].before, drift.fields[0].after) == ("@slack-web", "in an incident")
    assert drift.wanted[0].after == "@slack-web, please"
    assert "modified 2026-11-24T04:12:00Z" in drift.edited
    assert (drift.path, drift.line, drift.id) == ("monitors/api.yaml", 3, "1")


@pytest.mark.parametrize("payloads", [[live(A, 1, **EDIT)], []], ids=["edited", "deleted"])
def test_what_is_to_be_reverted_is_a_change(payloads: list[Payload]) -> None:
    made = three_way([A], [A], *payloads, reverted=frozenset([tracking_id("a")]))
    assert [action for action, _, _ in actions(made)] == [UPDATE if payloads else CREATE]
    assert made.drift == ()


def test_a_loss_that_is_accepted_is_created_again() -> None:
    assert actions(three_way([A], [A], accept_live_loss=True)) == [(CREATE, "a", None)]


def test_what_only_lost_its_mark_is_told_as_that() -> None:
    made = three_way([A], [A], unmarked(live(A, 1)))
    assert (rules(made), made.drift) == (["lost-tag"], ())


def test_a_former_id_in_a_reference_is_nobodys_edit() -> None:
    """A replacement that was cut off: the composite still has the id of the old one."""
    both, new = composite("both", "a", "b"), monitor("a", **LOGS)
    payloads = [live(A, 1), live(new, 4), live(monitor("b"), 2), live(both, 3, query="1 && 2")]
    made = three_way([A, monitor("b"), both], [new, monitor("b"), both], *payloads)
    assert (actions(made), made.drift) == ([(UPDATE, "both", "3"), (DELETE, "a", "1")], ())


def test_another_monitor_in_a_reference_is_an_edit() -> None:
    both, c = composite("both", "a", "b"), monitor("c")
    payloads = [live(A, 1), live(monitor("b"), 2), live(c, 5), live(both, 3, query="1 && 5")]
    everything = [A, monitor("b"), c, both]
    assert told(three_way(everything, everything, *payloads)) == [(tracking_id("both"), False, False)]


def test_what_newly_refers_to_what_somebody_deleted_stops() -> None:
    made = three_way([A], [A, dashboard("board", "a")])
    assert blocking(made) == ["reference-gone"]
    assert [each.hint for each in made.obstacles if "--revert-drift main/api/a/production" in each.hint]


def test_drift_of_other_services_is_not_looked_at_under_a_filter() -> None:
    other = monitor("web/a")
    made = three_way([A, other], [A, other], live(A, 1, **EDIT), live(other, 2, **EDIT), only=frozenset(["web"]))
    assert told(made) == [("main/web/a/production", False, False)]


def test_drift_is_in_no_digest() -> None:
    edited = three_way([A], [A, monitor("b")], live(A, 1, **EDIT))
    untouched = three_way([A], [A, monitor("b")], live(A, 1))
    assert edited.digest == untouched.digest
    assert edited.desired_digest == untouched.desired_digest
    assert isinstance(edited.drift[0], Drift)

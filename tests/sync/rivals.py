"""Somebody else at work while a sync runs: a person in the browser, another machine."""

from __future__ import annotations

import random
from collections.abc import Container, Mapping
from typing import Any

from generator.datadog.client import Datadog
from generator.plan.model import Action, Change, Plan
from generator.resources.types import Payload, resource_types
from tests.sync.estate import desired
from tests.sync.scene import Sent, Stage
from tests.sync.witness import Witness, addressed, mark_in

MONITOR, DASHBOARD = resource_types()["monitor"], resource_types()["dashboard"]
EDITED = "edited in an incident"
THEIRS = "of another machine"


class Everything(Container[str]):
    def __contains__(self, name: object) -> bool:
        return True


class Rival:
    """Acts once, at the first request from a number on that is no PUT or DELETE, when the plan is made.

    What is edited in the tenth of a second between a read and its write is lost: no client of Datadog can help that.
    """

    converges = True
    within: int | None = None
    """It acts at one of so many requests from the first, because later ones would be too late for it."""

    def __init__(self, stage: Stage, witness: Witness, request: int, by_hand: Mapping[str, str]) -> None:
        self.stage = stage
        self.witness = witness
        self.by_hand = by_hand
        self.eye: Datadog = stage.beside(stage.state).client()
        self.plan: Plan | None = None
        self.chance = random.Random(request)  # noqa: S311 - a seeded choice of what is struck
        self._from = request if self.within is None else request % self.within
        self._has_acted = False

    def __call__(self, sent: Sent) -> None:
        self.witness(sent)
        quiet = sent.method in {"GET", "POST"}
        if self.plan is not None and quiet and sent.number >= self._from and not self._has_acted:
            self._has_acted = True
            self.act(self.plan)
        if self._has_acted:
            self.follow(sent)

    def act(self, plan: Plan) -> None:
        """Do it."""

    def follow(self, sent: Sent) -> None:
        """See a request after that."""

    def problems(self) -> list[str]:
        """What the run should have left alone, or seen."""
        return []

    def live(self, resource_id: str) -> Payload | None:
        return self.eye.read(MONITOR, resource_id)


class EditInTheBrowser(Rival):
    """Of something that the plan changes and the run has not come to yet."""

    edited: str | None = None

    def act(self, plan: Plan) -> None:
        changes = [each for each in plan.changes if each.resource == "monitor" and each.id is not None]
        left = [each for each in changes if not self.witness.has_written("monitor", str(each.id))]
        if left:
            action = self.chance.choice(sorted({each.action.value for each in left}))
            self.edited = str(self.chance.choice([each for each in left if each.action.value == action]).id)
            self.eye.update(MONITOR, self.edited, {"message": EDITED})

    def problems(self) -> list[str]:
        live = None if self.edited is None else self.live(self.edited)
        if self.edited is None or (live is not None and live["message"] == EDITED):
            return []
        return [f"the edit of {self.edited} was not left alone"]


class Twin(Rival):
    """Another machine creates one of ours first, and otherwise."""

    within = 40

    theirs: tuple[str, str, str] | None = None

    def candidates(self, plan: Plan) -> list[Change]:
        creates = [each for each in plan.changes if each.action is Action.CREATE]
        plain = [each for each in creates if (each.after or {}).get("type") != "composite"]
        return [
            each
            for each in plain
            if each.resource in {"monitor", "dashboard"}
            and not self.eye.find(resource_types()[each.resource], each.tracking_id)
        ]

    def act(self, plan: Plan) -> None:
        left = self.candidates(plan)
        if left:
            change = self.chance.choice(left)
            resource_type, after = resource_types()[change.resource], change.after or {}
            other: dict[str, Any] = {"message": THEIRS} if change.resource == "monitor" else {"widgets": []}
            made = self.eye.create(resource_type, resource_type.tracked({**after, **other}, change.tracking_id))
            self.theirs = change.resource, change.tracking_id, str(made["id"])
            self.allow(change.tracking_id)

    def allow(self, tracking_id: str) -> None:
        self.witness.may_double = {tracking_id}

    def problems(self) -> list[str]:
        if self.theirs is None:
            return []
        resource, name, made = self.theirs
        ids = [str(each["id"]) for each in self.eye.find(resource_types()[resource], name)]
        return [] if ids == [made] else [f"{name} is live as {ids}, and {made} was there first"]


class TwinAfterAMinute(Twin):
    """The list is too old then to be believed."""

    def allow(self, _: str) -> None:
        self.stage.clock.skipped += 61


class EditOfOurTwin(Twin):
    """Ours is edited before the run can take it back: both stay, and a person has to choose."""

    converges = False
    ours: str | None = None
    _posted = False

    def candidates(self, plan: Plan) -> list[Change]:
        return [each for each in super().candidates(plan) if each.resource == "monitor"]

    def follow(self, sent: Sent) -> None:
        if self.theirs is None or self.ours is not None:
            return
        if self._posted and not sent.writes:
            both = {str(each["id"]) for each in self.eye.find(MONITOR, self.theirs[1])} - {self.theirs[2]}
            for ours in both:
                self.ours = ours
                self.eye.update(MONITOR, ours, {"message": EDITED})
        if sent.method == "POST" and sent.writes and addressed(sent.path)[0] is MONITOR:
            self._posted = self._posted or mark_in(sent.payload) == self.theirs[1]

    def problems(self) -> list[str]:
        if self.ours is None or self.live(self.ours) is not None:
            return []
        return [f"{self.ours} was edited, and was deleted"]


class SecondSync(Rival):
    """All of the same revision, in an instant, from another machine."""

    threshold = 80
    free: Mapping[str, str] = {}

    def act(self, plan: Plan) -> None:
        self.witness.may_double = Everything()
        self.free = {
            each.tracking_id: str(each.id)
            for each in plan.changes
            if "/updated-" in each.tracking_id and not self.witness.has_written("monitor", str(each.id))
        }
        machine = self.stage.beside(self.stage.state / "of-another-machine")
        machine.sync(desired(self.by_hand, self.threshold), machine.client())

    def problems(self) -> list[str]:
        wrong = [name for name, each in self.free.items() if self._threshold(each) != self.threshold]
        return [f"{name} is not as the other sync has left it" for name in wrong]

    def _threshold(self, resource_id: str) -> Any:
        live = self.live(resource_id) or {}
        return live.get("options", {}).get("thresholds", {}).get("critical")


class OtherRevision(SecondSync):
    threshold = 70


class NewUser(Rival):
    """Makes a dashboard of what is to be deleted, before the deletes begin."""

    within = 200
    converges = False
    doomed: str | None = None

    def act(self, plan: Plan) -> None:
        self.doomed = str(self.chance.choice(_deleted(plan)).id)
        self.eye.create(DASHBOARD, {"title": "theirs", "layout_type": "ordered", "widgets": [_graph(self.doomed)]})

    def problems(self) -> list[str]:
        live = None if self.doomed is None else self.live(self.doomed)
        return [] if self.doomed is None or live is not None else [f"{self.doomed} is shown, and was deleted"]


class NewUserOfOurs(NewUser):
    """Puts it on one of our dashboards, which the plan changes and the run has not come to yet."""

    converges = True

    def act(self, plan: Plan) -> None:
        boards = [each for each in plan.changes if each.resource == "dashboard" and each.action is Action.UPDATE]
        left = [each for each in boards if not self.witness.has_written("dashboard", str(each.id))]
        if left:
            board = str(self.chance.choice(left).id)
            live = self.eye.read(DASHBOARD, board) or {}
            self.doomed = str(self.chance.choice(_deleted(plan)).id)
            widgets = [*live["widgets"], _graph(self.doomed)]
            self.eye.update(DASHBOARD, board, DASHBOARD.writable({**live, "widgets": widgets}, live))


def _deleted(plan: Plan) -> list[Change]:
    return [each for each in plan.changes if each.resource == "monitor" and each.action is Action.DELETE]


def _graph(monitor_id: str) -> dict[str, Any]:
    return {"definition": {"type": "alert_graph", "alert_id": monitor_id, "viz_type": "timeseries"}}


COMING = ("a new user", "a new user of ours")
RIVALS: Mapping[str, type[Rival]] = {
    "an edit in the browser": EditInTheBrowser,
    "a twin": Twin,
    "a twin after a minute": TwinAfterAMinute,
    "an edit of our twin": EditOfOurTwin,
    "a second sync": SecondSync,
    "a sync of another revision": OtherRevision,
    **dict(zip(COMING, (NewUser, NewUserOfOurs), strict=True)),
}

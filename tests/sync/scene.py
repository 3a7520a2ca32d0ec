"""A local Datadog inside this process, what syncs to it, and what must hold afterwards."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec
from starlette.types import ASGIApp

from generator.cli._judging import Judged
from generator.cli._plan_file import held_against, refuse_other_content
from generator.cli._planning import Planned, used_obstacles
from generator.datadog.client import Datadog
from generator.datadog.target import Target
from generator.datadog.transport import Answer, NoAnswer
from generator.localdog.app import create_app
from generator.localdog.organisation import Organisation
from generator.localdog.store import Store
from generator.plan.digest import signed
from generator.plan.model import Plan
from generator.plan.planner import PlanOptions, plan
from generator.render.model import Rendering, Resource
from generator.resources.types import Payload, resource_types
from generator.sync.archive import kept_files, restore
from generator.sync.executor import NOTHING_HELD
from generator.sync.journal import left_open
from generator.sync.outcome import Outcomes
from generator.sync.restoring import restoring_plan
from generator.sync.run import Run, carry_out
from generator.sync.uses import Uses, uses_of
from tests.sync.estate import before, foreign, made_by_hand

KEY = "0123456789abcdef0123456789abcdef"
TARGET = Target("http://127.0.0.1:1", KEY, KEY)
OPTIONS = PlanOptions(workspace="main", prune=True, replace=True)


class Sent(NamedTuple):
    """A request of a client, by its number."""

    number: int
    method: str
    path: str
    payload: Any

    @property
    def writes(self) -> bool:
        return self.method != "GET" and not self.path.endswith("validate")


Watcher = Callable[[Sent], None]


class WithinProcess:
    """Carries calls to the local Datadog's application, which never really waits, without a network or a loop."""

    def __init__(self, app: ASGIApp, *, before: Watcher = lambda _: None, after: Watcher = lambda _: None) -> None:
        self._app = app
        self._before = before
        self._after = after
        self._turn = threading.Lock()
        self.requests = 0

    def send(
        self, method: str, path: str, *, parameters: Mapping[str, str] | None = None, payload: object = None
    ) -> Answer:
        body = b"" if payload is None else msgspec.json.encode(payload)
        with self._turn:
            self.requests += 1
            sent = Sent(self.requests, method, path, payload)
            self._before(sent)
            answer = _answered(self._app, _scope(method, path, urlencode(parameters or {})), body)
            self._after(sent)
        if answer is None:
            raise NoAnswer("cut off on request")
        return answer

    def close(self) -> None:
        pass


def _scope(method: str, path: str, query: str) -> dict[str, Any]:
    keys = [(b"dd-api-key", KEY.encode()), (b"dd-application-key", KEY.encode())]
    headers = [(b"content-type", b"application/json"), *keys]
    return {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": headers, "http_version": "1.1", "scheme": "http", "server": ("local", 80), "client": ("local", 1),
        "root_path": "",
    }  # fmt: skip


def _answered(app: ASGIApp, scope: dict[str, Any], body: bytes) -> Answer | None:
    """None where there was no whole answer."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    steps = app(scope, receive, send).__await__()
    for _ in steps:
        pass
    if not sent or sent[-1].get("more_body") or sent[-1]["type"] != "http.response.body":
        return None
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, b"".join(each.get("body", b"") for each in sent))


@dataclass
class FastClock:
    """Real time, with sleeps that are remembered instead of slept."""

    skipped: float = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.skipped

    def sleep(self, seconds: float) -> None:
        self.skipped += seconds


@dataclass
class Stage:
    """A local Datadog with what syncs to it; `clock` is of the last client, `wanted` the ids of what is adopted."""

    organisation: Organisation
    state: Path
    wanted: tuple[str, ...] = ()
    app: ASGIApp = field(init=False)
    clock: FastClock = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_app(self.organisation)

    @classmethod
    def of(cls, store: Store, state: Path, wanted: Iterable[str] = ()) -> Stage:
        return cls(Organisation(store, lambda: datetime.now(UTC)), state, tuple(wanted))

    def client(self, *, before: Watcher = lambda _: None, after: Watcher = lambda _: None) -> Datadog:
        self.clock = FastClock()
        transport = WithinProcess(self.app, before=before, after=after)
        return Datadog(TARGET, clock=self.clock, sleep=self.clock.sleep, random=lambda: 0.5, transport=transport)

    def beside(self, state: Path) -> Stage:
        """The same Datadog as another machine sees it, without the faults of this one."""
        return Stage.of(self.organisation.store, state, self.wanted)

    def live(self) -> dict[str, tuple[Payload, ...]]:
        return self.seen_by(self.client())

    def seen_by(self, client: Datadog) -> dict[str, tuple[Payload, ...]]:
        return {name: client.live(found, wanted_ids=self.wanted) for name, found in resource_types().items()}

    def planned(self, desired: list[Resource], client: Datadog) -> Plan:
        return plan(desired, self.seen_by(client), OPTIONS)

    def made(self, desired: list[Resource], client: Datadog) -> Planned:
        """The plan as the command makes it, with all that it knows."""
        live = self.seen_by(client)
        planned = plan(desired, live, OPTIONS)
        uses = uses_of(client, planned)
        told = (*planned.obstacles, *used_obstacles(planned, uses))
        whole = Rendering("main", tuple(desired), ())
        found = Judged({}, whole, whole, frozenset(), ())
        return Planned(signed(msgspec.structs.replace(planned, obstacles=told)), found, TARGET, live, uses)

    def carried_out(  # noqa: PLR0913 - what a run is made of
        self, made: Plan, client: Datadog, *, workers: int = 1, restores: str = "",
        held: Mapping[int, str] = NOTHING_HELD, uses: Uses | None = None,
    ) -> Outcomes:  # fmt: skip
        run = Run(f"run-{len(list(self.state.glob('journal/*.jsonl'))):03}", self.state, restores)
        return carry_out(made, client, run, workers=workers, held=held, uses=uses)

    def sync_file(self, reviewed: Plan, made: Planned, client: Datadog, *, workers: int = 1) -> Outcomes:
        """Carry out what the file has shown of a plan made anew."""
        refuse_other_content(reviewed, made)
        found = held_against(reviewed, made, client, self.state)
        outcomes = self.carried_out(made.plan, client, workers=workers, held=found.held, uses=made.uses)
        return Outcomes((*found.settled, *outcomes.outcomes))

    def sync(self, desired: list[Resource], client: Datadog, *, workers: int = 1) -> Outcomes:
        """Plan, then carry it out, as the command does."""
        return self.carried_out(self.planned(desired, client), client, workers=workers)

    def restoring(self, run: str, client: Datadog) -> Plan:
        """The plan that puts back what the run has kept."""
        found = [restore(path) for path in kept_files(self.state, run)]
        return restoring_plan(found, self.seen_by(client), workspace="main", target="")


def staged(state: Path) -> tuple[Stage, dict[str, str]]:
    """A Datadog that is as `before`, with resources of others in it; and the ids of what is to be adopted, by title."""
    stage = Stage.of(Store.open(None), state)
    client = stage.client()
    for kind, payload in foreign():
        client.create(resource_types()[kind], payload)
    by_hand = {}
    for kind, payload in made_by_hand():
        resource_type = resource_types()[kind]
        by_hand[resource_type.title(payload)] = str(client.create(resource_type, payload)["id"])
    outcomes = stage.sync(before(), client)
    assert outcomes.are_as_planned, [each for each in outcomes.outcomes if not each.is_as_planned]
    stage.wanted = tuple(by_hand.values())
    return stage, by_hand


def of_others(live: Mapping[str, tuple[Payload, ...]]) -> dict[str, Payload]:
    return {
        str(each["id"]): each
        for name, found in live.items()
        for each in found
        if not (resource_types()[name].tracking_id(each) or "").startswith("main/")
    }


def ids_of(live: Mapping[str, tuple[Payload, ...]]) -> dict[tuple[str, str], str]:
    """Datadog ids of what is ours, by type and tracking id."""
    return {
        (name, tracking_id): str(each["id"])
        for name, found in live.items()
        for each in found
        if (tracking_id := resource_types()[name].tracking_id(each) or "").startswith("main/")
    }


def faults_of(stage: Stage, wanted: list[Resource], untouched: Mapping[str, Payload]) -> list[str]:
    """What is not as it must be after a clean run: nothing left to do, nothing doubled, lost or of others touched."""
    live = stage.live()
    left = plan(wanted, live, OPTIONS)
    problems = [f"left to do: {each.action.value} {each.tracking_id}" for each in left.changes]
    problems += [f"obstacle: {each.message}" for each in left.obstacles]
    if of_others(live) != untouched:
        problems.append("a resource of others was touched, or one of ours lost its mark")
    count = sum(map(len, live.values())) - len(of_others(live))
    if count != len(wanted):
        problems.append(f"{count} of ours are live, {len(wanted)} are desired")
    return problems


def still_open(stage: Stage) -> list[str]:
    return [f"the journal has left {each.action} {each.tracking_id} open" for each in left_open(stage.state)]

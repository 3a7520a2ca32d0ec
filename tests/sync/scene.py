"""A project of some two hundred resources on a local Datadog inside this process, and what must hold afterwards."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.types import ASGIApp

from generator.datadog.client import Datadog
from generator.datadog.target import Target
from generator.datadog.transport import Answer, NoAnswer
from generator.localdog.app import create_app
from generator.localdog.organisation import Organisation
from generator.localdog.store import Store
from generator.plan.model import Plan
from generator.plan.planner import PlanOptions, plan
from generator.render.model import Resource
from generator.resources.types import Payload, resource_types
from generator.sync.archive import Archive
from generator.sync.executor import apply
from generator.sync.journal import Journal, latest, left_open, unfinished
from generator.sync.outcome import Outcomes

KEY = "0123456789abcdef0123456789abcdef"
OPTIONS = PlanOptions(workspace="main", prune=True, replace=True)
LOGS = {"type": "log alert", "query": 'logs("x").index("*").rollup("count").last("5m") > 90'}
WEEKLY = {
    "recurrences": [{"duration": "2h", "rrule": "FREQ=WEEKLY;INTERVAL=1;BYDAY=SU", "start": "2024-01-07T03:00:00"}],
    "timezone": "Asia/Tokyo",
}

Watcher = Callable[[int], None]


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
            number = self.requests
            self._before(number)
            answer = _answered(self._app, _scope(method, path, urlencode(parameters or {})), body)
            self._after(number)
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
    """A local Datadog with what syncs to it."""

    organisation: Organisation
    state: Path
    app: ASGIApp = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_app(self.organisation)

    @classmethod
    def of(cls, store: Store, state: Path) -> Stage:
        return cls(Organisation(store, lambda: datetime.now(UTC)), state)

    def client(self, *, before: Watcher = lambda _: None, after: Watcher = lambda _: None) -> Datadog:
        clock = FastClock()
        transport = WithinProcess(self.app, before=before, after=after)
        target = Target("http://127.0.0.1:1", KEY, KEY)
        return Datadog(target, clock=clock, sleep=clock.sleep, random=lambda: 0.5, transport=transport)

    def live(self) -> dict[str, tuple[Payload, ...]]:
        return _live(self.client())

    def sync(self, desired: list[Resource], client: Datadog, *, workers: int = 1) -> tuple[Plan, Outcomes]:
        """Plan, then carry it out, as the command does."""
        run = f"run-{len(list(self.state.glob('journal/*'))):03}"
        made = plan(desired, _live(client), OPTIONS)
        suspects = {each.tracking_id for each in left_open(self.state)}
        with Journal.begin(self.state, run, made) as journal:
            archive = Archive(self.state, run)
            return made, apply(made, client, journal, archive, workers=workers, suspects=suspects)


def _live(client: Datadog) -> dict[str, tuple[Payload, ...]]:
    return {name: client.live(found) for name, found in resource_types().items()}


def _id(name: str) -> str:
    return f"main/api/{name}/production"


def _resource(kind: str, name: str, payload: dict[str, Any]) -> Resource:
    return Resource(_id(name), kind, payload, "monitors/api.yaml", 1)


def monitor(name: str, threshold: int = 90, **fields: Any) -> Resource:
    payload = {
        "name": name, "type": "query alert", "message": f"CPU of {name}", "tags": ["team:web"],
        "query": f"avg(last_5m):avg:system.cpu.user{{service:{name}}} > {threshold}",
        "options": {"thresholds": {"critical": threshold}},
    }  # fmt: skip
    return _resource("monitor", name, {**payload, **fields})


def composite(name: str, *parts: str) -> Resource:
    query = " && ".join(f"%{{{_id(part)}}}" for part in parts)
    return monitor(name, type="composite", query=query, options={})


def slo(name: str, *parts: str, target: float = 99.0) -> Resource:
    thresholds = [{"timeframe": "7d", "target": target}]
    monitor_ids = [f"%{{{_id(part)}}}" for part in parts]
    payload = {"name": name, "type": "monitor", "monitor_ids": monitor_ids, "tags": [], "thresholds": thresholds}
    return _resource("slo", name, payload)


def dashboard(name: str, *parts: str, description: str = "") -> Resource:
    definitions = [{"type": "alert_graph", "alert_id": f"%{{{_id(part)}}}", "viz_type": "timeseries"} for part in parts]
    widgets = [{"definition": definition} for definition in definitions]
    payload = {"title": name, "layout_type": "ordered", "widgets": widgets, "description": description}
    return _resource("dashboard", name, payload)


def downtime(name: str, part: str, message: str = "") -> Resource:
    payload = {
        "message": message or f"About {name}", "monitor_identifier": {"monitor_id": f"%{{{_id(part)}}}"}, "scope": "*",
        "schedule": WEEKLY, "display_timezone": "Asia/Tokyo",
    }  # fmt: skip
    return _resource("downtime", name, payload)


def names(stem: str, count: int) -> list[str]:
    return [f"{stem}-{number:02}" for number in range(count)]


def before() -> list[Resource]:
    return [
        *map(monitor, names("kept", 40)),
        *map(monitor, names("updated", 50)),
        *map(monitor, names("replaced", 12)),
        *map(monitor, names("deleted", 24)),
        *(composite(name, f"replaced-0{place}", f"updated-0{place}") for place, name in enumerate(names("both", 6))),
        composite("gone-composite", "deleted-00", "kept-00"),
        *(slo(name, f"replaced-0{place}", f"kept-0{place}") for place, name in enumerate(names("slo", 6))),
        slo("gone-slo", "deleted-01"),
        *(dashboard(name, f"both-0{place}", f"kept-0{place}") for place, name in enumerate(names("board", 6))),
        dashboard("gone-board", "gone-composite"),
        *(downtime(name, f"replaced-0{place + 4}") for place, name in enumerate(names("quiet", 4))),
        downtime("gone-quiet", "deleted-02"),
    ]


def desired() -> list[Resource]:
    return [
        *map(monitor, names("kept", 40)),
        *(monitor(name, 80) for name in names("updated", 50)),
        *(monitor(name, **LOGS) for name in names("replaced", 12)),
        *map(monitor, names("created", 60)),
        *(composite(name, f"replaced-0{place}", f"updated-0{place}") for place, name in enumerate(names("both", 6))),
        *(
            composite(name, f"created-0{place}", f"replaced-0{place}")
            for place, name in enumerate(names("new-both", 6))
        ),
        *(slo(name, f"replaced-0{place}", f"kept-0{place}", target=98) for place, name in enumerate(names("slo", 6))),
        *(slo(name, f"created-0{place}") for place, name in enumerate(names("new-slo", 4))),
        *(
            dashboard(name, f"both-0{place}", f"kept-0{place}", description="new")
            for place, name in enumerate(names("board", 6))
        ),
        *(
            dashboard(name, f"new-both-0{place}", f"created-1{place}")
            for place, name in enumerate(names("new-board", 6))
        ),
        *(downtime(name, f"replaced-0{place + 4}", "other words") for place, name in enumerate(names("quiet", 4))),
        *(downtime(name, f"created-0{place}") for place, name in enumerate(names("new-quiet", 4))),
    ]


def foreign() -> list[tuple[str, dict[str, Any]]]:
    """Without a mark, of another workspace, and one with a name of ours."""
    marked = resource_types()["monitor"].tracked(monitor("theirs").payload, "other/api/created-00/production")
    unmarked = {**monitor("created-00", 12).payload, "name": "created-00 by hand"}
    board = {**dashboard("by hand").payload, "widgets": []}
    return [("monitor", marked), ("monitor", unmarked), ("dashboard", board)]


def staged(state: Path) -> Stage:
    """A Datadog that is as `before`, with resources of others in it."""
    stage = Stage.of(Store.open(None), state)
    client = stage.client()
    for kind, payload in foreign():
        client.create(resource_types()[kind], payload)
    _, outcomes = stage.sync(before(), client)
    assert outcomes.are_as_planned, [each for each in outcomes.outcomes if not each.is_as_planned]
    return stage


def of_others(live: Mapping[str, tuple[Payload, ...]]) -> dict[str, Payload]:
    return {
        str(each["id"]): each
        for name, found in live.items()
        for each in found
        if not (resource_types()[name].tracking_id(each) or "").startswith("main/")
    }


def faults_of(stage: Stage, wanted: list[Resource], untouched: Mapping[str, Payload]) -> list[str]:
    """What is not as it must be after a clean run: nothing left to do, nothing doubled, lost or of others touched."""
    live = stage.live()
    left = plan(wanted, live, OPTIONS)
    problems = [f"left to do: {each.action.value} {each.tracking_id}" for each in left.changes]
    problems += [f"obstacle: {each.message}" for each in left.obstacles]
    others = of_others(live)
    if others != untouched:
        problems.append("a resource of others was touched, or one of ours lost its mark")
    count = sum(map(len, live.values())) - len(others)
    if count != len(wanted):
        problems.append(f"{count} of ours are live, {len(wanted)} are desired")
    journal = latest(stage.state)
    if journal is None or unfinished(journal):
        problems.append("the last journal has unfinished intents")
    return problems

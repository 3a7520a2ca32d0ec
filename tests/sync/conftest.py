"""A project that plans and syncs against the local Datadog, with a proxy in between that breaks what a test names."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from generator.datadog.client import Datadog
from generator.datadog.target import Target
from generator.localdog.server import embedded
from generator.plan.model import Plan
from generator.plan.planner import PlanOptions, plan
from generator.render.model import Resource
from generator.resources.types import Payload, resource_types
from generator.sync.archive import kept_files, restore
from generator.sync.outcome import Outcome, Outcomes
from generator.sync.restoring import restoring_plan
from generator.sync.run import Run, carry_out

KEY = "0123456789abcdef0123456789abcdef"
MONITOR = resource_types()["monitor"]


@pytest.fixture(scope="session")
def local_datadog() -> Iterator[str]:
    with embedded(None) as url:
        yield url


@pytest.fixture
def datadog(local_datadog: str) -> str:
    """The URL of an empty local Datadog."""
    connection = http.client.HTTPConnection(urlsplit(local_datadog).netloc, timeout=10)
    connection.request("POST", "/_toban/reset")
    assert connection.getresponse().status == 200
    connection.close()
    return local_datadog


class FastClock:
    """Real time, with sleeps that are remembered instead of slept."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.skipped

    def sleep(self, seconds: float) -> None:
        self.skipped += seconds


@dataclass
class Project:
    """Desired resources and the Datadog that they are synced to."""

    client: Datadog
    state: Path
    clock: FastClock
    runs: int = 0
    told: list[Outcome] = field(default_factory=list)

    def live(self) -> dict[str, tuple[Payload, ...]]:
        return {name: self.client.live(found) for name, found in resource_types().items()}

    def plan(self, *desired: Resource, **options: Any) -> Plan:
        chosen = PlanOptions(workspace="main", **{"prune": True, "replace": True, **options})
        return plan(desired, self.live(), chosen)

    def apply(self, made: Plan, *, restores: str = "", **options: Any) -> Outcomes:
        self.runs += 1
        run = Run(f"run-{self.runs}", self.state, restores)
        return carry_out(made, self.client, run, progress=self.told.append, **options)

    def restoring(self, run: str) -> Plan:
        """The plan that puts back what the run has kept."""
        found = [restore(path) for path in kept_files(self.state, run)]
        return restoring_plan(found, self.live(), workspace="main", target="")

    def restore(self, run: str) -> Outcomes:
        return self.apply(self.restoring(run), restores=run)

    def sync(self, *desired: Resource, **options: Any) -> Outcomes:
        return self.apply(self.plan(*desired, **options))

    def monitors(self) -> dict[str, Payload]:
        """Live monitors by name; two of one name are an error."""
        live = self.client.live(MONITOR)
        by_name = {str(each["name"]): each for each in live}
        assert len(by_name) == len(live), sorted(str(each["name"]) for each in live)
        return by_name


@pytest.fixture
def project_at(tmp_path: Path) -> Iterator[Callable[[str], Project]]:
    """Make a project that syncs to a URL."""
    with ExitStack() as stack:

        def make(url: str) -> Project:
            clock = FastClock()
            state = tmp_path / f"{urlsplit(url).port}"
            client = Datadog(Target(url, KEY, KEY), clock=clock, sleep=clock.sleep, random=lambda: 0.5)
            return Project(stack.enter_context(client), state, clock)

        yield make


@pytest.fixture
def project(datadog: str, project_at: Callable[[str], Project]) -> Project:
    return project_at(datadog)


@pytest.fixture
def monitor() -> Callable[..., Resource]:
    def make(name: str, /, *, threshold: int = 90, service: str = "api", **fields: Any) -> Resource:
        payload = {
            "name": name,
            "type": "query alert",
            "query": f"avg(last_5m):avg:system.cpu.user{{service:{name}}} > {threshold}",
            "message": f"CPU of {name}",
            "tags": ["team:web"],
            "options": {"thresholds": {"critical": threshold}},
            **fields,
        }
        return Resource(f"main/{service}/{name}/production", "monitor", payload, f"monitors/{service}.yaml", 1)

    return make


@pytest.fixture
def composite(monitor: Callable[..., Resource]) -> Callable[..., Resource]:
    def make(name: str, *parts: str) -> Resource:
        query = " && ".join(f"%{{main/api/{part}/production}}" for part in parts)
        return monitor(name, type="composite", query=query, options={})

    return make


@pytest.fixture
def dashboard() -> Callable[..., Resource]:
    def make(name: str, part: str) -> Resource:
        definition = {"type": "alert_graph", "alert_id": f"%{{main/api/{part}/production}}", "viz_type": "timeseries"}
        payload = {"title": name, "layout_type": "ordered", "widgets": [{"definition": definition}]}
        return Resource(f"main/api/{name}/production", "dashboard", payload, "dashboards/api.yaml", 1)

    return make


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    payload: Any
    number: int
    """Counts the requests of this method."""


Fault = Callable[[Request], str | None]
"""What goes wrong: `lost` (carried out, no answer), `dropped` (not carried out, no answer), a status, or nothing.

A text of JSON is answered instead of what is so.
"""


class FaultyProxy:
    def __init__(self, upstream: str, fault: Fault) -> None:
        self.requests: list[Request] = []
        self._upstream = urlsplit(upstream).netloc
        self._fault = fault
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def received(self, method: str, path: str, payload: Any) -> Request:
        with self._lock:
            number = 1 + sum(each.method == method for each in self.requests)
            request = Request(method, path, payload, number)
            self.requests.append(request)
            return request

    def answer(self, request: Request, body: bytes) -> tuple[int, bytes] | None:
        fault = self._fault(request)
        if fault == "dropped":
            return None
        if fault is not None and fault.startswith("{"):
            return 200, fault.encode()
        if fault is not None and fault != "lost":
            return int(fault), json.dumps({"errors": ["on request"]}).encode()
        upstream = http.client.HTTPConnection(self._upstream, timeout=10)
        try:
            headers = {"Content-Type": "application/json", "DD-API-KEY": KEY, "DD-APPLICATION-KEY": KEY}
            upstream.request(request.method, request.path, body=body or None, headers=headers)
            response = upstream.getresponse()
            answer = response.status, response.read()
        finally:
            upstream.close()
        return None if fault == "lost" else answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = proxy.received(self.command, self.path, json.loads(body) if body else None)
                answer = proxy.answer(request, body)
                if answer is None:
                    self.close_connection = True
                    return
                status, content = answer
                self.send_response_only(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 - the names http.server calls

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class
                pass

            def handle(self) -> None:
                try:
                    super().handle()
                except (ConnectionError, ValueError):  # the caller was killed
                    self.close_connection = True

        return Handler


@pytest.fixture
def faulty(datadog: str) -> Iterator[Callable[[Fault], FaultyProxy]]:
    """Start a proxy in front of the local Datadog."""
    with ExitStack() as stack:

        def start(fault: Fault) -> FaultyProxy:
            proxy = FaultyProxy(datadog, fault)
            stack.callback(proxy.stop)
            return proxy

        yield start

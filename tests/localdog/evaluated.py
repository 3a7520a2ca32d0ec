"""A server whose clock is driven, and what the tests of its monitors say again and again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import msgspec

from generator.localdog.server import Begin, embedded
from tests.localdog.client import Client, Payload

MORNING = datetime(2027, 1, 12, 8, tzinfo=UTC)
START = int(MORNING.timestamp())
MESSAGE = (
    "{{#is_alert}}Look at {{host.name}}: {{value}} > {{threshold}}. @pagerduty-data{{/is_alert}}"
    "{{#is_recovery}}{{host.name}} is well again.{{/is_recovery}} @slack-ops"
)


@dataclass(frozen=True)
class Driven:
    """A client of a server whose clock stands."""

    call: Client

    def monitor(self, query: str = "avg(last_5m):avg:load{env:prod} by {host} > 5", **fields: Any) -> int:
        options = {"thresholds": {"critical": float(query.rpartition(">")[2])}, "new_group_delay": 0}
        options |= fields.pop("options", {})
        sent = {
            "type": "metric alert",
            "name": "Load is high",
            "message": MESSAGE,
            "query": query,
            "tags": ["team:data"],
        }
        answer = self.call("POST", "/api/v1/monitor", {**sent, "options": options, **fields})
        assert answer.status == 200, answer.body
        found: int = answer.body["id"]
        return found

    def push(self, values: list[float | None], *, first: int = START, metric: str = "load", **fields: Any) -> None:
        """One value a minute."""
        points = [[first + 60 * minute, value] for minute, value in enumerate(values) if value is not None]
        sent = {"metric": metric, "points": points, "tags": ["env:prod"], "host": "a", **fields}
        answer = self.call("POST", "/api/v1/series", {"series": [sent]})
        assert answer.status == 202, answer.body

    def advance(self, by: str) -> Payload:
        answer = self.call("POST", "/_toban/clock", {"advance": by})
        assert answer.status == 200, answer.body
        found: Payload = answer.body
        return found

    def state(self, monitor_id: int) -> str:
        found: str = self.read(monitor_id)["overall_state"]
        return found

    def read(self, monitor_id: int, states: str = "all") -> Payload:
        found: Payload = self.call("GET", f"/api/v1/monitor/{monitor_id}?group_states={states}").body
        return found

    def groups(self, monitor_id: int, states: str = "all") -> dict[str, str]:
        groups: Payload = self.read(monitor_id, states.replace(" ", "%20"))["state"]["groups"]
        return {name: group["status"] for name, group in groups.items()}

    def told(self, **asked: int) -> list[Payload]:
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        found: list[Payload] = self.call("GET", f"/_toban/notifications?{query}").body["notifications"]
        return found

    def changes(self) -> list[tuple[str, str, str]]:
        """When, of which group and what was told, without what was muted."""
        return [(each["at"][11:16], each["group"], each["status"]) for each in self.told() if not each["muted"]]

    def why_not(self, monitor_id: int) -> str:
        found = self.call("GET", "/_toban/evaluations").body["monitors"]
        words: str = next(each["not_evaluated"] for each in found if each["id"] == monitor_id)
        return words


@contextmanager
def driven(database: Path | None = None, **begin: Any) -> Iterator[Driven]:
    with embedded(database, begin=Begin(**{"now": MORNING, **begin})) as url:
        client = Client(url)
        try:
            yield Driven(client)
        finally:
            client.close()


@dataclass
class Receiver:
    """A webhook that keeps what it is sent; `status` is what it answers, with these headers."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    received: list[Payload] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Receiving(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.received.append(msgspec.json.decode(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(kept.status)
            for name, text in kept.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Receiving) as server:
        threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True).start()
        kept.url = f"http://127.0.0.1:{server.server_port}/hook?team=data"
        yield kept
        server.shutdown()

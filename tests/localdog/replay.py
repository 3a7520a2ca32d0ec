"""Recorded exchanges sent to the local Datadog, and what of an answer counts."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from generator.localdog.store import Record, Store
from tests.localdog.client import Client, Payload

CORPUS = Path("../shared/corpus")
EARLIEST = "0000"


class Exchange(NamedTuple):
    source: str
    method: str
    path: str
    request: Payload
    status: int
    response: Payload
    recorded: str
    before: Payload
    synthetic: bool


def exchanges(name: str) -> Iterator[Exchange]:
    with (CORPUS / name).open() as lines:
        for line in lines:
            raw = json.loads(line)
            yield Exchange(
                raw["source"],
                raw["method"],
                raw["path"],
                raw["request"] or {},
                raw["status"],
                raw["response"] or {},
                raw.get("recorded") or EARLIEST,
                raw.get("before") or {},
                raw.get("synthetic", False),
            )


class Reason(NamedTuple):
    """Why an exchange does not count: what the local Datadog does not play."""

    text: str
    holds: Callable[[Exchange], bool]


class Edit(NamedTuple):
    """How an exchange of old rules is sent today."""

    text: str
    holds: Callable[[Exchange], bool]
    edited: Callable[[Exchange], Exchange]


class Comparison(NamedTuple):
    """`unplayed` fields are left out of both answers; `dated` ones came later: they count where both have them."""

    unplayed: frozenset[str]
    dated: frozenset[str]

    def differences(self, expected: Payload, found: Payload, path: str = "") -> Iterator[str]:
        for name in sorted(expected.keys() | found.keys()):
            place = f"{path}.{name}" if path else name
            if name in self.unplayed or (name in self.dated and (name not in expected or name not in found)):
                continue
            if name not in found:
                yield f"{place}: missing"
            elif name not in expected:
                yield f"{place}: added"
            else:
                yield from self._value_differences(expected[name], found[name], place)

    def _value_differences(self, expected: object, found: object, place: str) -> Iterator[str]:
        if isinstance(expected, dict) and isinstance(found, dict):
            yield from self.differences(expected, found, place)
        elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
            for one, other in zip(expected, found, strict=True):
                yield from self._value_differences(one, other, f"{place}[]")
        elif expected != found or type(expected) is not type(found):
            yield f"{place}: differs"


class Score(NamedTuple):
    agreed: int
    counted: int
    left_out: Counter[str]
    edited: Counter[str]
    disagreements: Counter[str]

    @property
    def share(self) -> float:
        return self.agreed / self.counted

    def told(self) -> str:
        lines = [f"{self.agreed} of {self.counted} exchanges agree ({self.share:.1%})"]
        lines += [f"  left out {count}: {reason}" for reason, count in self.left_out.most_common()]
        lines += [f"  sent as of today {count}: {edit}" for edit, count in self.edited.most_common()]
        lines += [f"  disagree {count}: {reason}" for reason, count in self.disagreements.most_common(30)]
        return "\n".join(lines)


class Replay(NamedTuple):
    call: Client
    reasons: tuple[Reason, ...]
    edits: tuple[Edit, ...]
    comparison: Comparison
    seed: Callable[[Exchange], None]

    def run(self, name: str) -> Score:
        agreed = counted = 0
        left_out: Counter[str] = Counter()
        edited: Counter[str] = Counter()
        disagreements: Counter[str] = Counter()
        for recorded in exchanges(name):
            reason = next((reason.text for reason in self.reasons if reason.holds(recorded)), None)
            if reason is not None:
                left_out[reason] += 1
                continue
            counted += 1
            exchange = recorded
            for edit in self.edits:
                if edit.holds(exchange):
                    edited[edit.text] += 1
                    exchange = edit.edited(exchange)
            problems = self.problems(exchange)
            agreed += not problems
            disagreements.update(f"{exchange.method} {problem}" for problem in problems)
        return Score(agreed, counted, left_out, edited, disagreements)

    def problems(self, exchange: Exchange) -> list[str]:
        self.seed(exchange)
        answer = self.call(exchange.method, exchange.path, exchange.request)
        if answer.status != exchange.status:
            told = re.sub(r"\d+", "N", str(answer.body.get("errors", "")))[:90]
            return [f"answered {answer.status} {told}, recorded {exchange.status} in {exchange.recorded[:4]}"]
        self.call.empty()
        return [
            f"{problem} ({exchange.recorded[:4]})"
            for problem in self.comparison.differences(exchange.response, answer.body)
        ]


def seed_monitor(store: Store, monitor: Payload) -> None:
    extra = {"restriction_policy": None, "assets": monitor.get("assets", [])}
    body = {name: value for name, value in monitor.items() if name not in extra}
    put(store, Record("monitor", monitor["id"], json.dumps(body).encode(), json.dumps(extra).encode()))


def seed_dashboard(store: Store, dashboard: Payload) -> None:
    put(store, Record("dashboard", dashboard["id"], json.dumps(dashboard).encode()))


def put(store: Store, record: Record) -> None:
    with store.transaction():
        store.put(record)

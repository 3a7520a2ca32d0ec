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
SENDING = ("POST", "PUT", "PATCH")
PLACEHOLDERS = (
    (r"\?.*", ""),
    (r"/[0-9a-z]{3}-[0-9a-z]{3}-[0-9a-z]{3}(?=/|$)|/random$|/[0-9a-f]{32}(?=/|$)", "/{id}"),
    (r"(?<=/slo/)(?!correction|bulk_delete|can_delete)[^/]+", "{id}"),
    (r"/\d+(?=/|$)", "/{id}"),
)


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

    @property
    def endpoint(self) -> str:
        """The call without the ids in its path."""
        path = self.path
        for pattern, placeholder in PLACEHOLDERS:
            path = re.sub(pattern, placeholder, path)
        return f"{self.method} {path}"

    @property
    def type(self) -> str:
        """A monitor's type; empty for what has none."""
        found = self.request.get("type") or self.before.get("type") or self.response.get("type") or ""
        return found if found.endswith((" alert", " check")) or found == "composite" else ""


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
    """Why an exchange does not count."""

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
                yield f"`{place}` is missing"
            elif name not in expected:
                yield f"`{place}` is added"
            else:
                yield from self._value_differences(expected[name], found[name], place)

    def _value_differences(self, expected: object, found: object, place: str) -> Iterator[str]:
        if isinstance(expected, dict) and isinstance(found, dict):
            yield from self.differences(expected, found, place)
        elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
            for one, other in zip(expected, found, strict=True):
                yield from self._value_differences(one, other, f"{place}[]")
        elif expected != found or type(expected) is not type(found):
            yield f"`{place}` differs"


class Outcome(NamedTuple):
    """What became of one exchange: it was left out for a reason, or sent and compared."""

    exchange: Exchange
    left_out: str
    edits: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return not self.left_out and not self.problems


class Score(NamedTuple):
    outcomes: tuple[Outcome, ...]

    @property
    def counted(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.left_out)

    @property
    def agreed(self) -> int:
        return sum(outcome.agrees for outcome in self.outcomes)

    @property
    def share(self) -> float:
        return self.agreed / len(self.counted) if self.counted else 1.0

    def by(self, group: Callable[[Exchange], str]) -> dict[str, Score]:
        """One score a group, in the order of their names; what has no group is left out."""
        groups: dict[str, list[Outcome]] = {}
        for outcome in self.outcomes:
            if group(outcome.exchange):
                groups.setdefault(group(outcome.exchange), []).append(outcome)
        return {name: Score(tuple(groups[name])) for name in sorted(groups)}

    def left_out(self) -> Counter[str]:
        return Counter(outcome.left_out for outcome in self.outcomes if outcome.left_out)

    def edits(self) -> Counter[str]:
        return Counter(edit for outcome in self.outcomes for edit in outcome.edits)

    def problems(self) -> Counter[str]:
        return Counter(problem for outcome in self.counted for problem in outcome.problems)

    def told(self) -> str:
        lines = [f"{self.agreed} of {len(self.counted)} exchanges agree ({self.share:.1%})"]
        lines += [f"  left out {count}: {reason}" for reason, count in self.left_out().most_common()]
        lines += [f"  sent as of today {count}: {edit}" for edit, count in self.edits().most_common()]
        lines += [f"  disagree {count}: {reason}" for reason, count in self.problems().most_common(30)]
        return "\n".join(lines)


class Replay(NamedTuple):
    """One file of exchanges: which count, how they are sent, what is there before each, what is compared."""

    file: str
    reasons: tuple[Reason, ...]
    edits: tuple[Edit, ...]
    comparison: Comparison
    seed: Callable[[Store, Exchange], None]

    def run(self, call: Client, store: Store) -> Score:
        return Score(tuple(self._outcome(call, store, recorded) for recorded in exchanges(self.file)))

    def _outcome(self, call: Client, store: Store, recorded: Exchange) -> Outcome:
        reason = next((reason.text for reason in self.reasons if reason.holds(recorded)), "")
        if reason:
            return Outcome(recorded, reason, (), ())
        exchange, edits = recorded, []
        for edit in self.edits:
            if edit.holds(exchange):
                edits.append(edit.text)
                exchange = edit.edited(exchange)
        return Outcome(recorded, "", tuple(edits), tuple(self._problems(call, store, exchange)))

    def _problems(self, call: Client, store: Store, exchange: Exchange) -> list[str]:
        call("POST", "/_toban/reset")
        self.seed(store, exchange)
        answer = call(exchange.method, exchange.path, sent_body(exchange))
        year = exchange.recorded[:4] if exchange.recorded != EARLIEST else "undated"
        if answer.status != exchange.status:
            told = re.sub(r"\d+", "N", str((answer.body or {}).get("errors", "")))[:90]
            return [f"answered {answer.status} {told}, recorded {exchange.status} ({year})"]
        return [f"{problem} ({year})" for problem in self.comparison.differences(exchange.response, answer.body or {})]


def sent_body(exchange: Exchange) -> Payload | None:
    return exchange.request if exchange.method in SENDING or exchange.request else None


def put(store: Store, record: Record) -> None:
    with store.transaction():
        store.put(record)

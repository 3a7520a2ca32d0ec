"""Recorded exchanges sent to the local Datadog, and what of an answer counts."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from generator.localdog.store import Record, Store
from tests.localdog.client import Answer, Client, Payload

CORPUS = Path("../shared/corpus")
EARLIEST = "0000"
NUMBERS = re.compile(r"[0-9a-f]{8,}(?:-[0-9a-f]{4,}){4}|[0-9a-f]{32}|[0-9a-z]{3}-[0-9a-z]{3}-[0-9a-z]{3}|\d+")
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
    blob: str
    place: int

    @property
    def recording(self) -> str:
        """The file that it was recorded in, together with others."""
        return f"{self.source} {self.blob}"

    @property
    def shape(self) -> str:
        """Exchanges that differ only in ids, dates and numbers are one."""
        texts = (self.request, self.response)
        return NUMBERS.sub("N", f"{self.endpoint} {self.status} {json.dumps(texts, sort_keys=True)}")

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
                raw["blob"],
                raw["index"],
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


class Mask(NamedTuple):
    """Fields that the server gives: they have to be there and to be of the same type, their values differ.

    Where the type may be null, it may be so on one side only.
    """

    reason: str
    fields: frozenset[str]
    nullable: bool = False


class Excuse(NamedTuple):
    """A difference in one direction that an exchange is excused for: what is missing or added here, or differs."""

    reason: str
    direction: Literal["missing", "added", "differs"]
    fields: frozenset[str]
    holds: Callable[[Exchange], bool] = lambda _: True


class Comparison(NamedTuple):
    masks: tuple[Mask, ...]
    excuses: tuple[Excuse, ...]

    def differences(self, exchange: Exchange, found: Payload) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What differs without an excuse, and the excuses that were needed."""
        masked = {field: mask.nullable for mask in self.masks for field in mask.fields}
        excuses = [excuse for excuse in self.excuses if excuse.holds(exchange)]
        problems, needed = [], []
        for place, direction in differing(exchange.response, found, masked):
            field = place.rpartition(".")[2]
            reason = next((each.reason for each in excuses if direction == each.direction and field in each.fields), "")
            if reason:
                needed.append(reason)
            else:
                problems.append(f"`{place}` {'differs' if direction == 'differs' else f'is {direction}'}")
        return tuple(problems), tuple(dict.fromkeys(needed))


def differing(
    expected: object, found: object, masked: Mapping[str, bool], place: str = ""
) -> Iterator[tuple[str, str]]:
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in sorted(expected.keys() | found.keys()):
            inner = f"{place}.{name}" if place else name
            if name not in found or name not in expected:
                yield inner, "missing" if name not in found else "added"
            elif name not in masked:
                yield from differing(expected[name], found[name], masked, inner)
            elif not are_alike(expected[name], found[name], nullable=masked[name]):
                yield inner, "differs"
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for one, other in zip(expected, found, strict=True):
            yield from differing(one, other, masked, f"{place}[]")
    elif expected != found or type(expected) is not type(found):
        yield place, "differs"


def are_alike(expected: object, found: object, *, nullable: bool) -> bool:
    return (nullable and None in (expected, found)) or outline(expected) == outline(found)


def outline(value: object) -> object:
    """The type of a value, and the names of its fields."""
    return sorted(value) if isinstance(value, dict) else type(value).__name__


class Outcome(NamedTuple):
    """What became of one exchange: it was left out for a reason, or sent and compared."""

    exchange: Exchange
    left_out: str
    edits: tuple[str, ...]
    problems: tuple[str, ...]
    excuses: tuple[str, ...] = ()

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

    @property
    def shapes(self) -> int:
        return len({outcome.exchange.shape for outcome in self.counted})

    @property
    def agreed_shapes(self) -> int:
        """Of exchanges that are alike all have to agree."""
        return self.shapes - len({outcome.exchange.shape for outcome in self.counted if not outcome.agrees})

    def excuses(self) -> Counter[str]:
        return Counter(excuse for outcome in self.counted for excuse in outcome.excuses)

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
        reason = self.reason(recorded)
        if reason:
            return Outcome(recorded, reason, (), ())
        exchange, edits = self.edited(recorded)
        call("POST", "/_toban/reset")
        self.seed(store, exchange)
        answer = call(exchange.method, exchange.path, sent_body(exchange))
        return Outcome(recorded, "", edits, *self.problems(exchange, answer))

    def reason(self, recorded: Exchange) -> str:
        """Why an exchange is not counted; empty where it is."""
        return next((reason.text for reason in self.reasons if reason.holds(recorded)), "")

    def edited(self, exchange: Exchange) -> tuple[Exchange, tuple[str, ...]]:
        """The exchange as it is sent today, and what was changed for that."""
        edits = []
        for edit in self.edits:
            if edit.holds(exchange):
                edits.append(edit.text)
                exchange = edit.edited(exchange)
        return exchange, tuple(edits)

    def problems(self, exchange: Exchange, answer: Answer) -> tuple[tuple[str, ...], tuple[str, ...]]:
        year = exchange.recorded[:4] if exchange.recorded != EARLIEST else "undated"
        if answer.status != exchange.status:
            told = NUMBERS.sub("N", str((answer.body or {}).get("errors", "")))[:90]
            return (f"answered {answer.status} {told}, recorded {exchange.status} ({year})",), ()
        problems, excuses = self.comparison.differences(exchange, answer.body or {})
        return tuple(f"{problem} ({year})" for problem in problems), excuses


def sent_body(exchange: Exchange) -> Payload | None:
    return exchange.request if exchange.method in SENDING or exchange.request else None


def put(store: Store, record: Record) -> None:
    with store.transaction():
        store.put(record)

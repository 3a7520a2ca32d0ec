"""Recordings sent whole and in their order, each to an empty server, with the ids that it gave itself.

What a recording refers to must have been made by an exchange before: those that were left out when recordings were
gathered, because they were like others, leave gaps.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from tests.localdog.client import Client, Payload
from tests.localdog.replay import Exchange, Outcome, Replay, Score, exchanges, sent_body

GAP = "what it is about was made by an exchange that was not kept"
ID_IN_PATH = re.compile(r"/(\d{4,}|[0-9a-z]{3}-[0-9a-z]{3}-[0-9a-z]{3}|[0-9a-f]{32})(?=/|\?|$)")
WRITTEN = frozenset({200, 204})


def played_in_order(replays: tuple[Replay, ...], call: Client) -> Score:
    outcomes: list[Outcome] = []
    for recording in recordings(replays):
        call("POST", "/_toban/reset")
        outcomes += played(recording, call)
    return Score(tuple(outcomes))


def recordings(replays: tuple[Replay, ...]) -> Iterator[list[tuple[Replay, Exchange]]]:
    """The exchanges of each recording in their order, whatever they are about."""
    found: dict[str, list[tuple[Replay, Exchange]]] = {}
    for replay in replays:
        for exchange in exchanges(replay.file):
            found.setdefault(exchange.recording, []).append((replay, exchange))
    for several in found.values():
        yield sorted(several, key=lambda each: each[1].place)


def played(recording: list[tuple[Replay, Exchange]], call: Client) -> Iterator[Outcome]:
    ids: dict[str, str] = {}
    for replay, recorded in recording:
        reason = replay.reason(recorded) or (GAP if has_gap(recorded, ids) else "")
        if reason:
            yield Outcome(recorded, reason, (), ())
            continue
        exchange, edits = replay.edited(recorded)
        here = with_ids(exchange, ids)
        answer = call(here.method, here.path, sent_body(here))
        yield Outcome(recorded, "", edits, *replay.problems(here, answer))
        theirs, ours = made(recorded.response), made(answer.body or {})
        if theirs and ours:
            ids[theirs] = ours


def has_gap(exchange: Exchange, ids: Mapping[str, str]) -> bool:
    named = ID_IN_PATH.findall(exchange.path.split("?")[0])
    if exchange.status in WRITTEN:
        named += [str(part) for part in exchange.request.get("monitor_ids") or ()]
        named += re.findall(r"\d{4,}", exchange.request.get("query", "")) if exchange.type == "composite" else []
    if exchange.status == 404:
        return False
    return any(each not in ids for each in named) or "_ids=" in exchange.path or "?ids=" in exchange.path


def with_ids(exchange: Exchange, ids: Mapping[str, str]) -> Exchange:
    """The exchange as this server would have it: its own ids for theirs."""
    if not ids:
        return exchange
    pattern = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, ids)) + r")(?![\w-])")

    def translated(payload: Payload) -> Payload:
        found: Payload = json.loads(pattern.sub(lambda match: ids[match[0]], json.dumps(payload)))
        return found

    return exchange._replace(
        path=pattern.sub(lambda match: ids[match[0]], exchange.path),
        request=translated(exchange.request),
        response=translated(exchange.response),
    )


def made(body: Payload) -> str:
    """The id of the resource that an answer shows."""
    shown = body.get("data", body) if isinstance(body, dict) else body
    one = shown[0] if isinstance(shown, list) and shown else shown
    return str(one["id"]) if isinstance(one, dict) and one.get("id") else ""

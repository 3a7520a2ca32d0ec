"""Whatever Datadog was recorded to answer has the normal form of what was sent, and nothing else has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from generator.resources.types import Payload, resource_types
from tests.corpus import corpus_lines


class Sort(NamedTuple):
    """Recorded exchanges of a resource type, and how a PUT changes what was there."""

    name: str
    file: str
    merges: bool
    exceptions: Mapping[str, int]
    least: int = 300


NO_NAME = "no name was sent, so Datadog made one up; toban always sends one"
NO_REQUEST = "the request was not recorded"
MONITORS = Sort("monitor", "roundtrips.jsonl", merges=True, exceptions={NO_NAME: 7})
DASHBOARDS = Sort("dashboard", "roundtrips_dashboards.jsonl", merges=False, exceptions={NO_REQUEST: 2})
SLOS = Sort("slo", "roundtrips_slo.jsonl", merges=False, exceptions={}, least=80)
sorts = pytest.mark.parametrize("sort", [MONITORS, DASHBOARDS, SLOS], ids=lambda sort: sort.name)

SERVERS_OWN = "written by the server"
IGNORED: Mapping[str, Mapping[str, str]] = {
    "monitor": {
        **dict.fromkeys(("created", "deleted", "id", "modified", "overall_state", "state"), SERVERS_OWN),
        "assets": "answers hold them only where asked for",
        "multi": "follows the query",
        "options.locked": "follows restricted_roles whatever is sent",
        "options.silenced": "mutes belong to people",
    },
    "dashboard": {
        **dict.fromkeys(("author_handle", "id"), SERVERS_OWN),
        "is_read_only": "no longer supported",
        "widgets.id": "given anew by each PUT",
    },
    "slo": {
        **dict.fromkeys(("created_at", "creator", "id", "modified_at", "type_id"), SERVERS_OWN),
        "monitor_tags": "those of its monitors",
    },
}
"""Fields that were sent at least once and whose change in the answer means nothing, with the reasons."""


class Exchange(NamedTuple):
    sent: Payload
    wanted: Payload
    answer: Payload


def exchanges(sort: Sort) -> Iterator[Exchange | str]:
    """Creations and updates that Datadog accepted, or why one does not count."""
    resource_type = resource_types()[sort.name]
    for line in corpus_lines(sort.file):
        created = line["method"] == "POST" and line["path"] == resource_type.path
        if line["status"] != 200 or not (created or line["method"] == "PUT"):
            continue
        sent, before = line["request"], line.get("before") or {}
        if sent is None:
            yield NO_REQUEST
        elif created and sort is MONITORS and not sent.get("name"):
            yield NO_NAME
        else:
            answer = resource_type.wire.opened(line["response"])
            yield Exchange(sent, {**before, **sent} if sort.merges else sent, answer)


@sorts
def test_every_recorded_answer_has_the_form_of_what_was_sent(sort: Sort) -> None:
    comparable = resource_types()[sort.name].comparable
    exceptions: Counter[str] = Counter()
    compared = 0
    for exchange in exchanges(sort):
        if isinstance(exchange, str):
            exceptions[exchange] += 1
            continue
        compared += 1
        assert comparable(exchange.answer, exchange.sent) == comparable(exchange.wanted, exchange.sent)
    assert exceptions == sort.exceptions
    assert compared > sort.least


@sorts
def test_every_recorded_answer_has_the_form_that_a_whole_put_of_it_would_have(sort: Sort) -> None:
    resource_type = resource_types()[sort.name]
    for exchange in exchanges(sort):
        if not isinstance(exchange, str):
            body = resource_type.writable(exchange.wanted, exchange.answer)
            form = resource_type.comparable(exchange.wanted, exchange.sent)
            assert resource_type.comparable(body, exchange.sent) == form


@sorts
def test_a_change_of_any_field_that_was_ever_sent_is_seen_but_for_those_that_mean_nothing(sort: Sort) -> None:
    comparable = resource_types()[sort.name].comparable
    unseen: set[str] = set()
    seen: set[str] = set()
    for exchange in exchanges(sort):
        if isinstance(exchange, str):
            continue
        form = comparable(exchange.answer, exchange.sent)
        for field, edited in edits(exchange.answer, exchange.sent):
            (seen if comparable(edited, exchange.sent) != form else unseen).add(field)
    assert len(seen) >= 10
    assert seen & unseen == set()
    assert unseen == IGNORED[sort.name].keys()


def edits(answer: Payload, sent: Payload) -> Iterator[tuple[str, Payload]]:
    """The answer with one of the fields that were sent changed, as by hand in the browser."""
    for key in sent.keys() - {"options", "widgets"}:
        yield key, {**answer, key: edited(answer.get(key))}
    options = sent.get("options")
    for key in options if isinstance(options, Mapping) else ():
        there = answer.get("options", {})
        yield f"options.{key}", {**answer, "options": {**there, key: edited(there.get(key))}}
    for place, widget in enumerate(answer.get("widgets", ())[:3]):
        for key in widget.keys() - ({"id"} if answer.get("tabs") else set()):  # tabs name widgets by their ids
            changed = {**widget, key: edited(widget[key])}
            widgets = [*answer["widgets"][:place], changed, *answer["widgets"][place + 1 :]]
            yield f"widgets.{key}", {**answer, "widgets": widgets}


def edited(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 7
    if isinstance(value, str):
        return value + " by hand"
    if isinstance(value, list):
        return [*value, "by hand"]
    if isinstance(value, dict):
        return {**value, "by_hand": 7}
    return 7

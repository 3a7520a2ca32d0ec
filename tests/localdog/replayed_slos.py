"""How recorded exchanges about service level objectives are replayed."""

from __future__ import annotations

import json
import re

from generator.localdog.store import Record, Store
from tests.localdog.client import Payload
from tests.localdog.replay import Comparison, Edit, Exchange, Excuse, Mask, Reason, Replay, put
from tests.localdog.replayed_monitors import GIVEN, PART, RIGHTS, seed_monitor

BLANK: Payload = {"type": "metric", "name": "as it was", "tags": [], "created_at": 0}


def seed(store: Store, exchange: Exchange) -> None:
    """Put there what is updated, and the monitors that an accepted SLO is made of."""
    slo_id = exchange.path.split("/")[4] if exchange.method == "PUT" else ""
    if slo_id and exchange.status != 404:
        slo = {**BLANK, **exchange.before, "id": slo_id}
        put(store, Record("slo", slo_id, json.dumps(slo).encode()))
    unseen = re.findall(r"\d+", str(exchange.response.get("errors")))
    for part in exchange.request.get("monitor_ids") or ():
        if str(part) not in unseen:
            seed_monitor(store, {**PART, "id": part})


def in_order(exchange: Exchange) -> Exchange:
    listed = [{**each, "tags": sorted(each["tags"])} for each in exchange.response["data"]]
    return exchange._replace(response={**exchange.response, "data": listed})


def with_ids_in_order(exchange: Exchange) -> Exchange:
    (told,) = exchange.response["errors"]
    ids = sorted(re.findall(r"\d+", told), key=int)
    told = re.sub(r"\d[\d, ]*\d", ", ".join(ids), told, count=1)
    return exchange._replace(response={"errors": [told]})


def of_today(exchange: Exchange) -> Exchange:
    """In 2020 a description that was not sent was null, and some targets were shown with two digits."""
    (slo,) = exchange.response["data"]
    shown = [{**each, "target_display": each["target_display"].replace(".00", ".")} for each in slo["thresholds"]]
    slo = {**slo, "description": slo["description"] or "", "thresholds": shown}
    return exchange._replace(response={**exchange.response, "data": [slo]})


SLOS = Replay(
    file="roundtrips_slo.jsonl",
    reasons=(RIGHTS, Reason("an answer made by hand", lambda exchange: exchange.synthetic)),
    edits=(
        Edit(
            "with the tags of the answer in order: the server gives them in any",
            lambda exchange: exchange.status == 200 and any(each["tags"] for each in exchange.response["data"]),
            in_order,
        ),
        Edit(
            "with the ids of the refusal in order: the server gives them in any",
            lambda exchange: "invalid monitor ids" in str(exchange.response.get("errors")),
            with_ids_in_order,
        ),
        Edit(
            "with an empty description and short targets, as since 2021",
            lambda exchange: exchange.status == 200 and exchange.recorded < "2021",
            of_today,
        ),
    ),
    comparison=Comparison(
        masks=(GIVEN, Mask("whose values are the recording account's", frozenset({"creator"}))),
        excuses=(
            Excuse(
                "newer fields, which old recordings lack",
                "added",
                frozenset(
                    {
                        *("monitor_tags", "type_id"),  # since 2020
                        *("timeframe", "target_threshold", "warning_threshold"),  # since 2023
                        "sli_specification",  # of a count, since 2026
                    }
                ),
            ),
        ),
    ),
    seed=seed,
)

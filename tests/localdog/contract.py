"""How much of the recorded exchanges the local Datadog answers alike, as tables.

`python tests/localdog/contract.py docs/local-datadog.md` puts the present ones into the page.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from generator.localdog.server import embedded
from generator.localdog.store import Store
from tests.localdog.client import Client
from tests.localdog.in_order import played_in_order
from tests.localdog.replay import Replay, Score
from tests.localdog.replayed_dashboards import DASHBOARDS
from tests.localdog.replayed_monitors import MONITORS
from tests.localdog.replayed_others import OTHERS
from tests.localdog.replayed_slos import SLOS

PLACE = re.compile(r"(?<=<!-- contract -->\n).*?(?=<!-- /contract -->)", re.DOTALL)
FLOORS: tuple[tuple[Replay, float], ...] = ((MONITORS, 0.99), (DASHBOARDS, 0.985), (SLOS, 0.98), (OTHERS, 0.99))


IN_ORDER_FLOOR = 0.98


class Contract(NamedTuple):
    """Each exchange by itself, one score a file, and the recordings whole."""

    apart: tuple[Score, ...]
    in_order: Score


def contract() -> Contract:
    """Replay all files against one server."""
    replays = tuple(replay for replay, _ in FLOORS)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "local.db"
        with embedded(database) as url, closing(Store.open(database)) as store, closing(Client(url)) as call:
            return Contract(tuple(replay.run(call, store) for replay in replays), played_in_order(replays, call))


def tables(found: Contract) -> str:
    """By call, by type of monitor, and why what does not agree or count does not."""
    whole = Score(tuple(outcome for score in found.apart for outcome in score.outcomes))
    parts = (
        *table("call", whole.by(lambda exchange: exchange.endpoint), whole),
        "",
        *table("monitor type", whole.by(lambda exchange: exchange.type), None),
        "",
        *told("Disagree:", whole.problems()),
        *told("Not counted:", whole.left_out()),
        *told("Sent as today's rules ask:", whole.edits()),
        *told("Excused, in this direction only:", whole.excuses()),
        "Of these fields presence and type are compared, their values are not:",
        *masked(),
        "",
        *table("in the order of the recordings", {}, found.in_order),
        "",
        *told("Disagree in order:", found.in_order.problems()),
    )
    return "\n".join(parts)


def told(title: str, counted: Counter[str]) -> Iterator[str]:
    yield title
    yield from (f"- {count}: {text}" for text, count in counted.most_common())
    yield ""


def masked() -> Iterator[str]:
    masks = dict.fromkeys(mask for replay, _ in FLOORS for mask in replay.comparison.masks)
    for mask in masks:
        yield f"- {mask.reason}: {', '.join(f'`{field}`' for field in sorted(mask.fields))}"


def table(title: str, groups: dict[str, Score], whole: Score | None) -> Iterator[str]:
    yield f"| {title} | recorded | counted | agree | share | different | agree | share |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for name, score in groups.items():
        if score.counted:
            yield row(f"`{name}`", score)
    if whole is not None:
        yield row("all", whole)


def row(name: str, score: Score) -> str:
    """All exchanges that count, and those that differ in more than ids and numbers."""
    exchanges = f"{len(score.outcomes)} | {len(score.counted)} | {score.agreed} | {score.share:.1%}"
    return (
        f"| {name} | {exchanges} | {score.shapes} | {score.agreed_shapes} | {score.agreed_shapes / score.shapes:.1%} |"
    )


def with_tables(page: str) -> str:
    return PLACE.sub(lambda _: tables(contract()), page)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_text(with_tables(path.read_text(encoding="utf-8")), encoding="utf-8")

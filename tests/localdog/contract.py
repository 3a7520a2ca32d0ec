"""How much of the recorded exchanges the local Datadog answers alike, as tables.

`python tests/localdog/contract.py docs/local-datadog.md` puts the present ones into the page.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from generator.localdog.server import embedded
from generator.localdog.store import Store
from tests.localdog.client import Client
from tests.localdog.replay import Replay, Score
from tests.localdog.replayed_dashboards import DASHBOARDS
from tests.localdog.replayed_monitors import MONITORS
from tests.localdog.replayed_others import OTHERS
from tests.localdog.replayed_slos import SLOS

PLACE = re.compile(r"(?<=<!-- contract -->\n).*?(?=<!-- /contract -->)", re.DOTALL)
FLOORS: tuple[tuple[Replay, float], ...] = ((MONITORS, 0.99), (DASHBOARDS, 0.985), (SLOS, 0.98), (OTHERS, 0.99))


def scores() -> tuple[Score, ...]:
    """Replay all files against one server."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "local.db"
        with embedded(database) as url, closing(Store.open(database)) as store, closing(Client(url)) as call:
            return tuple(replay.run(call, store) for replay, _ in FLOORS)


def tables(found: tuple[Score, ...]) -> str:
    """By call, by type of monitor, and why what does not agree or count does not."""
    whole = Score(tuple(outcome for score in found for outcome in score.outcomes))
    parts = (
        *table("call", whole.by(lambda exchange: exchange.endpoint), whole),
        "",
        *table("monitor type", whole.by(lambda exchange: exchange.type), None),
        "",
        "Disagree:",
        *(f"- {count}: {problem}" for problem, count in whole.problems().most_common()),
        "",
        "Not counted:",
        *(f"- {count}: {reason}" for reason, count in whole.left_out().most_common()),
        "",
        "Sent as today's rules ask:",
        *(f"- {count}: {edit}" for edit, count in whole.edits().most_common()),
        "",
    )
    return "\n".join(parts)


def table(title: str, groups: dict[str, Score], whole: Score | None) -> Iterator[str]:
    yield f"| {title} | recorded | counted | agree | share |"
    yield "|---|---:|---:|---:|---:|"
    for name, score in groups.items():
        if score.counted:
            yield row(f"`{name}`", score)
    if whole is not None:
        yield row("all", whole)


def row(name: str, score: Score) -> str:
    return f"| {name} | {len(score.outcomes)} | {len(score.counted)} | {score.agreed} | {score.share:.1%} |"


def with_tables(page: str) -> str:
    return PLACE.sub(lambda _: tables(scores()), page)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_text(with_tables(path.read_text(encoding="utf-8")), encoding="utf-8")

"""Times syncs against a slow local Datadog, and against one with a rate limit.

`python benchmarks/sync.py [CREATES]`. Slow: each answer takes 100 ms; one writer at a time is timed on a tenth of the
creates. Limited: 100 creates in 10 seconds; counted are the whole periods between the first and the last create.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from generator.datadog.client import Datadog
from generator.datadog.pacing import WRITERS
from generator.datadog.target import Target
from generator.plan.planner import PlanOptions, plan
from generator.render.model import Resource
from generator.resources.types import resource_types
from generator.sync.archive import Archive
from generator.sync.executor import apply
from generator.sync.journal import Journal

CREATES = 5_000
ANSWER_SECONDS = 0.1
LIMIT, PERIOD_SECONDS, LIMITED_CREATES = 100, 10, 450
SLOW = {"faults": [{"when": {}, "do": {"delay": ANSWER_SECONDS}}]}
LIMITED = {"rate_limits": {"monitor_create": {"limit": LIMIT, "period_seconds": PERIOD_SECONDS}}}


def main() -> None:
    creates = int(sys.argv[1]) if sys.argv[1:] else CREATES
    few = max(creates // 10, 1)
    one_at_a_time = _creates_a_second(few, SLOW, workers=1)
    parallel = _creates_a_second(creates, SLOW, workers=WRITERS)
    print(f"{'creates':>9}  {'at 100 ms an answer':<24} {'seconds':>8}  {'a second':>8}")
    print(f"{few:>9,}  {'one at a time':<24} {few / one_at_a_time:>8.1f}  {one_at_a_time:>8.1f}")
    print(f"{creates:>9,}  {'in parallel':<24} {creates / parallel:>8.1f}  {parallel:>8.1f}")
    print(f"{'':>9}  {f'1/{parallel / one_at_a_time:.1f} of the time of one at a time':<24}")
    used, refused = _use_of_the_limit()
    print(f"{LIMITED_CREATES:>9,}  at most {LIMIT} in {PERIOD_SECONDS} s: {used:.1%} used, {refused:.1%} refused")


def _creates_a_second(creates: int, scenario: object, *, workers: int) -> float:
    with _local_datadog(scenario) as url:
        return creates / _sync(url, creates, workers=workers)


def _use_of_the_limit() -> tuple[float, float]:
    """The share of the limit that was used in whole periods, and of creates that were refused."""
    with _local_datadog(LIMITED) as url:
        _sync(url, LIMITED_CREATES, workers=WRITERS)
        with urllib.request.urlopen(f"{url}/_toban/requests") as answer:  # noqa: S310 - our own server
            requests = json.load(answer)["requests"]
    posts = [each for each in requests if each["method"] == "POST"]
    taken = Counter(
        int(datetime.fromisoformat(each["at"]).timestamp() // PERIOD_SECONDS) for each in posts if each["status"] == 200
    )
    whole = range(min(taken) + 1, max(taken))
    used = sum(taken[period] for period in whole) / (LIMIT * len(whole))
    return used, sum(each["status"] == 429 for each in posts) / len(posts)


def _sync(url: str, creates: int, *, workers: int) -> float:
    """Seconds that the writes took."""
    key = "0" * 32
    client = Datadog(Target(url, key, key), clock=time.monotonic, sleep=time.sleep, random=random.random)
    with client, tempfile.TemporaryDirectory() as folder:
        live = {name: client.live(found) for name, found in resource_types().items()}
        made = plan([_monitor(number) for number in range(creates)], live, PlanOptions(workspace="main"))
        with Journal.begin(Path(folder), "run", made) as journal:
            started = time.perf_counter()
            outcomes = apply(made, client, journal, Archive(Path(folder), "run"), workers=workers)
            seconds = time.perf_counter() - started
    if not outcomes.are_as_planned:
        sys.exit(f"the sync did not end as planned: {outcomes.counts}")
    return seconds


def _monitor(number: int) -> Resource:
    name = f"m{number:06}"
    payload: dict[str, Any] = {
        "name": name,
        "type": "query alert",
        "query": f"avg(last_5m):avg:system.cpu.user{{service:{name}}} > 90",
        "message": f"CPU of {name}",
        "options": {"thresholds": {"critical": 90}},
    }
    return Resource(f"main/api/{name}/production", "monitor", payload, "monitors/api.yaml", 1)


@contextmanager
def _local_datadog(scenario: object) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        faults = Path(folder) / "faults.json"
        faults.write_text(json.dumps(scenario), encoding="utf-8")
        command = [sys.executable, "-m", "generator", "local", "--port", "0", "--faults", str(faults)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder) as process:
            try:
                yield process.stdout.readline().strip() if process.stdout else ""
            finally:
                process.terminate()


if __name__ == "__main__":
    main()

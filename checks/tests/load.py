"""Processes that hold a known share of a core, and what the kernel counts of them."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Busy until it has used its share of the time since it began, then asleep for a moment.
_BUSY = """
import sys, time
share, began = float(sys.argv[1]), time.monotonic()
while True:
    while time.process_time() < share * (time.monotonic() - began):
        pass
    time.sleep(0.002)
"""


@contextlib.contextmanager
def busy(*shares: float) -> Iterator[list[int]]:
    """Process ids, one for each share of a core."""
    running = [subprocess.Popen([sys.executable, "-c", _BUSY, str(share)]) for share in shares]
    try:
        yield [each.pid for each in running]
    finally:
        for each in running:
            each.kill()
        for each in running:
            each.wait()


def counts_nanoseconds() -> bool:
    """Whether this kernel counts the time that processes run."""
    return Path("/proc/self/schedstat").exists() and _cpu_ns("self") > 0


def docker_stats(pids: list[int], name: str) -> dict[str, Any]:
    """What Docker would say of a container of these processes, which have one thread each.

    The previous reading is left out, as in the first answer of a container: the check has to keep its own.
    """
    cpus = [line for line in Path("/proc/stat").read_text(encoding="ascii").splitlines() if line.startswith("cpu")]
    # As Docker sums it: seven fields from `user` on, without `steal`.
    system_ns = sum(map(int, cpus[0].split()[1:8])) * 10**7
    return {
        "read": _now(),
        "preread": "0001-01-01T00:00:00Z",
        "name": name,
        "cpu_stats": {
            "cpu_usage": {"total_usage": sum(_cpu_ns(str(pid)) for pid in pids)},
            "system_cpu_usage": system_ns,
            "online_cpus": len(cpus) - 1,
            "throttling_data": {"periods": 0, "throttled_periods": 0, "throttled_time": 0},
        },
        "precpu_stats": {"cpu_usage": {"total_usage": 0}, "throttling_data": {}},
    }


def _cpu_ns(pid: str) -> int:
    """https://docs.kernel.org/scheduler/sched-stats.html: the first number is the time on the CPU."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0])


def _now() -> str:
    now = time.time_ns()
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now // 10**9))
    return f"{whole}.{now % 10**9:09d}Z"

"""Times whole runs of toban over 1,000, 10,000 and 100,000 monitors against a running local Datadog.

`python benchmarks/run.py [SIZE …]`. Each command runs as its own process; wall-clock seconds are the median of the
runs, memory is the largest of them. `cold` renders everything anew, `warm` uses the cache. `lint noisy` is lint of as
many monitors with a notice on each. `lint changed` is lint of one file that has just changed, to be held against
`imports`: the start of Python with all that lint imports.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from repository import make_repository

TOBAN = [sys.executable, "-m", "generator"]
LINT_IMPORTS = [sys.executable, "-c", "import generator.cli._linting as linting; linting.rules()"]
SIZES = (1_000, 10_000, 100_000)
RUNS = {1_000: 5, 10_000: 5, 100_000: 1}
KENNEL_SECONDS, KENNEL_MEGABYTES, KENNEL_SIZE = 5.6, 315, 10_000


def main() -> None:
    sizes = tuple(int(text) for text in sys.argv[1:]) or SIZES
    print(f"{'monitors':>9}  {'command':<12} {'seconds':>8} {'MB':>6}  {'of kennel':>9}")
    print(f"{'':>9}  {'--help':<12} {_median([*TOBAN, '--help'])[0]:>8.2f}")
    print(f"{'':>9}  {'imports':<12} {_median(LINT_IMPORTS)[0]:>8.2f}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _bench(Path(folder), size)


def _bench(folder: Path, size: int) -> None:
    project = folder / "project"
    make_repository(project, monitors=size, files=max(size // 50, 1))
    with _local_datadog(folder / "local.db") as url:
        target = ["--root", str(project), "--api-url", url]
        seconds, memory = _run([*TOBAN, "sync", "--yes", *target])
        _line(size, "sync", seconds, memory)
        for name, command in {
            "lint": [*TOBAN, "lint", "--no-cache", "--root", str(project)],
            "render": [*TOBAN, "render", "--format", "json", "--no-cache", "--root", str(project)],
            "plan cold": [*TOBAN, "plan", "--no-cache", *target],
            "plan warm": [*TOBAN, "plan", *target],
        }.items():
            _line(size, name, *_median(command, RUNS.get(size, 3)))
        noisy = folder / "noisy"
        make_repository(noisy, monitors=size, files=max(size // 50, 1), runbook="")
        command = [*TOBAN, "lint", "--no-cache", "--root", str(noisy)]
        _line(size, "lint noisy", *_median(command, RUNS.get(size, 3)))
        file = project / "monitors" / "service-0000.yaml"
        lint_file = [*TOBAN, "lint", "--root", str(project), str(file)]
        _line(size, "lint changed", *_median(lint_file, RUNS.get(size, 3), before=lambda: _change(file)))


def _change(file: Path) -> None:
    """So that nothing that is kept of the file is of use."""
    file.write_text(f"# {time.time()}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")


def _line(size: int, name: str, seconds: float, memory: float) -> None:
    share = ""
    if size == KENNEL_SIZE and name.startswith("plan"):
        share = f"{seconds / KENNEL_SECONDS:.0%} {memory / KENNEL_MEGABYTES:.0%}"
    print(f"{size:>9,}  {name:<12} {seconds:>8.2f} {memory:>6.0f}  {share:>9}", flush=True)


def _median(command: list[str], count: int = 5, *, before: Callable[[], object] = int) -> tuple[float, float]:
    """After one run that is not counted; `before` comes before each."""
    runs = []
    for _ in range(count + 1):
        before()
        runs.append(_run(command))
    del runs[0]
    return statistics.median(seconds for seconds, _ in runs), max(memory for _, memory in runs)


def _run(command: list[str]) -> tuple[float, float]:
    """Seconds by the clock and peak memory in MB of one process; a failing one ends the benchmark."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{errors.decode()[-2000:]}")
    return seconds, usage.ru_maxrss / 1024


@contextmanager
def _local_datadog(database: Path) -> Iterator[str]:
    process = subprocess.Popen([*TOBAN, "local", "--db", str(database)], stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip() if process.stdout else ""
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()

"""Where a backtest's history comes from: files, or the query API of a Datadog."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from generator.cli._backtest_request import Request
from generator.cli._exits import PROBLEM, USAGE, Stop
from generator.cli._files import state_folder
from generator.cli._interrupts import stopping
from generator.cli._project import cache_folder
from generator.cli._target import described, opened_target
from generator.datadog.client import Datadog
from generator.datadog.errors import ApiError, UnusableTarget
from generator.datadog.transport import Transport
from generator.history.budget import Metered
from generator.history.cache import HistoryCache
from generator.history.files import read_history
from generator.history.points import UnreadableHistory
from generator.history.pulling import Pulling
from generator.history.source import Files, Pulled, Reading, Source, missing


@dataclass(frozen=True, slots=True)
class Opened:
    """`words` say what it is; `span` is that of points in files; `sent` counts requests."""

    source: Source
    words: str
    span: tuple[int, int] | None = None
    sent: Callable[[], int] = lambda: 0


@contextmanager
def opened(request: Request, now: datetime) -> Iterator[Opened]:
    """The files if there are any, else the target; its failures end the command with a text for people."""
    if request.history:
        if request.local or request.api_url:
            option = "--local" if request.local else "--api-url"
            raise Stop(f"`--history` and `{option}` are two sources", hint="give one of them", code=USAGE)
        yield _of_files(request.history)
        return
    try:
        with opened_target(request.root, request.api_url, local=request.local) as target:
            metered = Metered(Transport(target), request.requests)
            with Datadog(
                target, clock=time.monotonic, sleep=time.sleep, random=random.random,
                run_seconds=request.within * 60.0, transport=metered,
            ) as client, stopping(client.stop):  # fmt: skip
                pulling = Pulling(
                    api=client,
                    target=described(target),
                    cache=HistoryCache(None if target.is_local else _folder(request)),
                    now=int(now.timestamp()),
                )
                yield Opened(Pulled(pulling), described(target), sent=lambda: metered.sent)
    except ApiError as error:
        code = USAGE if isinstance(error, UnusableTarget) else PROBLEM
        raise Stop(str(error), hint="what came until then is kept; run again to go on", code=code) from error


def _of_files(paths: tuple[Path, ...]) -> Opened:
    try:
        filed = read_history(paths)
    except UnreadableHistory as error:
        raise Stop(str(error), hint=error.hint, code=USAGE) from error
    if filed.span is None:
        raise Stop("the files have no points", hint="a row is a point: `time,metric,value`", code=USAGE)
    return Opened(Files(filed), ", ".join(path.name for path in paths), span=filed.span)


def _folder(request: Request) -> Path | None:
    """None where no cache is kept, as for rendering."""
    if cache_folder(request.root, no_cache=request.no_cache) is None:
        return None
    folder = state_folder(request.root) / "history"
    return None if folder.is_symlink() else folder


@contextmanager
def progressing(source: Source, payloads: Sequence[Mapping[str, Any]], reading: Reading, most: int) -> Iterator[Source]:
    """The source, with a bar at a terminal for what is to be pulled."""
    if not isinstance(source, Pulled) or sys.stderr is None or not sys.stderr.isatty():
        yield source
        return
    length = min(len(missing(source.pulling, payloads, reading)), most)
    if not length:
        yield source
        return
    with click.progressbar(length=length, file=sys.stderr, label="history", show_pos=True) as bar:
        yield Pulled(replace(source.pulling, progress=lambda: bar.update(1)))

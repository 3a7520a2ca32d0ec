"""Several questions at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from generator.datadog.client import Datadog

ASKERS = 8
"""Each that is under way when Datadog goes away has tries of its own."""

Question = TypeVar("Question")
Answer = TypeVar("Answer")


def answers_of(client: Datadog, questions: Sequence[Question], ask: Callable[[Question], Answer]) -> list[Answer]:
    """The answers in the order of the questions. An interrupt (Ctrl-C) begins no other question."""
    if not questions:
        return []
    with ThreadPoolExecutor(min(ASKERS, len(questions))) as pool:
        try:
            return list(pool.map(ask, questions))
        except BaseException:
            client.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise

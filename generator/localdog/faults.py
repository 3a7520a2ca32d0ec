"""Which faults are set, which of them strike a request, and what is told of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from starlette.types import ASGIApp

from generator.localdog.buckets import Buckets
from generator.localdog.fault import Deed, Delay, Fault, RateLimit, Scenario

NO_FAULTS = Scenario()


class Frozen(NamedTuple):
    """An application that answers from the state of one moment for ever, and what ends it."""

    app: ASGIApp
    close: Callable[[], None]


class Faults:
    """The scenario in force."""

    def __init__(self) -> None:
        self.freeze: Callable[[], Frozen] | None = None
        self.frozen: Frozen | None = None
        self._begin(NO_FAULTS)

    def _begin(self, scenario: Scenario) -> None:
        if self.frozen is not None:
            self.frozen.close()
        self.scenario = scenario
        self.frozen = None
        self.buckets = Buckets()
        self._random = random.Random(scenario.seed)  # noqa: S311 chance, not secrets
        self._matched = [0] * len(scenario.faults)
        self._struck = [0] * len(scenario.faults)

    def set(self, scenario: Scenario) -> None:
        """Begin a scenario: all counts start anew, and stale lists show what is there now."""
        self._begin(scenario)
        if self.freeze is not None and any(fault.do.stale for fault in scenario.faults):
            self.frozen = self.freeze()

    def striking(self, method: str, path: str, query: str, body: bytes) -> tuple[Deed, ...]:
        """Count the request for each fault that it matches and return what strikes it, in the scenario's order."""
        return tuple(self._deeds(method, path, query, body)) if self.scenario.faults else ()

    def _deeds(self, method: str, path: str, query: str, body: bytes) -> Iterator[Deed]:
        for place, fault in enumerate(self.scenario.faults):
            if fault.when.matches(method, path, query, body):
                self._matched[place] += 1
                if fault.when.chooses(self._matched[place], self._random.random()):
                    self._struck[place] += 1
                    yield fault.do

    def seconds(self, delay: float | Delay | None) -> float:
        """Draw how long a request waits."""
        if not isinstance(delay, Delay):
            return delay or 0.0
        if delay.uniform is not None:
            return self._random.uniform(*delay.uniform)
        if delay.normal is not None:
            return max(0.0, self._random.gauss(*delay.normal))
        return self._random.expovariate(1 / delay.exponential) if delay.exponential else 0.0

    def rate_limit(self, bucket: str) -> RateLimit | None:
        limits = self.scenario.rate_limits
        return limits.get(bucket) or limits.get("default")

    def told(self) -> list[tuple[Fault, int, int]]:
        """Each fault with how many requests matched it and how many it struck."""
        return list(zip(self.scenario.faults, self._matched, self._struck, strict=True))

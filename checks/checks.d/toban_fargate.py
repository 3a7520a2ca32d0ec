"""Datadog Agent check: CPU of an ECS task in percent of what the task may use."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from datadog_checks.base import AgentCheck, ConfigurationError
from toban_fargate_cpu import Memory, measured
from toban_fargate_documents import UnreadableDocumentError, stats_of, task_of
from toban_fargate_endpoint import EndpointError, endpoint_of, read_json
from toban_fargate_metrics import Metric, points, task_tags

__version__ = "1.0.0"

SERVICE_CHECK = "toban.fargate.endpoint"
_LONGEST_TIMEOUT_SECONDS = 60


class TobanFargateCheck(AgentCheck):
    """Asks the task metadata endpoint once a run; README.md says what is sent."""

    def __init__(
        self,
        name: str,
        init_config: dict[str, Any],
        instances: list[dict[str, Any]],
        *,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        super().__init__(name, init_config, instances)
        self._clock = clock
        self._timeout_seconds = _timeout_seconds(self.instance)
        self._with_irix = _with_irix(self.instance)
        self._own_tags = _tags(self.instance)
        self._task_tags: tuple[str, ...] = ()
        self._memory: Memory = {}

    def check(self, _: dict[str, Any]) -> None:
        try:
            endpoint = endpoint_of(os.environ)
            task = task_of(read_json(endpoint.task, timeout_seconds=self._timeout_seconds))
            self._task_tags = task_tags(task)
            stats = stats_of(read_json(endpoint.stats, timeout_seconds=self._timeout_seconds))
        except (EndpointError, UnreadableDocumentError) as error:
            self._report(AgentCheck.CRITICAL, str(error))
            return
        measurement = measured(task, stats, self._memory, now_ns=self._clock())
        self._memory = measurement.memory
        self._report(AgentCheck.WARNING if measurement.unread else AgentCheck.OK, measurement.unread or "")
        for each in points(task, measurement, with_irix=self._with_irix):
            send = self.count if each.metric is Metric.TASK_CUT else self.gauge
            send(each.metric.value, each.value, tags=[*each.tags, *self._own_tags])

    def _report(self, status: int, message: str) -> None:
        """The service check and, with a message, the Agent's status; the task's tags are the last that were read."""
        self.service_check(SERVICE_CHECK, status, tags=[*self._task_tags, *self._own_tags], message=message)
        if message:
            self.warning("no CPU was measured: %s", message)


def _timeout_seconds(instance: dict[str, Any]) -> float:
    found = instance.get("timeout", 5)
    if isinstance(found, str):
        raise ConfigurationError(f"`timeout` is `{found}`, a text; write it without quotes")
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not 0 < found <= _LONGEST_TIMEOUT_SECONDS:
        raise ConfigurationError(f"`timeout` is `{found}`, not seconds above 0 and up to {_LONGEST_TIMEOUT_SECONDS}")
    return float(found)


def _with_irix(instance: dict[str, Any]) -> bool:
    found = instance.get("irix_percent", False)
    if not isinstance(found, bool):
        raise ConfigurationError(f"`irix_percent` is `{found}`, not `true` or `false`")
    return found


def _tags(instance: dict[str, Any]) -> tuple[str, ...]:
    found = instance.get("tags") or []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ConfigurationError(f"`tags` is `{found}`, not a list of texts such as `- team:web`")
    return tuple(found)

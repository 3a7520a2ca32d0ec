"""What the task metadata endpoint says, as values: moments in nanoseconds, sizes in cores.

Nothing is taken for granted: a field may be absent, null or of another type, and then it is None here, never 0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND_NS = 10**9
# RFC 3339 with any number of digits: Linux sends nine, Windows seven, and datetime reads six.
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,40}))?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_LARGEST_COUNTER = 2**64 - 1
_CPU_UNITS = 1024
# The smallest weight that Linux accepts; the ECS agent writes it where a container reserves nothing.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
_NO_RESERVATION = 2
_OF_ECS = "~internal~ecs~"
_JSON_WORDS: Mapping[type, str] = {type(None): "null", bool: "true or false", str: "a text", list: "a list"}


class UnreadableDocumentError(Exception):
    """The endpoint answered with something that is not what ECS documents."""


@dataclass(frozen=True)
class Counter:
    """All CPU time that a container had used at a moment."""

    read_ns: int
    total_ns: int


@dataclass(frozen=True)
class StockCounters:
    """What Datadog's own integration divides, of the endpoint's two readings; `seconds` between them are whole ones."""

    used_ns: int
    system_ns: int
    online_cpus: int
    seconds: int


@dataclass(frozen=True)
class Stats:
    """A container's counters. `before` is the endpoint's own previous reading."""

    now: Counter
    before: Counter | None = None
    online_cpus: int | None = None
    stock: StockCounters | None = None


@dataclass(frozen=True)
class Container:
    """One container of a task; without a reservation it may use all."""

    id: str
    name: str
    reserved_cores: float | None = None
    is_running: bool = True
    started_ns: int | None = None
    restarts: int = 0

    @property
    def life(self) -> tuple[int | None, int]:
        """Differs once the container was started anew."""
        return self.started_ns, self.restarts


@dataclass(frozen=True)
class Task:
    """The task, with the containers that count: not those of ECS itself and not those that have stopped."""

    arn: str
    family: str | None = None
    version: str | None = None
    cluster: str | None = None
    limit_cores: float | None = None
    containers: tuple[Container, ...] = ()


# The document `/task`.


def task_of(document: object) -> Task:
    """The task that `/task` describes."""
    fields = _fields(document, "the task document")
    arn, containers = _text(fields.get("TaskARN")), fields.get("Containers")
    if arn is None:
        raise UnreadableDocumentError("the task has no `TaskARN`")
    if not isinstance(containers, list):
        raise UnreadableDocumentError("the task has no list of `Containers`")
    cluster = _text(fields.get("Cluster"))
    return Task(
        arn,
        family=_text(fields.get("Family")),
        version=_text(fields.get("Revision")),
        # A name or, on Fargate, an ARN that ends with it.
        cluster=cluster.rpartition("/")[2] if cluster else None,
        limit_cores=_size(_within(fields, "Limits").get("CPU")),
        containers=tuple(_container(each) for each in containers if isinstance(each, Mapping) and _counts(each)),
    )


def _counts(fields: Mapping[str, Any]) -> bool:
    name = _text(fields.get("Name"))
    if name is None or _text(fields.get("DockerId")) is None:
        return False
    is_of_ecs = name.startswith(_OF_ECS) or fields.get("Type") not in (None, "NORMAL")
    return not is_of_ecs and fields.get("KnownStatus") != "STOPPED"


def _container(fields: Mapping[str, Any]) -> Container:
    units = _size(_within(fields, "Limits").get("CPU"))
    return Container(
        fields["DockerId"],
        fields["Name"],
        reserved_cores=units / _CPU_UNITS if units is not None and units > _NO_RESERVATION else None,
        is_running=fields.get("KnownStatus") in (None, "RUNNING"),
        started_ns=moment_ns(fields.get("StartedAt")),
        restarts=_counter(fields.get("RestartCount")) or 0,
    )


# The document `/task/stats`.


def stats_of(document: object) -> dict[str, Stats]:
    """Counters by container id. A stopped container's are null, `{}` or absent; none of them is here."""
    read = {name: _stats(each) for name, each in _fields(document, "the stats document").items()}
    return {name: stats for name, stats in read.items() if stats is not None}


def _stats(document: object) -> Stats | None:
    if not isinstance(document, Mapping):
        return None
    now_fields, before_fields = _within(document, "cpu_stats"), _within(document, "precpu_stats")
    now = _reading(document.get("read"), now_fields)
    if now is None:
        return None
    before = _reading(document.get("preread"), before_fields)
    return Stats(
        now,
        # Platform 1.4 of 2020 sent zeros for the previous reading: an average since the start, not of now.
        before=before if before is not None and before.total_ns > 0 else None,
        online_cpus=_online_cpus(now_fields),
        stock=_stock(document, now_fields, before_fields),
    )


def _stock(document: Mapping[str, Any], now: Mapping[str, Any], before: Mapping[str, Any]) -> StockCounters | None:
    """A previous reading of zeros counts there, and so do online CPUs only where they are told."""
    read_ns, preread_ns = moment_ns(document.get("read")), moment_ns(document.get("preread"))
    used = _difference(*(_within(each, "cpu_usage").get("total_usage") for each in (now, before)))
    system = _difference(*(each.get("system_cpu_usage") for each in (now, before)))
    online_cpus = _counter(now.get("online_cpus"))
    if used is None or system is None or online_cpus is None:
        return None
    seconds = 0 if read_ns is None or preread_ns is None else (read_ns - preread_ns) // _SECOND_NS
    return StockCounters(used, system, online_cpus, max(0, seconds))


def _reading(read: object, fields: Mapping[str, Any]) -> Counter | None:
    read_ns, total_ns = moment_ns(read), _counter(_within(fields, "cpu_usage").get("total_usage"))
    return None if read_ns is None or total_ns is None else Counter(read_ns, total_ns)


def _online_cpus(fields: Mapping[str, Any]) -> int | None:
    """As Docker documents it: the length of `percpu_usage` only where `online_cpus` is absent."""
    online, each = _counter(fields.get("online_cpus")), _within(fields, "cpu_usage").get("percpu_usage")
    return online or (len(each) if isinstance(each, list) and each else None)


# Single fields.


def moment_ns(text: object) -> int | None:
    """Nanoseconds since 1970; None for what is no moment after it, such as Docker's year 1 for "never"."""
    match = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    whole, fraction, zone = match.groups()
    try:
        moment = datetime.fromisoformat(whole.upper() + ("+00:00" if zone in "Zz" else zone))
        seconds = (moment - _EPOCH) // timedelta(seconds=1)
    except (ValueError, OverflowError):
        return None
    nanoseconds = seconds * _SECOND_NS + int((fraction or "0")[:9].ljust(9, "0"))
    return nanoseconds if nanoseconds > 0 else None


def _fields(document: object, what: str) -> Mapping[str, Any]:
    if isinstance(document, Mapping):
        return document
    found = _JSON_WORDS.get(type(document), "a number")
    raise UnreadableDocumentError(f"{what} is {found}, not a JSON object")


def _within(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = fields.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _counter(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_COUNTER else None


def _difference(now: object, before: object) -> int | None:
    later, earlier = _counter(now), _counter(before)
    return None if later is None or earlier is None else later - earlier


def _size(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= _LARGEST_COUNTER:
        return None
    return float(value) if math.isfinite(value) else None

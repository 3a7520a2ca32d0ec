"""What the keys are good for: each call once, and none changes anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from generator.datadog.answers import rejection
from generator.datadog.target import Target
from generator.datadog.transport import Answer, NoAnswer, NotSent, Sender, Transport

ANSWER_SECONDS = 15.0
_NOBODY = "00000000-0000-0000-0000-000000000000"


class Verdict(Enum):
    TAKEN = "taken"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Asked:
    """`words` are the server's where it did not take the call; `date` is its header of that name."""

    verdict: Verdict
    words: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """A call that needs the scope `reading`, and one on what cannot exist that needs `writing`."""

    words: str
    reading: str
    path: str
    writing: str = ""
    method: str = "PUT"
    absent: str = ""


# Scopes: https://docs.datadoghq.com/api/latest/scopes/
PROBES = (
    Probe(
        "monitors",
        "monitors_read",
        "/api/v1/monitor?page=0&page_size=1",
        writing="monitors_write",
        absent="/api/v1/monitor/0",
    ),
    Probe(
        "dashboards",
        "dashboards_read",
        "/api/v1/dashboard?count=1",
        writing="dashboards_write",
        absent="/api/v1/dashboard/000-000-000",
    ),
    Probe(
        "SLOs",
        "slos_read",
        "/api/v1/slo?limit=1",
        writing="slos_write",
        absent=f"/api/v1/slo/{_NOBODY.replace('-', '')}",
    ),
    Probe(
        "downtimes",
        "monitors_downtime",
        "/api/v2/downtime?page[limit]=1",
        writing="monitors_downtime",
        method="PATCH",
        absent=f"/api/v2/downtime/{_NOBODY}",
    ),
    Probe("metrics", "timeseries_query", "/api/v1/query?from=0&to=60&query=avg:system.load.1{*}"),
)


class Diagnosis:
    """One Datadog, asked without patience."""

    def __init__(self, target: Target, transport: Sender | None = None) -> None:
        self._transport = Transport(target, answer_seconds=ANSWER_SECONDS) if transport is None else transport

    def api_key(self) -> Asked:
        return self._asked("GET", "/api/v1/validate")

    def reads(self, probe: Probe) -> Asked:
        return self._asked("GET", probe.path)

    def writes(self, probe: Probe) -> Asked:
        """Datadog looks at the keys before it looks for what would be updated, which is not there."""
        return self._asked(probe.method, probe.absent, payload={})

    def _asked(self, method: str, path: str, payload: object = None) -> Asked:
        try:
            answer = self._transport.send(method, path, payload=payload)
        except (NotSent, NoAnswer) as error:
            return Asked(Verdict.UNREACHABLE, str(error))
        words = "" if answer.status < 300 else str(rejection(answer, words=f"{method} {path.partition('?')[0]}"))
        return Asked(_verdict(answer, writes=payload is not None), words, answer.headers.get("date", ""))


def application_key_refusals(reads: Sequence[Asked]) -> tuple[Asked, ...]:
    """All that was refused, where nothing was taken: then it is the key, not one scope of it. Else empty."""
    refused = tuple(each for each in reads if each.verdict is Verdict.REFUSED)
    is_taken = any(each.verdict is Verdict.TAKEN for each in reads)
    return refused if len(refused) > 1 and not is_taken else ()


def _verdict(answer: Answer, *, writes: bool) -> Verdict:
    if answer.status in (401, 403):
        return Verdict.REFUSED
    is_answered = 200 <= answer.status < 300 or (writes and answer.status in (400, 404))
    return Verdict.TAKEN if is_answered else Verdict.UNCLEAR

"""How many monitors that Datadog accepted each rule hits. `make corpus-lint` prints it."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from generator.finding import Finding, Severity
from generator.lint.rule import rules
from generator.source.reader import read_folder
from tests.lint.corpus_project import ORGANIZATION, Monitor, accepted_monitors, vendor_monitors
from tests.lint.project import findings_in


@dataclass(frozen=True)
class Rate:
    """Of a rule: how many monitors it hits of those that Datadog's server took, and of those that Datadog ships."""

    rule: str
    severity: Severity
    accepted: float
    vendor: float


def findings_on(monitors: Iterable[Monitor]) -> tuple[tuple[Finding, ...], int]:
    """What is found in them as raw monitors, one service each, and how many they are."""
    with tempfile.TemporaryDirectory() as folder:
        below = Path(folder) / "monitors"
        below.mkdir()
        (below / "organization.yaml").write_text(ORGANIZATION)
        count = 0
        for monitor in monitors:
            content = {"service": f"s{count:04}", "monitors": {"m": {"kind": "raw", **monitor}}}
            (below / f"s{count:04}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True, width=10_000))
            count += 1
        return findings_in(read_folder(Path(folder))), count


def rates() -> tuple[tuple[Rate, ...], tuple[Finding, ...]]:
    """The rates by rule, and all findings on accepted monitors."""
    accepted, accepted_count = findings_on(accepted_monitors())
    vendor, vendor_count = findings_on(vendor_monitors())
    return tuple(
        Rate(
            rule.name,
            rule.severity,
            len(_hit(rule.name, accepted)) / accepted_count,
            len(_hit(rule.name, vendor)) / vendor_count,
        )
        for rule in rules()
    ), accepted


def _hit(rule: str, findings: Iterable[Finding]) -> set[str]:
    return {name for each in findings if each.rule == rule for name in each.tracking_ids}


if __name__ == "__main__":
    found, _ = rates()
    print(f"{'rule':<36} {'severity':<8} {'accepted':>8} {'vendor':>8}")  # noqa: T201  a report
    for rate in sorted(found, key=lambda rate: -rate.accepted):
        print(f"{rate.rule:<36} {rate.severity.value:<8} {rate.accepted:>8.1%} {rate.vendor:>8.1%}")  # noqa: T201
    gc.freeze()

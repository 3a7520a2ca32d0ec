"""Makes a repository of many monitors, of the shapes that people write.

It is a sound one: each monitor has a runbook and asks what no other does, each batch has a deadline. One with no runbook
at all has a notice on each of its monitors.
"""

from __future__ import annotations

from pathlib import Path

ORGANIZATION = """\
workspace: bench
timezone: Asia/Tokyo
business_hours: {days: mon-fri, from: "10:00", to: "19:00"}
metrics_arrive_within: {aws: 20m}
tags: ["managed-in:github"]
teams:
  data: {notify: "@slack-data-alerts", urgent: "@pagerduty-data"}
environments:
  production: {scope: "env:production", aws: {account: "111122223333", region: ap-northeast-1}}
"""

SERVICE = """\
team: data
service: service-{file:04}
{runbook}monitors:
"""

RUNBOOK = "https://wiki.example.com/runbooks/service-{file:04}"

LATENCY = """\
  latency-{number:03}:
    kind: metric
    query: avg(last_10m):avg:trace.http.request.duration{{service:<< service >>,endpoint:e{number},<< environment.scope >>}} by {{host}} > 0.8
    thresholds: {{warning: 0.6}}
    message: |
      Requests to endpoint {number} of << service >> take {{{{value}}}} s on {{{{host.name}}}} in << environment.name >>.
      The limit is {{{{threshold}}}} s; look at the dashboard first, then at the last deployment.
    tags: ["tier:{number}"]
"""

ERRORS = """\
  errors-{number:03}:
    kind: metric
    query: sum(last_10m):sum:trace.http.request.errors{{service:<< service >>,endpoint:e{number},<< environment.scope >>}}.as_count() / sum:trace.http.request.hits{{service:<< service >>,endpoint:e{number},<< environment.scope >>}}.as_count() * 100 > 2
    message: "{{{{value}}}} % of the requests to endpoint {number} of << service >> fail."
    priority: 3
"""

FAILED = """\
  nightly-{number:03}-failed:
    kind: batch_failure
    state_machine: nightly-{file}-{number}
    group_by: [stage]
    runs: {{from: "04:00", to: "05:30"}}
    notify_at: "10:00"
    message: Step {{{{stage.name}}}} of batch {number} failed.
"""

LATE = """\
  nightly-{before:03}-late:
    kind: batch_delay
    state_machine: nightly-{file}-{before}
    runs: {{from: "04:00"}}
    deadline: "12:00"
    message: Batch {before} is not done.
"""

LOGS = """\
  logs-{number:03}:
    kind: raw
    type: log alert
    query: logs("service:service-{file:04} status:error @endpoint:e{number}").index("main").rollup("count").last("5m") > {limit}
    message: "Errors in the logs of endpoint {number}. {link}@slack-data-alerts"
    options: {{thresholds: {{critical: {limit}}}, notify_no_data: false, renotify_interval: 60, include_tags: true}}
"""

SHAPES = (LATENCY, ERRORS, FAILED, LOGS, LATENCY, ERRORS, LATE, LOGS)


def make_repository(root: Path, *, monitors: int, files: int, runbook: str = RUNBOOK) -> None:
    """Write `monitors` monitors into `files` files below `root`, the shapes in turn."""
    folder = root / "monitors"
    folder.mkdir(parents=True)
    (folder / "organization.yaml").write_text(ORGANIZATION, encoding="utf-8")
    for file in range(files):
        written = _service(file, monitors // files, runbook.format(file=file))
        (folder / f"service-{file:04}.yaml").write_text(written, encoding="utf-8")


def _service(file: int, monitors: int, runbook: str) -> str:
    link = f"{runbook} " if runbook else ""
    shapes = (
        SHAPES[number % len(SHAPES)].format(file=file, number=number, before=number - 4, limit=number + 1, link=link)
        for number in range(monitors)
    )
    return SERVICE.format(file=file, runbook=f"runbook: {runbook}\n" if runbook else "") + "".join(shapes)

"""A monitor whose message names nobody: it turns red on a page that nobody looks at.

Set `notify` on the monitor, its service or its team; a raw monitor takes only its own. A monitor in Datadog's draft
status and one that a composite monitor uses are left alone: they are not there to tell anybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import Repository
from generator.lint.rule import Complaint
from generator.message.conditionals import handles
from generator.render.model import Resource
from generator.resources.references import references

SEVERITY = Severity.WARNING
REACH = "repository"


def findings(repository: Repository) -> Iterator[tuple[Resource, Complaint]]:
    silent = [each for each in repository.monitors if "@" not in each.message() or not handles(each.message())]
    used = {name for each in repository.monitors if "%{" in each.text for name in references({"query": each.text})}
    for monitor in silent:
        is_draft = monitor.resource.payload.get("draft_status") == "draft"
        if not is_draft and monitor.resource.tracking_id not in used:
            yield (
                monitor.resource,
                Complaint(
                    "the message notifies nobody",
                    ("message",),
                    hint="name a handle such as `@slack-channel` in the message, or set `notify`",
                ),
            )

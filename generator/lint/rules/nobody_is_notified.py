"""A monitor whose message names nobody: it turns red on a page that nobody looks at.

Set `notify` on the monitor, its service or its team; a raw monitor takes only its own. A monitor in Datadog's draft
status and one that a composite monitor uses are left alone: they are not there to tell anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor, Repository, key
from generator.lint.rule import Complaint, ResourceKey
from generator.message.handles import has_handle
from generator.resources.references import references

SEVERITY = Severity.NOTICE
REACH = "repository"


class Facts(Struct, frozen=True):
    """Of one file: monitors that notify nobody, and the tracking ids that its composites use."""

    silent: tuple[ResourceKey, ...]
    used: tuple[str, ...]


def facts(repository: Repository) -> Facts:
    texts = [each.text for each in repository.monitors if "%{" in each.text]
    return Facts(
        silent=tuple(key(each.resource) for each in repository.monitors if _is_silent(each)),
        used=tuple(name for text in texts for name in references({"query": text})),
    )


def findings(facts: Mapping[str, Facts]) -> Iterator[tuple[ResourceKey, Complaint]]:
    used = {name for each in facts.values() for name in each.used}
    hint = "name a handle such as `@slack-channel` in the message, or set `notify`"
    for each in facts.values():
        for of in each.silent:
            if of[1] not in used:
                yield of, Complaint("the message notifies nobody", ("message",), hint=hint)


def _is_silent(monitor: RenderedMonitor) -> bool:
    is_draft = monitor.resource.payload.get("draft_status") == "draft"
    return not is_draft and not has_handle(monitor.message())

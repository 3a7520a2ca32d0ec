"""A tag is not as Datadog writes tags, so that looking for it finds one half of what it is meant for.

Datadog writes the tags of metrics, logs and hosts in lower case, with letters, digits and `_-:./`, starting with a
letter, at most 200 characters (https://docs.datadoghq.com/getting_started/tagging/#define-tags). A monitor keeps its
tag as it is written: `team:Data` on the monitor and `team:data` on its metrics are two teams, a downtime or a
notification rule for one misses the other. Write the tag as it is written elsewhere. A tag that stands twice counts
once.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rule import Complaint, Replacement
from generator.lint.tags import are_plain, normal_tag
from generator.message.problem import shown
from generator.render.model import Resource

SEVERITY = Severity.NOTICE
REACH = "resource"
RESOURCES = ("monitor", "slo")


def findings(resource: Resource) -> Iterator[Complaint]:
    tags = resource.payload.get("tags")
    if not isinstance(tags, list) or are_plain(tags):
        return
    seen = set()
    for index, tag in enumerate(tags):
        if not isinstance(tag, str):
            continue
        if tag in seen:
            yield Complaint(f"the tag {shown(tag)} stands twice", ("tags", index), hint="remove one of the two")
        elif (written := normal_tag(tag)) != tag:
            yield _rewritten(tag, written, index)
        seen.add(tag)


def _rewritten(tag: str, written: str, index: int) -> Complaint:
    field = ("tags", index)
    if not written:
        return Complaint(f"nothing of the tag {shown(tag)} is left as a tag", field, hint="start with a letter")
    return Complaint(
        f"the tag {shown(tag)} is {shown(written)} on metrics, logs and hosts",
        field,
        hint=f"write {shown(written)}",
        fix=Replacement(written, field, 0, len(tag)),
    )

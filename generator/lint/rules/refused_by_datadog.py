"""Datadog refuses the monitor.

`toban plan` and `toban lint --online` have Datadog itself validate the monitors that would change, and tell what it
says against them. A sync would be refused in the same words, half-way through: the error stops it before it begins.
Some rules are the account's own, such as tags that a policy requires. Mend what the words name. Where a suppression
hides this, the sync goes on and fails at this monitor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from generator.finding import Severity
from generator.lint.answers import Answers
from generator.lint.rendered import Repository
from generator.lint.rule import Complaint, Field
from generator.render.model import Resource

SEVERITY = Severity.ERROR
REACH = "online"

_MOST_WORDS = 5
_WORD = re.compile(r"[a-z_]+")
_SAID_OTHERWISE: Mapping[str, Field] = {
    "threshold": ("options", "thresholds"),
    "alert": ("options", "thresholds"),
    "tag": ("tags",),
    "query": ("query",),
}


def findings(repository: Repository, answers: Answers) -> Iterator[tuple[Resource, Complaint]]:
    for resource in repository.resources:
        for words in islice(answers.refusals.get(resource.tracking_id, ()), _MOST_WORDS):
            field = _field(words, resource)
            yield resource, Complaint(f"Datadog refuses it: {words.strip()}", field, "mend what Datadog's words name")


def _field(words: str, resource: Resource) -> Field:
    """The field that the words name, by its own name or, at the beginning, in other words; none where none is."""
    said = _WORD.findall(words.lower()[:1000])
    options = resource.payload.get("options")
    for word in said:
        if isinstance(options, Mapping) and word in options and word != "silenced":
            return ("options", word)
        if word in resource.payload and word != "type":
            return (word,)
        plain = word.removesuffix("s")
        if plain in _SAID_OTHERWISE:
            return _SAID_OTHERWISE[plain]
    return ()

"""Findings that no rule makes: of reading and rendering the YAML, and of suppressions. What each means, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

EXPLAINED: Final[Mapping[str, str]] = {
    "defines-nothing": "The file has a service and no monitors, dashboards, downtimes or SLOs: write some, or "
    "remove it.",
    "duplicate-adoption": "Two resources adopt the same one in Datadog: it can become only one of them. Keep one "
    "`adopt`.",
    "duplicate-file": "Two files are for the organisation, or for one set: keep one of the two.",
    "duplicate-name": "Two resources have one name, so one tracking id: each name is used once in a service.",
    "duplicate-service": "Two files define one service, whose monitors would mix: a service is one file.",
    "empty-file": "The file of the organisation is empty: it names the workspace and the environments.",
    "file-name": "The file's name is not one that is read, or cannot be shown: use letters, digits, `-`, `_` and `.`.",
    "file-too-large": "The file, or what it is rendered to, is beyond what one service has: split it.",
    "holds-a-key": "What would be sent holds a Datadog key that is in use, as it is or encoded: take it out of the "
    "YAML, and make a new key.",
    "misplaced-field": "The field is said once for the whole, and cannot differ here: move it up, or remove it.",
    "missing-account": "A state machine is named by its name alone: its ARN needs the AWS account and region of "
    "the environment.",
    "missing-field": "What is written lacks a field that it needs; docs/yaml.md lists all of them.",
    "missing-parameter": "A set is used without a parameter that has no default: give it beside `set`.",
    "no-service-file": "Tests stand beside the file of their service, and this file has none there: rename or move it.",
    "missing-tag": "A series of a test lacks a tag that the monitor groups by, so it would be in no group: add it.",
    "no-organization": "There is no `organization.yaml`, which names the workspace and the environments.",
    "query-not-counted": "An SLO of counts needs queries of counts: add `.as_count()`.",
    "query-without-environment": "A monitor of several environments has one query in all of them, so each alerts "
    "for all of them: name `<< environment.scope >>` in its filter.",
    "reserved-name": "A parameter has the name of something that templates know already: choose another.",
    "self-reference": "A resource refers to itself: name another one; where a monitor and an SLO have one name, "
    "give two.",
    "suppression-expired": "A comment suppressed a finding until a day that has passed: mend what it hides, or "
    "write a later day and why.",
    "suppression-syntax": "A comment begins like a suppression and is none: write `# toban: ignore[rule-id] until "
    "2027-01-31: reason`; the end may be left out, the reason may not.",
    "suppression-unknown-rule": "A comment suppresses a rule that there is not: it has no effect. The names stand "
    "in brackets behind findings.",
    "suppression-unused": "A comment suppresses what is not found there (any more): remove it, or it hides the "
    "next one.",
    "template": "A template cannot be filled in: it names something unknown, or is not written to its end.",
    "told-too-late": "The alert would come after the deadline by which somebody needs the result: tell it earlier "
    "with `notify_at` or `delivery: at_once`, or write a later deadline.",
    "too-many-problems": "Only the first problems of the file are told: mend these, and look again.",
    "tracking-id": "Service, name and environment make the tracking id that finds a resource again: it is too "
    "long, or has signs other than `a-z0-9._-`.",
    "unknown-environment": "The organisation has no such environment; the likeliest one is named.",
    "unknown-field": "There is no such field here; the likeliest one is named. docs/yaml.md lists all of them.",
    "unknown-group": "A test expects something of a group by a key that the monitor does not group by.",
    "unknown-kind": "There is no such kind of monitor; docs/yaml.md lists them, and `raw` takes any of Datadog's own.",
    "unknown-metric": "A test gives a metric that the monitor's query does not read; those that it reads are named.",
    "unknown-monitor": "A test is of a monitor that its service does not have (any more): rename or remove it.",
    "unknown-parameter": "The set has no such parameter; those that it has stand under `parameters`.",
    "unknown-reference": "A composite, an SLO, a downtime or a dashboard refers to something that this project "
    "does not define, or not in this environment. Write `%{NAME}` or `%{SERVICE/NAME}` of something that is "
    "there.",
    "unknown-set": "There is no such set: make `monitors/sets/NAME.yaml`, or use one that is there.",
    "unknown-team": "The organisation has no such team: add it under `teams`, or name one that is there.",
    "unknown-zone": "There is no such time zone: write one of the IANA database, such as `Europe/Berlin`.",
    "unreadable-file": "The file cannot be read: it is a folder, a link that leads out, or not permitted.",
    "wrong-name": "A name has signs that it cannot have, or is too long: names are `a-z0-9._-`.",
    "wrong-parameter": "A parameter of a set has a value that its definition does not allow.",
    "wrong-threshold": "The thresholds of a kind contradict each other or the query.",
    "wrong-time": "A time in a test is none that the clocks of its zone show on that day, or not of the form `04:12`.",
    "wrong-type": "A value is of another type than its field: text where a number is wanted, one where many are.",
    "wrong-value": "A value is of the right type and outside of what its field takes.",
    "yaml-alias": "An alias (`*name`) has no anchor above it, or repeats too much: write the values out, or share "
    "a set.",
    "yaml-ambiguous-number": "A number that versions of YAML read differently, such as `010` or `1:30`: write it "
    "plainly, or in quotes for text.",
    "yaml-control-character": "The file has a sign that cannot be seen, such as an escape: remove it.",
    "yaml-directive": "A `%` directive has no meaning here: remove it.",
    "yaml-documents": "The file has several documents parted by `---`: one file is one service.",
    "yaml-duplicate-key": "A key stands twice in one mapping, and YAML would drop one of them: keep one.",
    "yaml-empty": "The file is empty: write a service, or remove it.",
    "yaml-encoding": "The file is not UTF-8: save it as UTF-8.",
    "yaml-key": "A key is no plain text: write it as a word, or in quotes.",
    "yaml-merge-key": "`<<` merges mappings in a way that YAML 1.2 dropped: use `sets`.",
    "yaml-number": "The number is too large, or not a number: write one that JSON can hold.",
    "yaml-syntax": "The file is no YAML; the mark stands where it goes wrong, often a line after the cause.",
    "yaml-tag": "A `!tag` asks for a type that nothing here has: remove it.",
    "yaml-too-deep": "The file is nested deeper than anything that it could mean.",
    "yaml-too-large": "The file is larger than any service: split it.",
    "yaml-too-many-problems": "Only the first problems of the file are told: mend these, and look again.",
}

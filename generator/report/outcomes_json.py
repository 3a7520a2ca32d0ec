"""What a sync did, as JSON.

`{"version": 1, "summary": {"done", "already", "moved", "refused", "failed", "skipped", "interrupted"}, "outcomes":
[{"tracking_id", "resource", "action", "status", "id", "message"}]}`. Outcomes stand in the order of the plan; `done`
and `already` are as planned.
"""

from __future__ import annotations

import msgspec

from generator.report.json_text import json_text
from generator.sync.outcome import Outcomes


def outcomes_json(outcomes: Outcomes) -> str:
    told = [
        {**msgspec.structs.asdict(outcome), "action": outcome.action.value, "status": outcome.status.value}
        for outcome in outcomes.outcomes
    ]
    return json_text({"version": 1, "summary": outcomes.counts, "outcomes": told}) + "\n"

"""What a sync did, as text and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
import yaml

from generator.plan.model import Action
from generator.report.outcomes_json import outcomes_json
from generator.report.outcomes_text import outcome_line, outcomes_text
from generator.sync.outcome import Outcome, Outcomes, Status

GOLDEN = Path(__file__).parent / "golden" / "outcomes"


def case(name: str) -> Outcomes:
    return msgspec.convert(yaml.safe_load((GOLDEN / f"{name}.yaml").read_text()), Outcomes)


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_text_is_the_golden_one(path: Path) -> None:
    assert outcomes_text(case(path.stem)) == path.with_suffix(".txt").read_text()


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
def test_every_outcome_has_one_line(action: Action, status: Status) -> None:
    line = outcome_line(Outcome("main/a/b/production", "monitor", action, status, "1", "because\nof this"))
    assert "\n" not in line
    assert "main/a/b/production" in line
    assert line.startswith("not ") == (status not in {Status.DONE, Status.ALREADY})


def test_json_holds_the_outcomes() -> None:
    told = json.loads(outcomes_json(case("some_fail")))
    assert (told["version"], told["summary"]["moved"], told["summary"]["done"]) == (1, 1, 1)
    assert told["outcomes"][0] == {
        "tracking_id": "main/a/one/production",
        "resource": "monitor",
        "action": "create",
        "status": "done",
        "id": "11",
        "message": "",
    }

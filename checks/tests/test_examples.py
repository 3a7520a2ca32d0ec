"""What README.md and examples/ show can be used as it stands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import compare
import hcl2
import pytest
from botocore.session import Session
from botocore.validate import ParamValidator

CHECKS = Path(__file__).parent.parent
README = (CHECKS / "README.md").read_text(encoding="utf-8")
TASK: dict[str, Any] = json.loads((CHECKS / "examples" / "task-definition.json").read_text(encoding="utf-8"))


def block(language: str) -> str:
    """The only fenced block of a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_dockerfile_is_that_of_the_readme_and_copies_what_is_there() -> None:
    dockerfile = (CHECKS / "Dockerfile").read_text(encoding="utf-8")
    assert dockerfile == block("dockerfile")
    copied = re.findall(r"^COPY (\S+) (\S+)$", dockerfile, re.MULTILINE)
    assert copied == [(f"{name}/", f"/etc/datadog-agent/{name}/") for name in ("checks.d", "conf.d")]
    assert all((CHECKS / source).is_dir() for source, _ in copied)


def test_the_image_is_built_from_what_the_agent_reads_and_nothing_else() -> None:
    first, *kept = (CHECKS / ".dockerignore").read_text(encoding="utf-8").split()
    assert first == "*"
    sent = {path for pattern in kept for path in CHECKS.glob(pattern.removeprefix("!"))}
    assert {path.suffix for path in sent} == {".py", ".yaml"}
    assert sent == {path for name in ("checks.d", "conf.d") for path in tracked(name)}


def tracked(folder: str) -> list[Path]:
    return [path for path in (CHECKS / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def test_ecs_accepts_the_task_definition() -> None:
    operation = Session().get_service_model("ecs").operation_model("RegisterTaskDefinition")
    assert ParamValidator().validate(TASK, operation.input_shape).generate_report() == ""


def test_the_readme_shows_the_container_of_the_task_definition() -> None:
    assert json.loads(block("json")) == TASK["containerDefinitions"][1]


def test_no_key_is_written_in_the_task_definition() -> None:
    (agent,) = (each for each in TASK["containerDefinitions"] if each["name"] == "datadog-agent")
    assert [secret["name"] for secret in agent["secrets"]] == ["DD_API_KEY"]
    assert "KEY" not in json.dumps(agent["environment"])


def test_terraform_reads_every_field_of_the_task_definition() -> None:
    document = hcl2.loads((CHECKS / "examples" / "main.tf").read_text(encoding="utf-8"))
    ((resource,),) = (each.values() for each in document["resource"])
    (attributes,) = resource.values()
    read = {name: re.findall(r"local\.task\.(\w+)", value) for name, value in attributes.items() if name[0] != "_"}
    assert read == {re.sub("[A-Z]", lambda upper: f"_{upper[0].lower()}", field): [field] for field in TASK}


def test_the_comparison_is_that_of_today() -> None:
    assert compare.with_table(README) == README
    assert (CHECKS / "comparison.svg").read_text(encoding="utf-8") == compare.picture()


@pytest.mark.parametrize("vcpu", compare.SIZES)
def test_the_stock_percent_depends_on_the_size_and_this_one_does_not(vcpu: float) -> None:
    for load in (0, 1, 50, 100):
        stock, ours = compare.compared(vcpu, load)
        assert ours == pytest.approx(load)
        assert stock == (pytest.approx(load * vcpu) if load else None)


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (CHECKS / link).exists()] == []

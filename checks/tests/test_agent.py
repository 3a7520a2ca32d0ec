"""The check as the Agent finds, makes and runs it."""

from __future__ import annotations

import csv
import importlib
import inspect
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from datadog_checks.base import AgentCheck, ConfigurationError
from datadog_checks.base.stubs.aggregator import AggregatorStub
from metadata_endpoint import MetadataEndpoint
from samples import ARN, SECOND_NS, START_NS, container, since, stats, task
from toban_fargate import SERVICE_CHECK, TobanFargateCheck, __version__
from toban_fargate_endpoint import Endpoint, EndpointError, endpoint_of
from toban_fargate_metrics import Metric

CHECKS = Path(__file__).parent.parent
CheckOf = Callable[..., TobanFargateCheck]
Run = Callable[..., None]
TASK_TAGS = [f"task_arn:{ARN}", "task_family:usage-api", "task_version:7", "ecs_cluster_name:web"]


# How it is found.


def test_the_agent_finds_one_check_by_the_name_of_its_configuration() -> None:
    """The Agent imports the module that its configuration is named after, from checks.d, and looks for a class."""
    (configuration,) = (CHECKS / "conf.d").iterdir()
    module = importlib.import_module(configuration.name.removesuffix(".d"))
    found = [
        each
        for _, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, AgentCheck) and each is not AgentCheck and not each.__subclasses__()
    ]
    assert found == [TobanFargateCheck]
    assert re.fullmatch(r"\d+\.\d+\.\d+", module.__version__)


def test_it_loads_with_nothing_but_checks_d_on_the_path_and_no_warning() -> None:
    program = f"import sys; sys.path.append({str(CHECKS / 'checks.d')!r}); import toban_fargate"
    ran = subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", "-c", program], capture_output=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_the_shipped_configuration_is_run_as_it_stands(
    endpoint: MetadataEndpoint, monkeypatch: pytest.MonkeyPatch, aggregator: AggregatorStub
) -> None:
    (path,) = (CHECKS / "conf.d" / "toban_fargate.d").iterdir()
    # A file named conf.yaml.default would be deleted by the Agent's image on Fargate.
    assert path.name == "conf.yaml"
    shipped = yaml.safe_load(path.read_text(encoding="utf-8"))
    (instance,) = shipped["instances"]
    seconds_since_start = (time.time_ns() - START_NS) / SECOND_NS
    served = endpoint.serve("/v4/0", task(), {"0123-app": stats(seconds_since_start, 1)})
    monkeypatch.setenv("ECS_CONTAINER_METADATA_URI_V4", served)
    check = TobanFargateCheck("toban_fargate", shipped["init_config"] or {}, [instance])
    assert check.run() == ""
    assert instance == {"min_collection_interval": 20, "empty_default_hostname": True}
    aggregator.assert_service_check(SERVICE_CHECK, AgentCheck.OK)


def test_every_option_of_the_configuration_is_taken_as_written_there() -> None:
    text = (CHECKS / "conf.d" / "toban_fargate.d" / "conf.yaml").read_text(encoding="utf-8")
    (instance,) = yaml.safe_load(re.sub(r"^    # ", "    ", text, flags=re.MULTILINE))["instances"]
    assert {"timeout": 5, "irix_percent": False, "tags": ["team:web"]}.items() <= instance.items()
    assert TobanFargateCheck("toban_fargate", {}, [instance]).instance == instance


# What it sends.


def test_every_metric_of_a_task_is_sent_with_its_tags(
    endpoint: MetadataEndpoint, check_of: CheckOf, dd_run_check: Run, aggregator: AggregatorStub
) -> None:
    both = task(container("app", Limits={"CPU": 256}), container("agent"), cpu=0.5)
    counters = {"system_cpu_usage": 40 * 10**9, "online_cpus": 2}
    app = _with_counters(stats(10, 5, **since(0, 2)), counters)
    served = endpoint.serve("/v4/0", both, {"0123-app": app, "0123-agent": stats(10, 2, **since(0, 1))})
    dd_run_check(check_of(served, irix_percent=True, tags=["team:web"]))
    sent = {each: aggregator.metrics(each) for each in Metric}
    assert sorted(aggregator.metric_names) == sorted(Metric)
    for metric, points in sent.items():
        for point in points:
            assert not point.hostname
            assert point.type == (AggregatorStub.COUNT if metric is Metric.TASK_CUT else AggregatorStub.GAUGE)
            names = [tag for tag in point.tags if tag.startswith("ecs_container_name:")]
            assert len(names) == (1 if metric.startswith("toban.fargate.cpu.container.") else 0)
            assert sorted(point.tags) == sorted([*TASK_TAGS, "team:web", *names])
    values = {metric: [point.value for point in points] for metric, points in sent.items()}
    assert {metric: found for metric, found in values.items() if not metric.endswith("data_age")} == {
        Metric.TASK_PERCENT: [80],
        Metric.TASK_CORES: [0.4],
        Metric.TASK_LIMIT_CORES: [0.5],
        Metric.TASK_CUT: [0],
        Metric.TASK_MISSING_CONTAINERS: [0],
        Metric.TASK_ONLINE_CPUS: [2],
        Metric.CONTAINER_PERCENT: [60, 20],
        Metric.CONTAINER_CORES: [0.3, 0.1],
        Metric.CONTAINER_RESERVATION_PERCENT: [120],
        Metric.CONTAINER_IRIX_PERCENT: [30],
    }
    aggregator.assert_service_check(SERVICE_CHECK, AgentCheck.OK, tags=[*TASK_TAGS, "team:web"], count=1)


def _with_counters(document: dict[str, Any], counters: dict[str, int]) -> dict[str, Any]:
    before = {**document["precpu_stats"], "system_cpu_usage": counters["system_cpu_usage"] // 2}
    return {**document, "cpu_stats": {**document["cpu_stats"], **counters}, "precpu_stats": before}


def test_the_stock_percent_is_sent_on_request_only(
    endpoint: MetadataEndpoint, check_of: CheckOf, dd_run_check: Run, aggregator: AggregatorStub
) -> None:
    app = _with_counters(stats(10, 5, **since(0, 2)), {"system_cpu_usage": 40 * 10**9, "online_cpus": 2})
    dd_run_check(check_of(endpoint.serve("/v4/0", task(), {"0123-app": app})))
    assert Metric.CONTAINER_CORES in aggregator.metric_names
    assert Metric.CONTAINER_IRIX_PERCENT not in aggregator.metric_names


def test_metadata_csv_names_what_is_sent_in_the_format_of_integrations() -> None:
    with (CHECKS / "metadata.csv").open(encoding="utf-8", newline="") as rows:
        metadata = list(csv.DictReader(rows))
    assert list(metadata[0]) == [
        *("metric_name", "metric_type", "interval", "unit_name", "per_unit_name", "description", "orientation"),
        *("integration", "short_name", "curated_metric"),
    ]
    assert [row["metric_name"] for row in metadata] == list(Metric)
    for row in metadata:
        assert None not in row
        assert row["metric_type"] == ("count" if row["metric_name"] == Metric.TASK_CUT else "gauge")
        assert row["orientation"] in {"-1", "0", "1"}
        assert row["integration"] == "toban_fargate"
        # The longest that Datadog shows.
        assert 0 < len(row["description"]) <= 400


def test_the_readme_names_every_metric_option_and_the_service_check() -> None:
    readme = (CHECKS / "README.md").read_text(encoding="utf-8")
    words = [*Metric, SERVICE_CHECK, "timeout", "irix_percent", "tags", *_shipped_instance()]
    assert [word for word in words if f"`{word}`" not in readme] == []


def _shipped_instance() -> dict[str, Any]:
    text = (CHECKS / "conf.d" / "toban_fargate.d" / "conf.yaml").read_text(encoding="utf-8")
    (instance,) = yaml.safe_load(text)["instances"]
    return dict(instance)


def test_two_tasks_of_one_agent_process_do_not_share_readings(
    endpoint: MetadataEndpoint, check_of: CheckOf, dd_run_check: Run, aggregator: AggregatorStub
) -> None:
    first = check_of(endpoint.serve("/v4/0", task(), {"0123-app": stats(0, 1)}))
    dd_run_check(first)
    dd_run_check(check_of(endpoint.serve("/v4/1", task(), {"0123-app": stats(10, 5)})))
    assert Metric.TASK_PERCENT not in aggregator.metric_names


def test_each_document_is_asked_for_once_a_run(
    endpoint: MetadataEndpoint, check_of: CheckOf, dd_run_check: Run
) -> None:
    check = check_of(endpoint.serve("/v4/0", task(), {}))
    for _ in range(2):
        dd_run_check(check)
    assert endpoint.asked == ["/v4/0/task", "/v4/0/task/stats"] * 2


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_a_proxy_is_not_asked(  # noqa: PLR0913 - the harness
    variable: str,
    *,
    endpoint: MetadataEndpoint,
    check_of: CheckOf,
    dd_run_check: Run,
    aggregator: AggregatorStub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    dd_run_check(check_of(endpoint.serve("/v4/0", task(), {"0123-app": stats(10, 5)})))
    aggregator.assert_service_check(SERVICE_CHECK, AgentCheck.OK)


# Where it asks.


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (
            {"ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/x", "ECS_CONTAINER_METADATA_URI": "http://y"},
            Endpoint("http://169.254.170.2/v4/x/task", "http://169.254.170.2/v4/x/task/stats"),
        ),
        (
            {"ECS_CONTAINER_METADATA_URI_V4": "", "ECS_CONTAINER_METADATA_URI": "http://169.254.170.2/v3/x/"},
            Endpoint("http://169.254.170.2/v3/x/task", "http://169.254.170.2/v3/x/task/stats"),
        ),
        (
            {"AWS_EXECUTION_ENV": "AWS_ECS_FARGATE"},
            Endpoint("http://169.254.170.2/v2/metadata", "http://169.254.170.2/v2/stats"),
        ),
        ({"ECS_FARGATE": "true"}, Endpoint("http://169.254.170.2/v2/metadata", "http://169.254.170.2/v2/stats")),
    ],
    ids=["version 4", "version 3", "version 2", "version 2, told to the Agent"],
)
def test_the_newest_endpoint_that_the_task_has_is_asked(environ: dict[str, str], expected: Endpoint) -> None:
    assert endpoint_of(environ) == expected


def test_version_3_is_measured_as_version_4(
    endpoint: MetadataEndpoint,
    check_of: CheckOf,
    dd_run_check: Run,
    monkeypatch: pytest.MonkeyPatch,
    *,
    aggregator: AggregatorStub,
) -> None:
    check = check_of("")
    address = endpoint.serve("/v3/0", task(), {"0123-app": stats(10, 5, **since(0, 2))})
    monkeypatch.setenv("ECS_CONTAINER_METADATA_URI", address)
    dd_run_check(check)
    aggregator.assert_metric(Metric.TASK_PERCENT, 30)


@pytest.mark.parametrize("environ", [{}, {"AWS_EXECUTION_ENV": "AWS_Lambda_python3.12"}, {"ECS_FARGATE": ""}])
def test_outside_of_ecs_it_says_so(environ: dict[str, str]) -> None:
    with pytest.raises(EndpointError, match="this Agent runs in no ECS task: neither ECS_CONTAINER_METADATA_URI_V4"):
        endpoint_of(environ)


def test_outside_of_ecs_the_agents_status_says_so(aggregator: AggregatorStub) -> None:
    check = TobanFargateCheck("toban_fargate", {}, [{}])
    assert check.run() == ""
    assert check.warnings[0].startswith("no CPU was measured: this Agent runs in no ECS task")
    aggregator.assert_service_check(SERVICE_CHECK, AgentCheck.CRITICAL)
    assert aggregator.metric_names == []


# Options.


@pytest.mark.parametrize(
    ("instance", "message"),
    [
        ({"timeout": 0}, "`timeout` is `0`, not seconds above 0 and up to 60"),
        ({"timeout": 61}, "`timeout` is `61`, not seconds above 0 and up to 60"),
        ({"timeout": "5"}, "`timeout` is `5`, a text; write it without quotes"),
        ({"timeout": True}, "`timeout` is `True`, not seconds above 0 and up to 60"),
        ({"timeout": float("nan")}, "`timeout` is `nan`, not seconds above 0 and up to 60"),
        ({"irix_percent": "yes"}, "`irix_percent` is `yes`, not `true` or `false`"),
        ({"tags": "team:web"}, "`tags` is `team:web`, not a list of texts such as `- team:web`"),
        ({"tags": [{"team": "web"}]}, "`tags` is `[{'team': 'web'}]`, not a list of texts such as `- team:web`"),
    ],
)
def test_a_wrong_option_is_told_when_the_agent_loads_the_check(instance: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        TobanFargateCheck("toban_fargate", {}, [instance])
    assert str(caught.value) == message


def test_the_version_is_shown_in_the_status_of_the_agent() -> None:
    assert TobanFargateCheck("toban_fargate", {}, [{}]).check_version == __version__


def test_what_the_agent_itself_adds_to_an_instance_is_no_problem() -> None:
    added = {"service": "web", "_tls_context": None, "disable_generic_tags": True, "min_collection_interval": 20}
    assert TobanFargateCheck("toban_fargate", {}, [added]).run() == ""

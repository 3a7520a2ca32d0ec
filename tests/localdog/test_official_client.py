"""Datadog's own typed client takes the local Datadog for the real one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from datadog_api_client import ApiClient, Configuration
from datadog_api_client.exceptions import ApiException, NotFoundException
from datadog_api_client.v1.api.authentication_api import AuthenticationApi
from datadog_api_client.v1.api.dashboards_api import DashboardsApi
from datadog_api_client.v1.api.metrics_api import MetricsApi
from datadog_api_client.v1.api.monitors_api import MonitorsApi
from datadog_api_client.v1.model.dashboard import Dashboard
from datadog_api_client.v1.model.dashboard_layout_type import DashboardLayoutType
from datadog_api_client.v1.model.monitor import Monitor
from datadog_api_client.v1.model.monitor_options import MonitorOptions
from datadog_api_client.v1.model.monitor_overall_states import MonitorOverallStates
from datadog_api_client.v1.model.monitor_thresholds import MonitorThresholds
from datadog_api_client.v1.model.monitor_type import MonitorType
from datadog_api_client.v1.model.monitor_update_request import MonitorUpdateRequest
from datadog_api_client.v1.model.note_widget_definition import NoteWidgetDefinition
from datadog_api_client.v1.model.note_widget_definition_type import NoteWidgetDefinitionType
from datadog_api_client.v1.model.widget import Widget
from datadog_api_client.v2.api.monitors_api import MonitorsApi as MonitorsApiV2
from datadog_api_client.v2.model.monitor_config_policy_attribute_create_request import (
    MonitorConfigPolicyAttributeCreateRequest,
)
from datadog_api_client.v2.model.monitor_config_policy_create_data import MonitorConfigPolicyCreateData
from datadog_api_client.v2.model.monitor_config_policy_create_request import MonitorConfigPolicyCreateRequest
from datadog_api_client.v2.model.monitor_config_policy_resource_type import MonitorConfigPolicyResourceType
from datadog_api_client.v2.model.monitor_config_policy_tag_policy_create_request import (
    MonitorConfigPolicyTagPolicyCreateRequest,
)
from datadog_api_client.v2.model.monitor_config_policy_type import MonitorConfigPolicyType
from datadog_api_client.v2.model.monitor_notification_rule_attributes import MonitorNotificationRuleAttributes
from datadog_api_client.v2.model.monitor_notification_rule_create_request import MonitorNotificationRuleCreateRequest
from datadog_api_client.v2.model.monitor_notification_rule_create_request_data import (
    MonitorNotificationRuleCreateRequestData,
)
from datadog_api_client.v2.model.monitor_notification_rule_filter_tags import MonitorNotificationRuleFilterTags

from tests.localdog.client import Client


@pytest.fixture
def api(call: Client) -> Iterator[ApiClient]:
    configuration = Configuration(host=call.url, api_key={"apiKeyAuth": "a" * 32, "appKeyAuth": "b" * 40})
    with ApiClient(configuration) as client:
        yield client


def typed_monitor(name: str) -> Monitor:
    return Monitor(
        name=name,
        type=MonitorType.METRIC_ALERT,
        query="avg(last_5m):avg:system.load.5{env:prod} by {host} > 5",
        message="Load is high",
        tags=["team:data"],
        priority=3,
        options=MonitorOptions(thresholds=MonitorThresholds(critical=5.0, warning=3.0), renotify_interval=60),
    )


def test_keys_are_validated(api: ApiClient) -> None:
    assert AuthenticationApi(api).validate().valid is True


def test_a_monitor_lives_its_life(api: ApiClient) -> None:
    monitors = MonitorsApi(api)
    created = monitors.create_monitor(typed_monitor("load"))
    assert created.overall_state == MonitorOverallStates.NO_DATA
    assert created.options.thresholds.critical == 5.0
    assert created.options.include_tags is True
    assert monitors.get_monitor(created.id).created == created.created
    updated = monitors.update_monitor(created.id, MonitorUpdateRequest(name="higher"))
    assert (updated.name, updated.query) == ("higher", created.query)
    assert monitors.check_can_delete_monitor([created.id]).data.ok == [created.id]
    assert monitors.delete_monitor(created.id).deleted_monitor_id == created.id
    with pytest.raises(NotFoundException, match="Monitor not found"):
        monitors.get_monitor(created.id)


def test_monitors_are_listed_page_by_page(api: ApiClient) -> None:
    monitors = MonitorsApi(api)
    ids = [monitors.create_monitor(typed_monitor(f"load {number}")).id for number in range(7)]
    assert [found.id for found in monitors.list_monitors_with_pagination(page_size=3)] == ids
    assert [found.id for found in monitors.list_monitors(monitor_tags="team:data", page=1, page_size=5)] == ids[5:]


def test_a_monitor_is_validated_without_being_kept(api: ApiClient) -> None:
    monitors = MonitorsApi(api)
    monitors.validate_monitor(typed_monitor("load"))
    wrong = typed_monitor("load")
    wrong.options.thresholds.critical = 6.0
    with pytest.raises(ApiException, match="does not match that used in the query"):
        monitors.validate_monitor(wrong)
    assert monitors.list_monitors() == []


def test_monitors_are_searched(api: ApiClient) -> None:
    monitors = MonitorsApi(api)
    made = [monitors.create_monitor(typed_monitor(f"load {number}")) for number in range(3)]
    found = monitors.search_monitors(query="team:data load", sort="name,desc", per_page=2)
    assert [each.id for each in found.monitors] == [made[2].id, made[1].id]
    assert (found.metadata.total_count, found.metadata.page_count) == (3, 2)
    assert monitors.search_monitor_groups().groups == []
    with pytest.raises(ApiException, match="'notastatus' is not a valid monitor status"):
        monitors.search_monitor_groups(query="status:notastatus")


def test_policies_and_notification_rules_live_their_lives(api: ApiClient) -> None:
    monitors = MonitorsApiV2(api)
    policy = MonitorConfigPolicyTagPolicyCreateRequest(tag_key="team", tag_key_required=True, valid_tag_values=["data"])
    attributes = MonitorConfigPolicyAttributeCreateRequest(policy=policy, policy_type=MonitorConfigPolicyType.TAG)
    kind = MonitorConfigPolicyResourceType.MONITOR_CONFIG_POLICY
    created = monitors.create_monitor_config_policy(
        MonitorConfigPolicyCreateRequest(data=MonitorConfigPolicyCreateData(attributes=attributes, type=kind))
    )
    assert [each.id for each in monitors.list_monitor_config_policies().data] == [created.data.id]
    assert created.data.attributes.policy.valid_tag_values == ["data"]
    monitors.delete_monitor_config_policy(created.data.id)
    rule = MonitorNotificationRuleAttributes(
        name="ours", filter=MonitorNotificationRuleFilterTags(tags=["team:data"]), recipients=["slack-data"]
    )
    made = monitors.create_monitor_notification_rule(
        MonitorNotificationRuleCreateRequest(data=MonitorNotificationRuleCreateRequestData(attributes=rule))
    )
    assert made.data.attributes.recipients == ["slack-data"]
    assert [each.id for each in monitors.get_monitor_notification_rules().data] == [made.data.id]
    monitors.delete_monitor_notification_rule(made.data.id)


def test_metrics_are_queried(api: ApiClient, call: Client) -> None:
    points = [[1_641_344_400 + 60 * minute, minute] for minute in range(4)]
    call("POST", "/api/v1/series", {"series": [{"metric": "load", "points": points, "host": "a"}]})
    found = MetricsApi(api).query_metrics(1_641_344_400, 1_641_344_640, "avg:load{*} by {host}.rollup(avg,60)")
    assert [point.value[1] for point in found.series[0].pointlist] == [0, 1, 2, 3]
    assert (found.status, found.series[0].tag_set) == ("ok", ["host:a"])


def test_a_dashboard_lives_its_life(api: ApiClient) -> None:
    dashboards = DashboardsApi(api)
    note = NoteWidgetDefinition(type=NoteWidgetDefinitionType.NOTE, content="hello")
    body = Dashboard(title="Usage", layout_type=DashboardLayoutType.ORDERED, widgets=[Widget(definition=note)])
    created = dashboards.create_dashboard(body)
    assert created.widgets[0].definition.content == "hello"
    assert dashboards.get_dashboard(created.id).title == "Usage"
    body.title = "Usage of all"
    assert dashboards.update_dashboard(created.id, body).title == "Usage of all"
    assert [found.id for found in dashboards.list_dashboards_with_pagination(count=1)] == [created.id]
    assert dashboards.delete_dashboard(created.id).deleted_dashboard_id == created.id
    with pytest.raises(NotFoundException):
        dashboards.get_dashboard(created.id)

"""Datadog's own client in its asynchronous form takes the local Datadog for the real one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from datadog_api_client import AsyncApiClient, Configuration
from datadog_api_client.exceptions import NotFoundException
from datadog_api_client.v1.api.dashboards_api import DashboardsApi
from datadog_api_client.v1.api.monitors_api import MonitorsApi
from datadog_api_client.v1.model.dashboard import Dashboard
from datadog_api_client.v1.model.dashboard_bulk_action_data import DashboardBulkActionData
from datadog_api_client.v1.model.dashboard_bulk_delete_request import DashboardBulkDeleteRequest
from datadog_api_client.v1.model.dashboard_layout_type import DashboardLayoutType
from datadog_api_client.v1.model.dashboard_resource_type import DashboardResourceType
from datadog_api_client.v1.model.monitor_update_request import MonitorUpdateRequest
from datadog_api_client.v2.api.metrics_api import MetricsApi
from datadog_api_client.v2.model.metric_intake_type import MetricIntakeType
from datadog_api_client.v2.model.metric_payload import MetricPayload
from datadog_api_client.v2.model.metric_point import MetricPoint
from datadog_api_client.v2.model.metric_series import MetricSeries

from tests.localdog.client import Client
from tests.localdog.test_official_client import typed_monitor

pytest.importorskip("aiosonic", reason="the asynchronous client needs aiosonic")

Story = Callable[[AsyncApiClient], Awaitable[None]]
NOW = datetime(2026, 2, 9, 19, 47, tzinfo=UTC)


@pytest.fixture
def played(call: Client) -> Callable[[Story], None]:
    """Run a story with a client that is closed after it."""

    async def run(story: Story) -> None:
        configuration = Configuration(host=call.url, api_key={"apiKeyAuth": "a" * 32, "appKeyAuth": "b" * 40})
        async with AsyncApiClient(configuration) as client:
            await story(client)

    return lambda story: asyncio.run(run(story))


def test_a_monitor_lives_its_life(played: Callable[[Story], None]) -> None:
    async def story(client: AsyncApiClient) -> None:
        monitors: Any = MonitorsApi(client)
        created = await monitors.create_monitor(typed_monitor("load"))
        assert [found.id for found in await monitors.list_monitors(monitor_tags="team:data")] == [created.id]
        updated = await monitors.update_monitor(created.id, MonitorUpdateRequest(name="higher"))
        assert (updated.name, updated.query) == ("higher", created.query)
        assert await monitors.validate_monitor(typed_monitor("load")) is not None
        found = await monitors.search_monitors(query="team:data")
        assert [each.name for each in found.monitors] == ["higher"]
        assert (await monitors.delete_monitor(created.id)).deleted_monitor_id == created.id
        with pytest.raises(NotFoundException, match="Monitor not found"):
            await monitors.get_monitor(created.id)

    played(story)


def test_many_monitors_are_made_at_once(played: Callable[[Story], None]) -> None:
    async def story(client: AsyncApiClient) -> None:
        monitors: Any = MonitorsApi(client)
        made = await asyncio.gather(*(monitors.create_monitor(typed_monitor(str(number))) for number in range(20)))
        assert len({each.id for each in made}) == 20
        pages = await asyncio.gather(*(monitors.list_monitors(page=page, page_size=7) for page in range(3)))
        assert [each.id for page in pages for each in page] == sorted(each.id for each in made)

    played(story)


def test_dashboards_are_made_and_deleted(played: Callable[[Story], None]) -> None:
    async def story(client: AsyncApiClient) -> None:
        dashboards: Any = DashboardsApi(client)
        body = Dashboard(title="Usage", layout_type=DashboardLayoutType.ORDERED, widgets=[])
        created = await dashboards.create_dashboard(body)
        one = DashboardBulkActionData(id=created.id, type=DashboardResourceType.DASHBOARD)
        await dashboards.delete_dashboards(DashboardBulkDeleteRequest(data=[one]))
        assert (await dashboards.list_dashboards()).dashboards == []

    played(story)


def test_metrics_are_pushed(played: Callable[[Story], None], call: Client) -> None:
    async def story(client: AsyncApiClient) -> None:
        points = [MetricPoint(timestamp=int(NOW.timestamp()), value=7.0)]
        series = MetricSeries(metric="load", type=MetricIntakeType.GAUGE, points=points, tags=["env:prod"])
        await MetricsApi(client).submit_metrics(MetricPayload(series=[series]))

    played(story)
    assert call("GET", "/api/v1/metrics?from=1").body["metrics"] == ["load"]

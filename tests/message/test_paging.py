from __future__ import annotations

import pytest

from generator.message.paging import is_paging


@pytest.mark.parametrize("handle", ["@pagerduty", "@pagerduty-shop", "@PagerDuty-Shop", "@oncall-{{team.name}}"])
def test_a_service_that_wakes_people_pages_with_and_without_a_target(handle: str) -> None:
    assert is_paging(handle)


@pytest.mark.parametrize("handle", ["@slack-pagerduty", "@oncall-archive@example.com", "@oncallers", "@opsgenie_x", ""])
def test_what_only_begins_like_a_service_pages_nobody(handle: str) -> None:
    assert not is_paging(handle)

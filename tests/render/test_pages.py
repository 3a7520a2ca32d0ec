"""Whose a handle is that wakes people: the organisation's file says it of its teams."""

from __future__ import annotations

import pytest

from generator.render.renderer import render

TEAMS = [
    ("data: {urgent: '@pagerduty-Data'}", {"@pagerduty-data": ("data",)}),
    ("data: {notify: '@slack-data @oncall-data'}", {"@oncall-data": ("data",)}),
    ("data: {urgent: '+@opsgenie-data'}", {"@opsgenie-data": ("data",)}),
    ("data: {urgent: '@pagerduty-x'}, web: {urgent: '@pagerduty-x'}", {"@pagerduty-x": ("data", "web")}),
    ("data: {urgent: '@pagerduty-everybody'}", {}),
    ("data: {notify: '@slack-data'}", {}),
]


@pytest.mark.parametrize(("teams", "pages"), TEAMS)
def test_the_pages_of_teams_are_known_and_what_the_organisation_names_is_nobodys(
    teams: str, pages: dict[str, tuple[str, ...]]
) -> None:
    organization = (
        "workspace: w\nnotify: '@slack-a'\nurgent: '@pagerduty-everybody'\n"
        f"environments: {{production: {{scope: 'env:production'}}}}\nteams: {{{teams}}}\n"
    )
    rendering = render({"monitors/organization.yaml": organization.encode()})
    assert (rendering.findings, rendering.pages) == ((), pages)

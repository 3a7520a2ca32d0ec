"""What a rule says of an entry of a list stands at that entry, in whichever layer and file it is."""

from __future__ import annotations

import pytest

from generator.finding import Finding
from tests.lint.project import ORGANIZATION, findings_in, project

SHOP = """\
service: shop
tags: [shop, "B c"]
monitors:
  slow:
    kind: raw
    template: true
    type: query alert
    query: avg(last_5m):avg:m{<< environment.scope >>} by {host} > 5
    tags: ["<< environment.name >>", One]
    options: {notify_by: [host, device]}
    environments: {staging: {tags: [Two, Env:production]}}
"""
OVERVIEW = """\
service: overview
environments: [production]
dashboards:
  overview:
    title: Overview
    layout_type: ordered
    template_variables: [{name: env, prefix: env}]
    widgets:
      - definition: {type: note, content: hello}
      - definition: {type: timeseries, requests: [{q: "avg:m{$env,$hots}"}]}
"""
UNKNOWN = "define it under `template_variables`, or write the tag"


@pytest.fixture(scope="module")
def findings() -> tuple[Finding, ...]:
    files = project({"shop": SHOP})
    files["monitors/organization.yaml"] = (ORGANIZATION + "tags: [Org]\n").encode()
    files["dashboards/overview.yaml"] = OVERVIEW.encode()
    return findings_in(files)


def places(findings: tuple[Finding, ...], rule: str) -> list[str]:
    return [
        f"{each.place.path}:{each.place.line}:{each.place.column}: {each.hint}"
        for each in findings
        if each.rule == rule
    ]


def test_tag_is_placed_in_the_layer_that_has_it(findings: tuple[Finding, ...]) -> None:
    assert places(findings, "tag-rewritten") == [
        "monitors/organization.yaml:5:8: write `org`",
        "monitors/shop.yaml:2:14: write `b_c`",
        "monitors/shop.yaml:9:38: write `one`",
        "monitors/shop.yaml:11:37: write `two`",
        "monitors/shop.yaml:11:42: write `env:production`",
    ]


def test_entry_of_an_option_is_placed(findings: tuple[Finding, ...]) -> None:
    assert places(findings, "option-for-other-groups") == ["monitors/shop.yaml:10:33: choose from `host`, `*`"]


def test_query_of_a_widget_is_placed(findings: tuple[Finding, ...]) -> None:
    assert places(findings, "unknown-template-variable") == [f"dashboards/overview.yaml:10:67: {UNKNOWN}"]

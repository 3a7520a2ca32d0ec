"""What tells the resources of one environment from those of another, whatever the YAML says of each."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import UNSET

from generator.render.project import Project
from generator.source.files import Environment


class EnvironmentValues(msgspec.Struct, frozen=True):
    """Its name, and the scope, account and region that the organisation says it has; empty where it says none."""

    name: str
    scope: str
    account: str
    region: str


def environment_values(project: Project) -> Mapping[str, EnvironmentValues]:
    """By name."""
    return {name: _values(name, each) for name, each in project.organization.environments.items()}


def _values(name: str, environment: Environment) -> EnvironmentValues:
    aws = environment.aws
    account, region = ("", "") if aws is UNSET else (aws.account, aws.region)
    return EnvironmentValues(
        name, environment.scope, *(each if isinstance(each, str) else "" for each in (account, region))
    )

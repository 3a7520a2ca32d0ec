"""What a service file brings to each of its monitors: service, team, environments and the outer layers."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from generator.finding import Finding, Severity
from generator.message.handles import handles
from generator.message.paging import is_paging
from generator.render.fields import INHERITED
from generator.render.layers import Layer
from generator.render.project import Project, unknown_zone
from generator.schedule.zones import UnknownZone, zone
from generator.source.decode import nearest
from generator.source.documents import Document, Place
from generator.source.files import DashboardFile, Environment, Inheritable, Organization, Service
from generator.source.wording import shown


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`environments` are those in which the file's resources exist, by name, in the order of the organisation."""

    project: Project
    document: Document
    content: Service | DashboardFile
    environments: Mapping[str, Environment]
    outer: tuple[Layer, ...]

    @property
    def service(self) -> str:
        return self.content.service

    @property
    def team(self) -> str:
        return "" if self.content.team is UNSET else self.content.team


def surroundings(
    project: Project, document: Document, content: Service | DashboardFile, fields: Mapping[str, Any]
) -> Surroundings:
    """What the file brings; `fields` are its content as plain values."""
    outer = _outer_layers(project, document, content, fields=fields)
    return Surroundings(project, document, content, _environments(project, content), outer)


def _environments(project: Project, content: Service | DashboardFile) -> dict[str, Environment]:
    known = project.organization.environments
    wanted = known if content.environments is UNSET else content.environments
    return {name: environment for name, environment in known.items() if name in wanted}


def _outer_layers(
    project: Project, document: Document, content: Service | DashboardFile, *, fields: Mapping[str, Any]
) -> tuple[Layer, ...]:
    layers = [Layer("organisation", project.document, (), _inherited(project.fields))]
    team = project.fields.get("teams", {}).get(content.team)
    if team is not None:
        layers.append(Layer(f"team {content.team}", project.document, ("teams", str(content.team)), _inherited(team)))
    layers.append(Layer(f"service {content.service}", document, (), _inherited(fields)))
    return tuple(layers)


def _inherited(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name in INHERITED}


def environment_layer(around: Surroundings, name: str) -> Layer:
    """The organisation's own fields of an environment; its `notify` replaces `urgent` too."""
    place: Place = ("environments", name)
    fields = around.project.fields["environments"][name]
    return Layer(f"environment {name}", around.project.document, place, _inherited(fields), is_environment=True)


def unknown_names(around: Surroundings) -> Iterator[Finding]:
    """Teams and environments that the organisation does not have, and a time zone that nobody has."""
    yield from unknown_zone(around.document, around.content.timezone)
    organization = around.project.fields
    if around.team and around.team not in organization.get("teams", {}):
        yield unknown(
            around.document, ("team",), around.team, what="team", choices=tuple(organization.get("teams", {}))
        )
    if around.content.environments is not UNSET:
        for index, name in enumerate(around.content.environments):
            yield from unknown_environment(around, name, around.document, ("environments", index))


def unknown_environment(around: Surroundings, name: str, document: Document, place: Place) -> Iterator[Finding]:
    known = around.project.fields.get("environments", {})
    if name not in known:
        yield unknown(document, place, name, what="environment", choices=tuple(known))


def unknown(document: Document, place: Place, word: str, *, what: str, choices: tuple[str, ...]) -> Finding:
    meant = nearest(word, choices)
    hint = f"did you mean `{meant}`?" if meant else _choices_hint(what, choices)
    is_key = bool(place) and place[-1] == word
    span = document.key_span(place) if is_key else document.span(place)
    return Finding(
        f"unknown-{what.replace(' ', '-')}", Severity.ERROR, f"there is no {what} {shown(word)}", span, hint=hint
    )


_WHERE_TO_MAKE = {"set": "make monitors/sets/NAME.yaml", "team": "add `teams: {NAME: {…}}` to the organisation's file"}


def _choices_hint(what: str, choices: tuple[str, ...]) -> str:
    if choices:
        return f"there are: {', '.join(sorted(choices)[:10])}{' …' if len(choices) > 10 else ''}"
    return "; ".join((f"there are no {what}s", *filter(None, (_WHERE_TO_MAKE.get(what),))))


def timezone_of(around: Surroundings) -> str:
    """The zone of the service's local times; one that does not exist has its own finding."""
    own = around.content.timezone
    return around.project.organization.timezone if own is UNSET or isinstance(zone(own), UnknownZone) else own


def arrival_seconds(organization: Organization) -> dict[str, float]:
    late = () if organization.metrics_arrive_within is UNSET else tuple(organization.metrics_arrive_within.items())
    return {prefix: duration.total_seconds() for prefix, duration in arrival(late).items()}


def pages_by_team(organization: Organization) -> dict[str, tuple[str, ...]]:
    """Whose a handle is that wakes people; what the organisation itself names is nobody's in particular."""
    found: dict[str, list[str]] = {}
    for name, team in () if organization.teams is UNSET else organization.teams.items():
        for page in _pages(team):
            found.setdefault(page, []).append(name)
    shared = _pages(organization)
    return {page: tuple(teams) for page, teams in found.items() if page not in shared}


def _pages(layer: Inheritable) -> tuple[str, ...]:
    texts = (text.removeprefix("+") for text in (layer.notify, layer.urgent) if text is not UNSET)
    found = (handle.lower() for text in texts for handle in handles(text))
    return tuple(dict.fromkeys(handle for handle in found if is_paging(handle)))


@functools.cache
def arrival(texts: tuple[tuple[str, str], ...]) -> dict[str, dt.timedelta]:
    """How late metrics arrive, by the first part of their name."""
    from generator.schedule.fields import parse_duration  # noqa: PLC0415

    return {prefix: parse_duration(text) for prefix, text in texts}

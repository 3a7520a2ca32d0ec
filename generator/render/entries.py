"""From what is written to what exists: an entry for each resource, `for_each` element and environment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET

from generator.finding import Finding, Severity
from generator.render.decoding import layered
from generator.render.fields import OF_ALL, PLACEMENT, Placement
from generator.render.layers import Layer, merged
from generator.render.surroundings import Surroundings, environment_layer, unknown_environment
from generator.source.documents import Document, Place


@dataclass(frozen=True, slots=True)
class Definition:
    """A resource as written: its own layers, outermost first, and the set parameters that it sees.

    `section` is the key of its file that it stands below, or would but for a set.
    """

    name: str
    document: Document
    place: Place
    layers: tuple[Layer, ...]
    parameters: Mapping[str, Any]
    section: str = "monitors"


@dataclass(frozen=True, slots=True)
class Entry:
    """One definition in one environment, with all layers merged; templates are not filled in yet."""

    definition: Definition
    around: Surroundings
    element: str
    environment: str
    layers: tuple[Layer, ...]
    fields: Mapping[str, Any]
    placement: Placement
    variables: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.definition.name}.{self.element}" if self.element else self.definition.name

    @property
    def adopt(self) -> str | None:
        adopted = {} if self.placement.adopt is UNSET else self.placement.adopt
        return str(adopted[self.environment]) if self.environment in adopted else None


def own_layers(entry: Entry) -> tuple[Layer, ...]:
    """The layers of what the definition itself says, here or in a set, for its elements and environments too."""
    organization = entry.around.project.document
    return tuple(layer for layer in entry.layers[len(entry.around.outer) :] if layer.document is not organization)


def entries(definition: Definition, around: Surroundings) -> Iterator[Entry | Finding]:
    """All entries of a definition, and what is wrong with where it says it exists."""
    written = merged(definition.layers)
    placement = layered(_of_placement(written), Placement, definition.layers)
    if isinstance(placement, tuple):
        yield from placement
        return
    problems = tuple(_problems_of_overrides(definition, around, placement))
    yield from problems
    yield from _unknown_environments(definition, around, placement)
    if problems:
        return
    make = _EntryMaker(definition, around, placement)
    for element, element_layers in _elements(definition, placement):
        for environment in around.environments:
            if _exists_in(environment, placement):
                yield make.entry(element, environment, element_layers)


def _of_placement(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name in PLACEMENT}


class _EntryMaker:
    """Merges once what all entries of a definition share."""

    def __init__(self, definition: Definition, around: Surroundings, placement: Placement) -> None:
        self._definition = definition
        self._around = around
        self._placement = placement
        self._base = merged(definition.layers, onto=merged(around.outer))

    def entry(self, element: str, environment: str, element_layers: tuple[Layer, ...]) -> Entry:
        override = _override(self._definition, self._placement, environment)
        layers = (*element_layers, environment_layer(self._around, environment), *override)
        fields = merged(layers, onto=self._base)
        return Entry(
            definition=self._definition,
            around=self._around,
            element=element,
            environment=environment,
            layers=(*self._around.outer, *self._definition.layers, *layers),
            fields={name: value for name, value in fields.items() if name not in PLACEMENT},
            placement=_with_adoption(self._placement, fields),
            variables=_variables(self._definition, self._around, element, environment, fields=fields),
        )


def _with_adoption(placement: Placement, fields: Mapping[str, Any]) -> Placement:
    adopted = fields.get("adopt")
    return msgspec.structs.replace(placement, adopt=adopted) if isinstance(adopted, Mapping) else placement


def _elements(definition: Definition, placement: Placement) -> Iterator[tuple[str, tuple[Layer, ...]]]:
    if placement.for_each is UNSET:
        yield "", ()
        return
    for key, fields in placement.for_each.items():
        place = (*definition.place, "for_each", key)
        yield key, (Layer(f"for_each {key}", definition.document, place, fields),)


def _exists_in(environment: str, placement: Placement) -> bool:
    if placement.environments is UNSET:
        return True
    if isinstance(placement.environments, list):
        return environment in placement.environments
    return placement.environments.get(environment) is not False


def _override(definition: Definition, placement: Placement, environment: str) -> tuple[Layer, ...]:
    if placement.environments is UNSET or isinstance(placement.environments, list):
        return ()
    fields = placement.environments.get(environment)
    if not isinstance(fields, Mapping):
        return ()
    place = (*definition.place, "environments", environment)
    return (Layer(f"{definition.name} in {environment}", definition.document, place, fields, is_environment=True),)


def _problems_of_overrides(definition: Definition, around: Surroundings, placement: Placement) -> Iterator[Finding]:
    """Of what the elements and environments say about where they exist."""
    environments = placement.environments if isinstance(placement.environments, Mapping) else {}
    of_elements = (layer for _, layers in _elements(definition, placement) for layer in layers)
    of_environments = (layer for name in environments for layer in _override(definition, placement, name))
    for layer in (*of_elements, *of_environments):
        if not PLACEMENT.isdisjoint(layer.fields):
            yield from _problems_of_override(layer, around)


def _problems_of_override(layer: Layer, around: Surroundings) -> Iterator[Finding]:
    for name in OF_ALL:
        if name in layer.fields:
            span = layer.document.key_span((*layer.place, name))
            message = f"`{name}` cannot differ here: it is said once, for the whole of it"
            yield Finding("misplaced-field", Severity.ERROR, message, span, hint=f"move `{name}` up, or remove it")
    own = {name: value for name, value in _of_placement(layer.fields).items() if name not in OF_ALL}
    placement = layered(own, Placement, (layer,))
    if isinstance(placement, tuple):
        yield from placement
    elif placement.adopt is not UNSET:
        yield from _unknown_adoptions(around, placement.adopt, layer)


def _unknown_environments(definition: Definition, around: Surroundings, placement: Placement) -> Iterator[Finding]:
    if placement.environments is not UNSET:
        is_list = isinstance(placement.environments, list)
        for index, name in enumerate(placement.environments):
            place = (*definition.place, "environments", index if is_list else name)
            yield from unknown_environment(around, name, definition.document, place)
    if placement.adopt is not UNSET:
        yield from _unknown_adoptions(around, placement.adopt, definition.layers[-1])


def _unknown_adoptions(around: Surroundings, names: Iterable[str], layer: Layer) -> Iterator[Finding]:
    for name in names:
        yield from unknown_environment(around, name, layer.document, (*layer.place, "adopt", name))


def _variables(
    definition: Definition, around: Surroundings, element: str, environment: str, *, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """What a template can look up."""
    settings = around.environments[environment]
    aws = {} if settings.aws is UNSET else msgspec.to_builtins(settings.aws)
    own = fields.get("variables")
    return {
        **definition.parameters,
        "environment": {"name": environment, "scope": settings.scope, "aws": aws},
        "workspace": around.project.organization.workspace,
        "service": around.service,
        "team": around.team,
        "name": definition.name,
        "variables": {
            **_given(around.project.organization.variables),
            **_given(getattr(around.content, "variables", UNSET)),
            **_given(settings.variables),
            **(own if isinstance(own, Mapping) else {}),
        },
        **({"each": {"key": element}} if element else {}),
    }


def _given(values: Any) -> dict[str, Any]:
    return {} if values is UNSET else dict(values)


RESERVED = ("environment", "workspace", "service", "team", "name", "variables", "each")
"""Names that a set's parameters cannot have, since templates use them."""

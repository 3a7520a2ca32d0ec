"""What a service file defines: its own monitors, and those of the sets that it uses, overlaid by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from msgspec import UNSET

from generator.finding import Finding, Severity
from generator.render.entries import RESERVED, Definition
from generator.render.layers import Layer
from generator.render.parameters import parameter_values
from generator.render.project import SetFile
from generator.render.surroundings import Surroundings, unknown
from generator.source.documents import Document, Place
from generator.source.files import Service

MOST_DEFINITIONS: Final = 20_000


def own_definitions(
    document: Document, section: str, content: Mapping[str, Mapping[str, Any]]
) -> dict[str, Definition]:
    """Definitions of one section of a file, such as `monitors`, by name."""
    return {name: _definition(document, (section, name), name, fields) for name, fields in content.items()}


def _definition(document: Document, place: Place, name: str, fields: Mapping[str, Any]) -> Definition:
    section = str(place[0])
    layer = Layer(f"{section.removesuffix('s')} {name}", document, place, fields)
    return Definition(name, document, place, (layer,), {}, section)


def service_definitions(around: Surroundings, service: Service) -> Iterator[Definition | Finding]:
    """What a service has; of its monitors those of its sets first, each under the layer that it lays over it."""
    own = own_definitions(around.document, "monitors", {} if service.monitors is UNSET else service.monitors)
    taken: dict[str, Definition] = {}
    for used in islice(_used_sets(around, service), MOST_DEFINITIONS):
        if isinstance(used, Finding):
            yield used
        elif used.name in taken:
            yield _twice(used, around)
        else:
            taken[used.name] = used
    if len(taken) == MOST_DEFINITIONS:
        yield _too_many(around)
        return
    for name in {**taken, **own}:
        yield _overlaid(taken.get(name), own.get(name))
    for section, content in (("slos", service.slos), ("downtimes", service.downtimes)):
        yield from own_definitions(around.document, section, {} if content is UNSET else content).values()


def _overlaid(below: Definition | None, above: Definition | None) -> Definition:
    if below is None or above is None:
        only = above or below
        assert only is not None  # noqa: S101  a name comes from one of the two
        return only
    return Definition(above.name, above.document, above.place, (*below.layers, *above.layers), below.parameters)


def _used_sets(around: Surroundings, service: Service) -> Iterator[Definition | Finding]:
    for index, use in enumerate(() if service.use is UNSET else service.use):
        place: Place = ("use", index)
        name = use.get("set")
        if not isinstance(name, str):
            span = around.document.span(place)
            yield Finding(
                "missing-field", Severity.ERROR, "`use` needs `set`, the name of a set", span, hint=_sets_hint(around)
            )
        elif name not in around.project.sets:
            yield unknown(around.document, (*place, "set"), name, what="set", choices=tuple(around.project.sets))
        else:
            yield from _definitions_of(around.project.sets[name], use, around, place)


def _sets_hint(around: Surroundings) -> str:
    names = ", ".join(sorted(around.project.sets)[:10])
    return f"sets are: {names}" if names else "there are no sets; make monitors/sets/NAME.yaml"


def _definitions_of(
    used: SetFile, use: Mapping[str, Any], around: Surroundings, place: Place
) -> Iterator[Definition | Finding]:
    values = parameter_values(used, use, around.document, place, reserved=RESERVED)
    if not isinstance(values, dict):
        yield from values
        return
    prefix = f"{use['as']}-" if isinstance(use.get("as"), str) else ""
    for name, fields in used.content.monitors.items():
        layer = Layer(f"set {used.name}", used.document, ("monitors", name), fields)
        yield Definition(prefix + name, around.document, place, (layer,), values)


def _twice(definition: Definition, around: Surroundings) -> Finding:
    span = around.document.span(definition.place)
    message = f"the sets used here define `{definition.name}` twice"
    return Finding("duplicate-name", Severity.ERROR, message, span, hint="give one of them a prefix with `as: …`")


def _too_many(around: Surroundings) -> Finding:
    message = f"the sets used here make {MOST_DEFINITIONS} monitors or more"
    span = around.document.key_span(("use",))
    return Finding("file-too-large", Severity.ERROR, message, span, hint="split the file: one service a file")

"""The typed parameters of a set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import UNSET

from generator.finding import Finding, Severity
from generator.render.project import SetFile
from generator.schedule.fields import parse_duration
from generator.source.decode import decode, nearest
from generator.source.documents import Document, Place
from generator.source.fields import Slug
from generator.source.files import Parameter
from generator.source.value_words import MOST_CHOICES, found
from generator.source.wording import listed, shown

_OWN = ("set", "as")
_MOST_UNKNOWN = 100


def _is_duration(value: Any) -> bool:
    try:
        parse_duration(value)
    except (ValueError, TypeError):
        return False
    return True


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "duration": _is_duration,
    "list": lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
}


def parameter_values(
    used: SetFile, use: Mapping[str, Any], document: Document, place: Place, *, reserved: tuple[str, ...]
) -> dict[str, Any] | tuple[Finding, ...]:
    """The values that a `use` gives to a set, with the set's defaults, or all that is wrong with them."""
    parameters = {} if used.content.parameters is UNSET else used.content.parameters
    findings = (
        *_reserved(used, parameters, reserved),
        *_unfit_defaults(used, parameters),
        *_wrong_prefix(use, document, place),
        *islice(_unknown(parameters, use, document, place), _MOST_UNKNOWN),
        *_unfit(used, parameters, use, document=document, place=place),
    )
    if findings:
        return findings
    defaults = {name: each.default for name, each in parameters.items() if each.default is not UNSET}
    return {**defaults, **{name: value for name, value in use.items() if name not in _OWN}}


def _reserved(used: SetFile, parameters: Mapping[str, Parameter], reserved: tuple[str, ...]) -> Iterator[Finding]:
    for name in parameters:
        if name in (*reserved, *_OWN):
            span = used.document.key_span(("parameters", name))
            hint = f"these names have a meaning of their own: {', '.join((*reserved, *_OWN))}"
            yield Finding("reserved-name", Severity.ERROR, f"a parameter cannot be called `{name}`", span, hint=hint)


def _unfit_defaults(used: SetFile, parameters: Mapping[str, Parameter]) -> Iterator[Finding]:
    for name, parameter in parameters.items():
        problem = None if parameter.default is UNSET else _misfit(parameter.default, parameter)
        if problem:
            span = used.document.span(("parameters", name, "default"))
            yield Finding("wrong-parameter", Severity.ERROR, f"the default of `{name}` {problem}", span)


def _wrong_prefix(use: Mapping[str, Any], document: Document, place: Place) -> Iterator[Finding]:
    if "as" in use and not isinstance(decode(use["as"], Slug), str):
        message = f"`as` must be the first part of the names, found {found(use['as'])}"
        hint = "write lower-case letters, digits, `.`, `_` and `-`, starting with a letter or digit"
        yield Finding("wrong-parameter", Severity.ERROR, message, document.span((*place, "as")), hint=hint)


def _unknown(
    parameters: Mapping[str, Parameter], use: Mapping[str, Any], document: Document, place: Place
) -> Iterator[Finding]:
    for name in use:
        if name not in parameters and name not in _OWN:
            meant = nearest(name, parameters)
            hint = (
                f"did you mean `{meant}`?"
                if meant
                else f"its parameters are: {', '.join(list(parameters)[:MOST_CHOICES]) or 'none'}"
            )
            message = f"the set `{use['set']}` has no parameter {shown(name)}"
            yield Finding("unknown-parameter", Severity.ERROR, message, document.key_span((*place, name)), hint=hint)


def _unfit(
    used: SetFile, parameters: Mapping[str, Parameter], use: Mapping[str, Any], *, document: Document, place: Place
) -> Iterator[Finding]:
    for name, parameter in parameters.items():
        if name not in use:
            if parameter.default is UNSET:
                message = f"the set `{used.name}` needs the parameter `{name}` ({parameter.type})"
                yield Finding(
                    "missing-parameter", Severity.ERROR, message, document.span(place), hint=f"add `{name}: …`"
                )
            continue
        problem = _misfit(use[name], parameter)
        if problem:
            yield Finding("wrong-parameter", Severity.ERROR, f"`{name}` {problem}", document.span((*place, name)))


def _misfit(value: Any, parameter: Parameter) -> str | None:
    if not _FITS[parameter.type](value):
        return f"must be of type {parameter.type}, found {found(value)}"
    if parameter.choices is not UNSET and value not in parameter.choices:
        return f"must be {_any_of(parameter.choices)}, found {found(value)}"
    return None


def _any_of(choices: Sequence[object]) -> str:
    told = [shown(str(choice)) for choice in choices[:MOST_CHOICES]]
    return listed([*told, "…"] if len(choices) > MOST_CHOICES else told)

"""Our templates: `<< look-up >>` and `<% if … %>` in the texts of the YAML.

Texts come from pull requests, so a template can only look things up: no attribute of a Python object is reachable, and
loops, calls, assignments and arithmetic are refused on the parsed tree. Jinja2 compiles only what is more than plain
look-ups, since compiling each text of 10,000 monitors takes seconds.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from generator.source.wording import shown

LONGEST_TEXT = 65_536
LONGEST_NAME = 100
DEEPEST_NESTING = 20
FILTERS = ("abs", "default", "float", "int", "join", "lower", "round", "title", "trim", "upper")

_PLAIN = re.compile(r"<<\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*>>", re.ASCII)
_OPENINGS = re.compile(r"<<|<%")
_MISSING: Any = object()


class TemplateProblem(msgspec.Struct, frozen=True):
    """What is wrong with a template; offsets count characters of the text as written."""

    message: str
    start: int
    end: int
    hint: str = ""


class Unfilled(msgspec.Struct, frozen=True):
    """Stands for a text whose templates could not be filled in."""

    problems: tuple[TemplateProblem, ...]


TOO_LONG = Unfilled(
    (TemplateProblem(f"the text grows to more than {LONGEST_TEXT} characters", 0, 1, "shorten what it looks up"),)
)


def rendered(text: str, variables: Mapping[str, Any]) -> Any | Unfilled:
    """The text with its templates filled in; a text that is one look-up keeps the type of what it finds."""
    if "<<" not in text and "<%" not in text:
        return text
    if len(text) > LONGEST_TEXT:
        return Unfilled((TemplateProblem(f"the text is longer than {LONGEST_TEXT} characters", 0, 1, "shorten it"),))
    if not is_plain_lookups(text):
        return _compiled_result(text, variables)
    return _looked_up(text, variables)


def is_plain(text: str) -> bool:
    """Whether the text has no template at all."""
    return "<<" not in text and "<%" not in text


def is_plain_lookups(text: str) -> bool:
    """Whether all templates of the text are look-ups that Jinja2 is not needed for."""
    return len(_OPENINGS.findall(text)) == len(_PLAIN.findall(text))


def _looked_up(text: str, variables: Mapping[str, Any]) -> Any | Unfilled:
    parts: list[str] = []
    problems: list[TemplateProblem] = []
    end = size = 0
    for match in _PLAIN.finditer(text):
        value = _found(match[1], variables)
        problem = _unprintable(value, match[1], variables)
        if problem:
            problems.append(msgspec.structs.replace(problem, start=match.start(), end=match.end()))
            continue
        if match.span() == (0, len(text)):
            return value
        parts += (text[end : match.start()], printed(value))
        end = match.end()
        size += len(parts[-2]) + len(parts[-1])
        if size > LONGEST_TEXT:
            return TOO_LONG
    return Unfilled(tuple(problems)) if problems else _limited("".join((*parts, text[end:])))


def _found(dotted: str, variables: Mapping[str, Any]) -> Any:
    value: Any = variables
    for part in dotted.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return _MISSING
        value = value[part]
    return value


def _unprintable(value: Any, dotted: str, variables: Mapping[str, Any]) -> TemplateProblem | None:
    if isinstance(value, str):
        return None
    if value is _MISSING:
        return TemplateProblem(f"{shown(dotted, LONGEST_NAME)} is not defined", 0, 0, _choices(dotted, variables))
    if isinstance(value, Mapping):
        return TemplateProblem(f"`{dotted}` is a group of values", 0, 0, f"name one of its keys: {_listed(value)}")
    if isinstance(value, list | tuple):
        return TemplateProblem(f"`{dotted}` is a list", 0, 0, f"join it: << {dotted} | join(',') >>")
    return None


def _choices(dotted: str, variables: Mapping[str, Any]) -> str:
    """What the innermost group on the way has."""
    group, way = variables, ""
    for part in dotted.split("."):
        inner = group.get(part)
        if not isinstance(inner, Mapping):
            break
        group, way = inner, f"{way}.{part}" if way else part
    return f"{f'`{way}` has' if way else 'there are'}: {_listed(group)}"


def _listed(group: Mapping[str, Any]) -> str:
    names = sorted(group)
    return ", ".join(names[:10]) + (" …" if len(names) > 10 else "") if names else "nothing"


def printed(value: Any) -> str:
    """A value as YAML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _limited(text: str) -> str | Unfilled:
    return TOO_LONG if len(text) > LONGEST_TEXT else text


def _compiled_result(text: str, variables: Mapping[str, Any]) -> str | Unfilled:
    from generator.render import compiled_templates  # noqa: PLC0415  Jinja2 is imported only where a text needs it

    return compiled_templates.rendered(text, variables)


@functools.lru_cache(maxsize=4096)
def mentions(text: str, dotted: str) -> bool:
    """Whether a template in the text names `dotted`, such as `environment.scope`, or something in it."""
    return any(
        re.search(rf"(?<![\w.]){re.escape(dotted)}\b", part) for part in re.findall(r"<[<%](.*?)[>%]>", text, re.DOTALL)
    )

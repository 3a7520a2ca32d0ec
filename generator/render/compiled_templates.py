"""Templates that are more than plain look-ups, through Jinja2's sandbox."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.render.template_filters import BY_NAME, fits
from generator.render.templates import (
    DEEPEST_NESTING,
    FILTERS,
    LONGEST_TEXT,
    TOO_LONG,
    TemplateProblem,
    Unfilled,
    printed,
)

ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const,
    nodes.Filter, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Test,
    nodes.List,
)  # fmt: skip
TESTS = ("defined", "undefined")
_COMPUTES_NOTHING = "a template looks values up; it computes nothing"
_NO_JSON = "a template may not hold a number of more than 64 bits or a character that is none"
NAMES = {
    nodes.For: "a loop", nodes.Call: "a call", nodes.Assign: "an assignment", nodes.AssignBlock: "an assignment",
    nodes.Include: "an include", nodes.Import: "an import", nodes.FromImport: "an import", nodes.Macro: "a macro",
    nodes.Extends: "an extends", nodes.Block: "a block", nodes.CallBlock: "a call", nodes.FilterBlock: "a filter block",
}  # fmt: skip


class _Environment(ImmutableSandboxedEnvironment):
    """Looks up keys of mappings, never attributes of objects."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Mapping) and isinstance(argument, str) and argument in obj:
            return obj[argument]
        return self.undefined(obj=obj, name=argument)


def _finalized(value: Any) -> Any:
    if isinstance(value, jinja2.Undefined):
        return value
    if isinstance(value, Mapping | list | tuple):
        raise jinja2.TemplateRuntimeError("a template prints a single value, found a group of values")
    return printed(value)


_ENVIRONMENT = _Environment(
    variable_start_string="<<", variable_end_string=">>", block_start_string="<%", block_end_string="%>",
    comment_start_string="<%#", comment_end_string="#%>", undefined=jinja2.StrictUndefined, keep_trailing_newline=True,
    autoescape=False, finalize=_finalized, trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
_ENVIRONMENT.filters = {name: BY_NAME[name] for name in FILTERS}
_ENVIRONMENT.tests = {name: _ENVIRONMENT.tests[name] for name in TESTS}
_ENVIRONMENT.globals = {}


def rendered(text: str, variables: Mapping[str, Any]) -> str | Unfilled:
    template = _compiled(text)
    if isinstance(template, Unfilled):
        return template
    try:
        return _collected(template, variables)
    except jinja2.UndefinedError as error:
        return _at_line(
            text, 0, f"{error.message}".replace("'", "`")[:200], "check the spelling, or use `| default(…)`"
        )
    except TypeError as error:
        told = "a filter is given too many values" if "()" in str(error) else str(error)
        return _at_line(text, 0, told, _COMPUTES_NOTHING)
    except (jinja2.TemplateRuntimeError, jinja2.exceptions.SecurityError, ValueError, OverflowError) as error:
        return _at_line(text, 0, str(error), _COMPUTES_NOTHING)


def _collected(template: jinja2.Template, variables: Mapping[str, Any]) -> str | Unfilled:
    """Stop as soon as the text grows over the limit."""
    parts: list[str] = []
    size = 0
    for part in template.generate(variables):
        parts.append(part)
        size += len(part)
        if size > LONGEST_TEXT:
            return TOO_LONG
    return "".join(parts)


@functools.lru_cache(maxsize=4096)
def _compiled(text: str) -> jinja2.Template | Unfilled:
    try:
        tree = _ENVIRONMENT.parse(text)
        for refusal in _refusals(tree, 0):
            return _at_line(
                text, refusal[0], refusal[1], "templates know look-ups, `if` and these filters: " + ", ".join(FILTERS)
            )
        return _ENVIRONMENT.from_string(tree)
    except jinja2.TemplateSyntaxError as error:
        return _at_line(text, error.lineno, _told(text, error), 'to print the signs themselves write << "<<" >>')
    except RecursionError:
        return _at_line(text, 0, f"the template is nested deeper than {DEEPEST_NESTING} levels", "make it flatter")
    except ValueError:
        # Python refuses to read or write integers of more than 4,300 digits.
        return _at_line(text, 0, _NO_JSON, "write fewer digits")


def _told(text: str, error: jinja2.TemplateSyntaxError) -> str:
    for opening, closing in (("<<", ">>"), ("<%", "%>")):
        if text.count(opening) > text.count(closing):
            return f"a `{opening}` is not closed by `{closing}`"
    return f"the template cannot be read: {(error.message or '').rstrip('.')}"


def _refusals(node: nodes.Node, depth: int) -> Iterator[tuple[int, str]]:
    if depth > DEEPEST_NESTING:
        yield node.lineno, f"the template is nested deeper than {DEEPEST_NESTING} levels"
        return
    if not isinstance(node, ALLOWED):
        yield node.lineno, f"a template may not hold {NAMES.get(type(node), 'arithmetic or building of values')}"
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        yield node.lineno, f"a template may not use the filter `{node.name}`"
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        yield node.lineno, f"a template may not use the test `{node.name}`"
    if isinstance(node, nodes.Const) and not fits(node.value):
        yield node.lineno, _NO_JSON
    for child in node.iter_child_nodes():
        yield from _refusals(child, depth + 1)


def _at_line(text: str, line: int, message: str, hint: str) -> Unfilled:
    """Mark the line of the text, or its first template where Jinja2 tells no line."""
    lines = text.splitlines(keepends=True)
    if not line:
        line = next((number for number, each in enumerate(lines, 1) if "<<" in each or "<%" in each), 1)
    before = sum(len(each) for each in lines[: line - 1])
    marked = lines[line - 1].rstrip() if line <= len(lines) else ""
    start = before + len(marked) - len(marked.lstrip())
    return Unfilled((TemplateProblem(message, start, max(before + len(marked), start + 1), hint),))

"""Scopes that people write, joined to one; a text that is none becomes a problem of its field."""

from __future__ import annotations

import functools

from generator.explain.monitor import Context, KindProblem
from generator.query.nodes import Scope
from generator.query.problem import SyntaxProblem
from generator.query.scope import parse_scope
from generator.query.scope_algebra import joined


def written_scope(text: str, *, where: tuple[str | int, ...]) -> Scope | KindProblem:
    found = parse_scope(text)
    if isinstance(found, SyntaxProblem):
        return KindProblem(where, "query-syntax", found.message, found.hint, start=found.start, end=found.end)
    return found


def environment_scope(context: Context) -> Scope | KindProblem:
    found = parse_scope(context.scope)
    if isinstance(found, SyntaxProblem):
        message = f"scope `{context.scope}` of environment `{context.environment}`: {found.message}"
        return KindProblem((), "query-syntax", message, found.hint)
    return found


def all_of(*scopes: Scope | KindProblem) -> Scope | KindProblem:
    """The scope that holds where all hold, or the first problem."""
    return functools.reduce(_both, scopes)


def _both(first: Scope | KindProblem, second: Scope | KindProblem) -> Scope | KindProblem:
    if isinstance(first, KindProblem):
        return first
    return second if isinstance(second, KindProblem) else joined(first, second)

"""Scopes that stand alone, and two scopes joined."""

from __future__ import annotations

import pytest

from generator.query.nodes import EVERYTHING, AllOf, AnyOf, Membership, Not, Scope, Tag, Terms, Variable
from generator.query.parser import SyntaxProblem, parse_scope
from generator.query.printer import print_query
from generator.query.scope_algebra import is_symbolic, joined

A, B, C = Tag("a", "1"), Tag("b", "2"), Tag("c", "3")


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("", EVERYTHING),
        (" * ", EVERYTHING),
        ("env:production", Tag("env", "production")),
        (
            "env:prod,statemachinearn:arn:aws:states:ap-northeast-1:1:stateMachine:x",
            Terms((Tag("env", "prod"), Tag("statemachinearn", "arn:aws:states:ap-northeast-1:1:stateMachine:x"))),
        ),
        ("bare, schedule:", Terms((Tag("bare"), Tag("schedule", "")))),
        ("! a:1", Not(A)),
        ("not a:1", Not(A)),
        ("$env,host:$h.value", Terms((Variable("env"), Tag("host", "$h.value")))),
        ("a:1 AND b:2 OR c:3", AnyOf((AllOf((A, B)), C))),
        ("a:1 AND (b:2 OR c:3)", AllOf((A, AnyOf((B, C))))),
        ("a:1 AND NOT b:2 AND c:3", AllOf((A, Not(B), C))),
        ("x not in (4 , 5xx)", Membership("x", ("4", "5xx"), negated=True)),
        ("NOT x IN (y,z)", Membership("x", ("y", "z"), negated=True)),
        ("not (x NOT IN (y))", Membership("x", ("y",))),
        ("NOT (NOT a:1)", A),
        ("a:1 AND NOT (NOT (NOT b:2))", AllOf((A, Not(B)))),
        ("service: x", Tag("service", " x")),
        ("service:\n  x AND a:1", AllOf((Tag("service", " x"), A))),
        ("service: AND a:1", AllOf((Tag("service", ""), A))),
        ("* AND x IN (y)", AllOf((EVERYTHING, Membership("x", ("y",))))),
    ],
)
def test_a_scope_becomes_a_tree(text: str, scope: Scope) -> None:
    assert parse_scope(text) == scope


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("*", "a:1", "a:1"),
        ("a:1", "*", "a:1"),
        ("a:1", "b:2", "a:1,b:2"),
        ("a:1,!b:2", "b:2,a:1", "a:1,!b:2,b:2"),
        ("a:1", "a:1", "a:1"),
        ("a:1,!b:2", "c:3 OR d:4", "a:1 AND NOT b:2 AND (c:3 OR d:4)"),
        ("a:1 AND b:2", "c:3", "a:1 AND b:2 AND c:3"),
        ("x IN (y,z)", "!a:1", "x IN (y,z) AND NOT a:1"),
        ("NOT (a:1 OR b:2)", "$env", "NOT (a:1 OR b:2) AND $env"),
    ],
)
def test_joined_scopes_hold_both_in_one_syntax(first: str, second: str, together: str) -> None:
    scopes = [parse_scope(text) for text in (first, second)]
    one, other = (scope for scope in scopes if not isinstance(scope, SyntaxProblem))

    scope = joined(one, other)

    assert print_query(scope) == together
    assert parse_scope(together) == scope


@pytest.mark.parametrize(
    ("text", "symbolic"), [("a:1,!b:2", True), ("!a:1", True), ("a:1 AND b:2", False), ("NOT (a:1 OR b:2)", False)]
)
def test_a_scope_knows_whether_commas_can_write_it(text: str, *, symbolic: bool) -> None:
    scope = parse_scope(text)

    assert not isinstance(scope, SyntaxProblem)
    assert is_symbolic(scope) == symbolic


def test_a_scopes_nodes_stand_where_their_spans_say() -> None:
    text = " a:1 AND (b:2 OR NOT c:3)"

    scope = parse_scope(text)

    assert isinstance(scope, AllOf)
    either = scope.operands[1]
    assert isinstance(either, AnyOf)
    assert [text[slice(*node.span)] for node in (scope, either, *either.operands)] == [
        "a:1 AND (b:2 OR NOT c:3)",
        "b:2 OR NOT c:3",
        "b:2",
        "NOT c:3",
    ]

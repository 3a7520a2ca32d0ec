"""Templates: look-ups, refusals, and plain look-ups equal to Jinja2."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.render import compiled_templates
from generator.render.templates import LONGEST_TEXT, Unfilled, rendered

VARIABLES = {
    "service": "api",
    "environment": {"name": "production", "scope": "env:production", "aws": {"account": "1"}},
    "variables": {"limit": 3, "share": 0.5, "on": True, "names": ["a", "b"], "long": "x" * 60_000, "none": ""},
    "each": {"key": "first"},
}
NAMES = st.sampled_from(
    (
        "service",
        "environment.name",
        "environment.aws.account",
        "variables.limit",
        "variables.on",
        "variables.share",
        "variables.none",
        "each.key",
        "nobody",
        "environment.nobody",
    )
)
LOOKUPS = st.builds(
    lambda before, name, after: f"<<{before}{name}{after}>>", st.sampled_from(["", " "]), NAMES, st.just(" ")
)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>%\u2028\u2029\x85"), max_size=12)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.lists(TEXT | LOOKUPS, max_size=6).map("".join))
def test_plain_lookups_are_equal_to_jinja2(text: str) -> None:
    ours, jinja2s = rendered(text, VARIABLES), compiled_templates.rendered(text, VARIABLES)
    if isinstance(ours, Unfilled) or isinstance(jinja2s, Unfilled):
        assert isinstance(ours, Unfilled)
        assert isinstance(jinja2s, Unfilled)
    elif isinstance(ours, str):
        assert ours == jinja2s
    else:
        assert text.startswith("<<")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<< variables.limit >>", 3),
        ("<< variables.on >>", True),
        ("over << variables.limit >>", "over 3"),
        ("<< variables.on >>!", "true!"),
        ("{{#is_alert}}<< service >>{{/is_alert}} {{value}}", "{{#is_alert}}api{{/is_alert}} {{value}}"),
        ("<% if variables.limit > 2 and not variables.none %>yes<% endif %>", "yes"),
        ("<% if environment.name in ['staging'] %>s<% elif true %>p<% endif %>", "p"),
        ("<< variables.names | join(', ') >>", "a, b"),
        ("<< nobody | default('d') >>", "d"),
        ("<< service | upper >>", "API"),
        ("<< variables.on | upper >>", "TRUE"),
        ("<< variables.share | round >> << 2.345 | round(1) >> << 0.5 | round(0, 'ceil') | int >>", "0.0 2.3 1"),
        ("<< '7' | int >> << 'x' | int(3) >> << '7' | float >> << variables.limit | abs >>", "7 3 7.0 3"),
        ("<< ' a ' | trim >><< 'xax' | trim('x') >> << 'a b' | title >> << 'A' | lower >>", "aa A B a"),
        ('<< "<<" >>', "<<"),
        ("100 % {# no comment #}", "100 % {# no comment #}"),
    ],
)
def test_a_template_is_filled_in(text: str, expected: object) -> None:
    assert rendered(text, VARIABLES) == expected


@pytest.mark.parametrize(
    "text",
    [
        "<% for c in service %>x<% endfor %>",
        "<% set a = 1 %>",
        "<% macro m() %><% endmacro %>",
        "<% include 'x' %>",
        "<% import 'x' as y %>",
        "<% extends 'x' %>",
        "<% block b %><% endblock %>",
        "<% filter upper %>x<% endfilter %>",
        "<% raw %><% endraw %><< range(9) >>",
        "<< service.upper() >>",
        "<< ''.__class__.__mro__ >>",
        "<< service['__class__'] >>",
        "<< environment.keys >>",
        "<< environment | attr('keys') >>",
        "<< environment | map('x') >>",
        "<< 'a' * 100000000 >>",
        "<< 9 ** 9 ** 9 >>",
        "<< 'a' ~ 'b' >>",
        "<< service[0:1] >>",
        "<< {'a': 1} >>",
        "<< ['a'] >>",
        "<< environment >>",
        "<< variables.names >>",
        "<< service is iterable >>",
        "<< self >>",
        "<< cycler >>",
        "<< lipsum >>",
        "<< (",
        "<< service",
        "<<",
        "<% if %>",
        "<< " + "(" * 3000 + "1" + ")" * 3000 + " >>",
        "<< " + "not " * 3000 + "service >>",
        "<% if service %>" * 300 + "<% endif %>" * 300,
        "<< variables.long >>" * 2,
        "<% if true %><< variables.long >><< variables.long >><% endif %>",
        "<< variables.long | join(variables.long) >>",
        "<< service >>" + " " * LONGEST_TEXT,
        "<< 1.5 | round(1000000000, 'ceil') >>",
        "<< 1.5 | round(service) >>",
        "<< " + "9" * 5000 + " >>",
        "<< 0x" + "f" * 20_000 + " >>",
        "<< 99999999999999999999 >>",
        "<% if 1e999 == variables.limit %>x<% endif %>",
        "<< 'inf' | float >>",
        "<< 'inf' | float | int >>",
        "<< '99999999999999999999' | int >>",
        "<< '\\ud800' >>",
        "<< variables.names | join(variables.names) >>",
        "<< [variables.names] | join >>",
        "<< [variables.long, variables.long] | upper >>",
        "<< environment | title >>",
        "<< variables.names | trim >>",
        "<< service | trim(5) >>",
        "<< service | upper(1) >>",
        "<< service | abs >>",
        "<< nobody | upper >>",
        "<< environment" + ".nobody" * 9000 + " >>",
    ],
    ids=lambda text: text[:24],
)
def test_a_template_that_does_more_is_refused(text: str) -> None:
    result = rendered(text, VARIABLES)
    assert isinstance(result, Unfilled)
    assert all(problem.message and 0 <= problem.start < problem.end for problem in result.problems)
    assert max(len(problem.message + problem.hint) for problem in result.problems) < 400


def test_every_undefined_name_of_a_text_is_told_with_the_choices() -> None:
    result = rendered("<< environment.nam >> and << servce >>", VARIABLES)
    assert isinstance(result, Unfilled)
    assert [problem.message for problem in result.problems] == [
        "`environment.nam` is not defined",
        "`servce` is not defined",
    ]
    assert "name" in result.problems[0].hint

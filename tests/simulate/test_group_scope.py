"""Which groups the scope of a downtime matches: https://docs.datadoghq.com/monitors/downtimes/#downtime-scope-syntax."""

from __future__ import annotations

import pytest

from generator.simulate.group_scope import scope_matcher
from generator.simulate.refusal import NotSimulated

MATCHES = [
    ("*", "a:1", "yes"),
    ("", "a:1", "yes"),
    ("service:web-store", "service:web-store host:a", "yes"),
    ("service:web-store", "service:web-store-2", "no"),
    ("service:Web-Store", "service:web-store", "yes"),
    ("service:web-store AND env:dev", "service:web-store env:dev", "yes"),
    ("service:web-store AND env:dev", "service:web-store env:prod", "no"),
    ("service:web-store env:dev", "service:web-store env:prod", "no"),
    ("service:web-store,env:dev", "service:web-store env:dev", "yes"),
    ("env:(dev OR staging)", "env:staging", "yes"),
    ("env:(dev OR staging)", "env:prod", "no"),
    ("service:web-store AND env:(dev OR staging)", "service:web-store env:dev", "yes"),
    ("service:web-store AND env:(dev OR staging)", "env:dev", "no"),
    ("host:authentication-*", "host:authentication-7", "yes"),
    ("host:*-prod-cluster", "host:a-prod-cluster", "yes"),
    ("host:*-prod-cluster", "host:a-prod-cluster-2", "no"),
    ("service:webstore AND -env:prod", "service:webstore env:dev", "yes"),
    ("service:webstore AND -env:prod", "service:webstore env:prod", "no"),
    ("-env:(a OR b)", "env:b", "no"),
    ("-env:(a OR b)", "env:c", "yes"),
    ("NOT env:a", "env:c", "yes"),
    ("a:1 OR b:2 AND c:3", "a:1", "yes"),
    ("a:1 OR b:2 AND c:3", "b:2", "no"),
    ("(a:1 OR b:2) AND c:3", "a:1", "no"),
    ("image:repo/name:1.2", "image:repo/name:1.2", "yes"),
]


@pytest.mark.parametrize(("scope", "tags", "expected"), MATCHES)
def test_scopes_match_by_their_tags(scope: str, tags: str, expected: str) -> None:
    assert scope_matcher(scope)(frozenset(tags.split())) is (expected == "yes")


REFUSED = [
    "web", "a:", ":b", "a:(b", "a:b)", "a:(b OR)", "AND", "a:b AND", "OR a:b", "a:b OR", "-", "a (b)", '"a:b"', "()",
    "a:b AND OR c:d", "a:b,,c:d", "NOT", "(" * 5000, "a:b OR " * 5000, "-" * 4000, "NOT " * 1000, "a:" + "(" * 4000,
    "\x1b[31m", "a\x00:b (", "\U0001d7d9(",
]  # fmt: skip


@pytest.mark.parametrize("scope", REFUSED, ids=lambda scope: scope[:20].encode("unicode_escape").decode())
def test_what_is_no_scope_is_refused_and_quoted(scope: str) -> None:
    with pytest.raises(NotSimulated) as refused:
        scope_matcher(scope)
    assert refused.value.refusal.reason.startswith("a downtime whose scope")
    assert len(refused.value.refusal.reason) < 200
    assert refused.value.refusal.reason.isprintable()

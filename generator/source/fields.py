"""Texts with a form that several project files share."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

# In Python `$` lets a last line break through; `$(?!\n)` is the end of the text there and in ECMAScript.
_END = r"$(?!\n)"

Slug = Annotated[
    str,
    Meta(
        pattern=rf"^[a-z0-9][a-z0-9._-]*{_END}",
        max_length=100,
        title="a name of lower-case letters, digits, `.`, `_` and `-` that starts with a letter or digit",
    ),
]
HandlesText = Annotated[
    str,
    Meta(
        pattern=r"^\+?@\S",
        title="handles like `@slack-data-alerts`, parted by spaces; `+@…` adds to the outer ones",
        examples=["@slack-data-alerts", "@slack-data-alerts @pagerduty-data", "+@slack-storage"],
    ),
]
HolidaysText = Annotated[
    str,
    Meta(
        pattern=rf"^[A-Z]{{2}}(?:-[A-Z0-9]{{1,3}})?{_END}",
        title="a country like `JP`, or a part of one like `DE-BY`",
        examples=["JP", "DE-BY"],
    ),
]
OwnersText = Annotated[
    str,
    Meta(
        pattern=rf"^@[A-Za-z0-9-]+(?:/[A-Za-z0-9._-]+)?(?: @[A-Za-z0-9-]+(?:/[A-Za-z0-9._-]+)?)*{_END}",
        title="people or teams on GitHub like `@example/data-platform`, parted by spaces",
        examples=["@example/data-platform", "@somebody @example/data-platform"],
    ),
]
AccountText = Annotated[
    str, Meta(pattern=rf"^[0-9]{{12}}{_END}", title="an AWS account of 12 digits in quotes", examples=["111122223333"])
]
ParameterName = Annotated[
    str, Meta(pattern=rf"^[a-z][a-z0-9_]*{_END}", title="a name of lower-case letters, digits and `_`")
]
Priority = Annotated[int, Meta(ge=1, le=5)]

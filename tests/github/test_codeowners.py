"""Whoever is named for a file is whom GitHub would ask: the last line that matches counts."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.github.codeowners import codeowners, unwritable
from generator.source.files import Organization

TEAMS = {"ta": "@acme/ta", "tb": "@acme/tb @somebody", "tc": ""}
"""The last has no owners."""


def organization(everybody: str) -> Organization:
    teams = {name: {"notify": "@slack-a", **({"owners": named} if named else {})} for name, named in TEAMS.items()}
    written = {"workspace": "main", "environments": {"production": {"scope": "env:production"}}, "teams": teams}
    return msgspec.convert(written | ({"owners": everybody} if everybody else {}), Organization)


def asked(text: str, path: str) -> str:
    """Written from https://docs.github.com/articles/about-code-owners, apart from what writes the file."""
    found = ""
    for line in text.splitlines():
        words = re.findall(r"(?:\\.|\S)+", line)
        if not words or line.startswith("#"):
            continue
        pattern = re.sub(r"\\(.)", r"\1", words[0])
        if pattern in ("*", f"/{path}") or f"/{path}".startswith(f"{pattern.rstrip('/')}/"):
            found = " ".join(words[1:])
    return found


def wanted(files: dict[str, str], path: str, everybody: str) -> str:
    stem = re.sub(r"\.test\.ya?ml$", "", path)
    named = [f"{stem}.yaml", f"{stem}.yml"] if stem != path else [path]
    team = next((files[each] for each in named if each in files), "")
    return TEAMS.get(team, "") or everybody


PARTS = st.sampled_from(["a", "b", "c d", "#e", "x.test.yaml"])
NAMES = st.sampled_from(["x.yaml", "y.yaml", "x.test.yaml", "y.test.yml", "z z.yml", "readme.yaml"])
PATHS = st.builds(
    lambda top, folders, name: "/".join((top, *folders, name)),
    st.sampled_from(["monitors", "dashboards"]), st.lists(PARTS, max_size=3), NAMES,
)  # fmt: skip
TREES = st.dictionaries(PATHS, st.sampled_from([*TEAMS, *TEAMS, "", "unknown"]), max_size=12).map(
    lambda files: {path: team for path, team in files.items() if not any(each.startswith(f"{path}/") for each in files)}
)


@settings(derandomize=True, max_examples=600, deadline=None)
@given(TREES, st.sampled_from(["@acme/all", ""]))
def test_the_last_line_that_matches_names_the_owners_of_each_file(files: dict[str, str], everybody: str) -> None:
    text = codeowners(organization(everybody), files)
    expected = {path: wanted(files, path, everybody) for path in files}
    assert {path: asked(text, path) for path in files} == expected
    assert asked(text, "monitors/organization.yaml") == asked(text, ".github/CODEOWNERS") == everybody
    assert asked(text, "docs/readme.md") == everybody


MIXED = {"monitors/a/x.yaml": "ta", "monitors/a/y.yaml": "tc", "monitors/a/b/z.yaml": "tc"}


def lines(files: dict[str, str], everybody: str = "@acme/all") -> list[str]:
    ends = ("* ", "#", "/.github/", "/monitors/organization.yaml")
    return [each for each in codeowners(organization(everybody), files).splitlines() if not each.startswith(ends)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (MIXED, ["/monitors/a/x.test.yaml @acme/ta", "/monitors/a/x.yaml @acme/ta"]),
        ({"monitors/a/x.yaml": "ta", "monitors/a/b/z.yaml": "ta"}, ["/monitors/a/ @acme/ta"]),
        ({"monitors/a/x": "ta", "monitors/a/b/z": "tc"}, ["/monitors/a/ @acme/ta", "/monitors/a/b/ @acme/all"]),
        ({"monitors/a/x.yaml": "tc", "monitors/a/b/z.yaml": "ta"}, ["/monitors/a/b/ @acme/ta"]),
        ({"monitors/x.yaml": "tc", "monitors/sets/s.yaml": ""}, []),
        ({"monitors/x.yaml": "ta"}, ["/monitors/x.test.yaml @acme/ta", "/monitors/x.yaml @acme/ta"]),
        ({"dashboards/x.yaml": "ta"}, ["/dashboards/x.yaml @acme/ta"]),
    ],
)  # fmt: skip
def test_a_folder_is_a_line_where_all_in_it_or_all_directly_in_it_is_of_one_team(
    files: dict[str, str], expected: list[str]
) -> None:
    assert lines(files) == expected


def test_what_nobody_owns_is_taken_out_of_the_folder_of_a_team() -> None:
    files = {"monitors/a/x.yaml": "ta", "monitors/a/b/z.yaml": "tc"}
    assert lines(files, everybody="") == ["/monitors/a/ @acme/ta", "/monitors/a/b/"]


def test_without_owners_there_is_no_file() -> None:
    assert codeowners(organization(""), {"monitors/a/x.yaml": "tc", "monitors/y.yaml": ""}) == ""


def test_only_what_needs_a_line_has_to_be_writable() -> None:
    files = {"monitors/[a]/x.yaml": "ta", "monitors/[b]/y.yaml": "tc"}
    assert unwritable(organization("@acme/all"), files) == ("`monitors/[a]/`",)


def test_a_very_deep_tree_is_no_trouble() -> None:
    deep = "monitors/" + "a/" * 1_900
    files = {f"{deep}x.yaml": "ta", "monitors/a/y.yaml": "tb"}
    assert asked(codeowners(organization(""), files), f"{deep}x.yaml") == "@acme/ta"

"""What a comment is, whatever a stranger has uploaded: ours in its first paragraph, and theirs in its place below."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from generator.github.comment import authorship
from generator.github.upload import Run
from generator.report.markdown_parts import LONGEST_COMMENT
from generator.report.review_comment import UnreadableReview, comment_markdown, read_review, unreadable_markdown

RUN = Run("a" * 40, "example/monitors", "stricter")
ABOVE = authorship(RUN)
ADDRESS = "https://github.com/example/monitors/actions/runs/1"
FATES = ("removed", "replaced", "changed", "created", "moved")
TAGS = {
    *("a", "b", "br", "code", "details", "h3", "h4", "p", "pre", "sub", "summary"),
    *("table", "tbody", "td", "th", "thead", "tr"),
}
HOSTILE = (
    *("<!--", "-->", "--!>", "<!-- toban plan main -->", "<![CDATA[", "<?x", "<!x", "]]>", ABOVE.strip()),
    *(
        "```",
        "``````````\n",
        "~~~",
        "\n```\n",
        "    x",
        "\n\n# Approved\n",
        "\r\r# Approved",
        "\n\n---\n\n",
        "| a |\n|--|",
    ),
    *("<details>", "</details>", "<details open>", "</p>", "<script>", "<img src=https://evil.example>", "<sub>", "<a"),
    *("@octocat", "&#64;octocat", "&commat;octocat", "&#x40;octocat", "@&#111;ctocat", "@\u200boctocat", "a@b.example"),
    *(
        "@example/team",
        "`@`octocat",
        "@`octocat`",
        "`@octocat",
        "\\@octocat",
        "\uff20octocat",
        "@octo\u00adcat",
        "*@a*",
    ),
    *(
        "#1",
        "GH-1",
        *("gh-1", "xGH-1", "WWW.evil.example", "0WWW.x", "0123456789ABCDEF"),
        "example/monitors#1",
        "example/monitors@0123456",
        "0123456789abcdef",
        "(#1)",
        "[#1]",
        "x#1",
    ),
    *(
        "![x](https://evil.example/x.png)",
        "[x](https://evil.example)",
        "[x]: https://evil.example",
        "[x][x]",
        "[^1]: x",
    ),
    *("https://evil.example", "<https://evil.example>", "www.evil.example", "//evil.example", "mailto:a@b", "ftp://x"),
    *("\0", "\x1b[2J", "\u202e", "\u2028", "\u0085", "&lt;b&gt;", "&amp;", '"', "'", "$`x`$", "::error::x", ":+1:", ""),
)
words = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join),
    st.lists(st.sampled_from(HOSTILE), max_size=4).map(" ".join),
    st.text(alphabet="`~<>@#&;'\"\n \\|*_[]()!-+:/x0a", max_size=80),
    st.text(max_size=40),
)
counts = st.integers(0, 1_000_000_000)
rules = st.sampled_from(["yaml-syntax", "stop", "a1"])
findings = st.fixed_dictionaries(
    {
        "rule": rules,
        "severity": st.sampled_from(["error", "warning", "notice"]),
        "message": words,
        "hint": words,
        "path": words,
        **dict.fromkeys(("line", "column", "end_line", "end_column"), counts),
    }
)
obstacles = st.fixed_dictionaries(
    {
        **dict.fromkeys(("message", "hint", "tracking_id", "path"), words),
        **dict.fromkeys(("blocks", "needs_review"), st.booleans()),
        "rule": rules,
        "id": st.none() | words,
        "line": counts,
    }
)
sections = st.fixed_dictionaries(
    {
        **dict.fromkeys(("service", "resource", "entry", "path"), words),
        **dict.fromkeys(("resources", "line"), counts),
        **dict.fromkeys(("environments", "headlines", "sentences", "rows"), st.lists(words, max_size=3)),
        "fate": st.sampled_from(FATES),
        "is_brief": st.booleans(),
    }
)
reviews = st.fixed_dictionaries(
    {
        "workspace": st.sampled_from(["main", "other", ""]),
        **dict.fromkeys(("base", "digest", "command"), words),
        "counts": st.fixed_dictionaries(dict.fromkeys((*FATES, "unchanged"), counts)),
        "obstacles": st.lists(obstacles, max_size=3),
        "all_obstacles": counts,
        "is_blocked": st.booleans(),
        "findings": st.fixed_dictionaries(
            {"first": st.lists(findings, max_size=3)}
            | dict.fromkeys(("errors", "warnings", "notices", "files"), counts)
        ),
        "sections": st.lists(sections, max_size=4),
    }
)


def comment_of(review: Any) -> str:
    content = json.dumps({"version": 1, "review": review}).encode()
    return comment_markdown(read_review(content), above=ABOVE, address=ADDRESS)


def review_of(text: str) -> dict[str, Any]:
    """One that says `text` wherever a text can be."""
    finding = {**dict.fromkeys(("message", "hint", "path"), text), "rule": "stop", "line": 1}
    span = dict.fromkeys(("column", "end_line", "end_column"), 1)
    section = {
        **dict.fromkeys(("service", "resource", "entry", "path"), text),
        **{name: [text, text] for name in ("environments", "headlines", "sentences")},
        "rows": [text, "# x"],
    }
    return {
        "workspace": "main",
        **dict.fromkeys(("base", "digest", "command"), text),
        "counts": dict.fromkeys((*FATES, "unchanged"), 9),
        "obstacles": [{**finding, "blocks": True, "needs_review": False, "tracking_id": text, "id": text}],
        "all_obstacles": 2,
        "is_blocked": True,
        "findings": {
            "first": [{**finding, **span, "severity": each} for each in ("error", "notice")],
            **dict.fromkeys(("errors", "warnings", "notices", "files"), 2),
        },
        "sections": [
            {**section, "fate": fate, "resources": 1, "line": 1, "is_brief": is_brief}
            for fate in FATES
            for is_brief in (False, True)
        ],
    }


class Page(HTMLParser):
    """What a browser makes of it: tags, links, hidden comments, and the text outside of code and links."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: set[str | None] = set()
        self.comments: list[str] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links |= {value for _, value in attrs}
        assert {name for name, _ in attrs} <= {"a": {"href"}, "code": {"class"}}.get(
            tag, {"style"} & {*self.style(tag)}
        )
        self.tags.add(tag)
        if tag != "br":
            self.open.append(tag)

    @staticmethod
    def style(tag: str) -> tuple[str, ...]:
        """Markdown's own tables have columns that are aligned."""
        return ("style",) if tag in ("td", "th") else ()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag]
        self.open.pop()

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((tuple(self.open), data))

    def prose(self) -> str:
        """Where GitHub would mention people and link issues."""
        return "\n".join(text for inside, text in self.texts if not {"code", "pre", "a"} & {*inside})


def assert_keeps_our_promises(text: str, workspace: str) -> None:
    markdown = MarkdownIt("gfm-like", {"linkify": False, "html": True})
    tokens = markdown.parse(text)
    assert tokens[0].content.strip() == f"<!-- toban plan {workspace or '(unknown)'} -->"
    assert [each.type for each in tokens[1:4]] == ["paragraph_open", "inline", "paragraph_close"]
    assert tokens[2].content == ABOVE.strip()
    every = [*tokens, *(child for each in tokens for child in each.children or ())]
    assert not {each.type for each in every} & {"image", "link_open", "code_block"}
    assert {each.tag for each in every if each.type == "heading_open"} == {"h3"}
    assert sum(each.type == "heading_open" for each in every) == 1
    page = Page()
    page.feed(markdown.renderer.render(tokens, markdown.options, {}))
    page.close()
    assert page.open == []
    assert page.tags <= TAGS
    assert page.links <= {ADDRESS}
    assert page.comments == [f" toban plan {workspace or '(unknown)'} "]
    inside, first = page.texts[0]
    assert (inside, f"<sub>{first}</sub>") == (("p", "sub"), ABOVE.strip())
    prose = page.prose().replace(first, "")
    assert not re.search(r"[@#]|://|www\.|gh-\d|\b[0-9a-f]{7,}\b", prose, re.IGNORECASE | re.ASCII)
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST_COMMENT


@settings(derandomize=True, max_examples=60, deadline=None)
@given(reviews)
def test_no_upload_hides_or_imitates_who_wrote_it_nor_mentions_links_or_shows_a_picture(review: dict[str, Any]) -> None:
    assert_keeps_our_promises(comment_of(review), review["workspace"])


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_in_its_place_wherever_it_stands(text: str) -> None:
    assert_keeps_our_promises(comment_of(review_of(text)), "main")


@pytest.mark.parametrize("letter", ["x", "&", "`", "🌊", "@", "a b ", "\n", "0", "\u202e"])
def test_the_largest_upload_makes_a_comment_that_github_takes(letter: str) -> None:
    review = review_of((letter * 600)[:600])
    review["sections"] *= 10
    review["findings"]["first"] *= 50
    review["obstacles"] *= 100
    assert_keeps_our_promises(comment_of(review), "main")


def test_no_text_of_ours_is_needed_to_see_that_a_review_could_not_be_read() -> None:
    assert_keeps_our_promises(unreadable_markdown(above=ABOVE), "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"version":1}',
        b'{"version":2,"review":{}}',
        b'{"version":1,"review":{},"more":1}',
        b'{"version":1e400}',
        pytest.param(b"[" * 1_000_000, id="deep"),
        pytest.param(b'{"x":' * 200_000, id="deep and unknown"),
        pytest.param(b'{"version":1,"review":' + b'{"workspace":' * 70_000, id="deep inside"),
    ],
)
def test_what_is_no_review_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableReview):
        read_review(content)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("workspace", "main --> x"),
        ("workspace", "(unknown)"),
        ("workspace", "main\n"),
        ("workspace", "a" * 101),
        ("base", "x" * 601),
        ("base", None),
        ("all_obstacles", -1),
        ("all_obstacles", 10**30),
        ("all_obstacles", 1.5),
        ("is_blocked", 1),
        ("digest", "\ud800"),
        ("sections", [{}]),
        ("sections", review_of("x")["sections"] * 201),
        ("findings", {**review_of("x")["findings"], "first": review_of("x")["findings"]["first"] * 251}),
        ("obstacles", review_of("x")["obstacles"] * 501),
        ("sections", [{**review_of("x")["sections"][0], "rows": ["x"] * 201}]),
        ("sections", [{**review_of("x")["sections"][0], "rows": [["x"]]}]),
        ("sections", [{**review_of("x")["sections"][0], "fate": "approved"}]),
        ("obstacles", [{**review_of("x")["obstacles"][0], "rule": "[x](https://evil.example)"}]),
        ("above", "x"),
    ],
)
def test_a_review_beyond_its_bounds_is_refused(name: str, value: object) -> None:
    review = {**review_of("x"), name: value}
    with pytest.raises(UnreadableReview):
        comment_of(review)

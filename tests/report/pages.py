"""What GitHub's reader would make of a comment."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

_OURS = {
    *("details", "summary", "b", "p", "code", "br", "h3", "h4", "sub", "pre", "ul", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_REFERENCES = re.compile(r"@\w|://|#\d|GH-\d|www\.")


class _Page(HTMLParser):
    """Tags, and the text outside of code."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.prose = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert attrs == [] or tag in {"th", "td", "code"}
        self.tags.append(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"code", "pre"} & set(self.open):
            self.prose += data


def assert_tame(text: str) -> None:
    """Texts of others stand in their places, and nobody is mentioned and nothing linked."""
    page = _Page()
    page.feed(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text))
    assert set(page.tags) <= _OURS
    assert page.open == []
    assert not _REFERENCES.search(page.prose)

"""Text in, tree out. Any text has one; what is wrong with it stands beside it."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from generator.message.nodes import (
    Block,
    Branch,
    Closing,
    Comment,
    Condition,
    Content,
    Else,
    Message,
    Node,
    Part,
    Tag,
    Text,
    Verbatim,
)
from generator.message.problem import MessageProblem, nearest, shown
from generator.message.tags import read_tag
from generator.message.vocabulary import RAW

DEEPEST: Final = 50
"""Blocks nested deeper are left as tags."""
MOST_PROBLEMS: Final = 100
"""Behind so many problems a message is text."""
_KEPT: Final = 256

# A tag ends at the first `}}` and holds no `{{`: whatever the text, each of its characters is looked at a few times.
_INSIDE: Final = r"(?:[^{}]|\{(?!\{)|\}(?!\}))*+"
TAG: Final = rf"(?:\{{\{{\{{(?!\{{){_INSIDE}\}}\}}\}}|\{{\{{(?!\{{){_INSIDE}\}}\}})"
"""Matches a tag that is neither a comment nor the opening of raw text."""
_TAG = re.compile(rf"\{{\{{\{{\{{(?!\{{){_INSIDE}\}}\}}\}}\}}|\{{\{{!|(?!\{{\{{\{{!){TAG}")
_VERBATIM_END = re.compile(r"\{\{\{\{/\s*+([^\s{}]++)\s*+\}\}\}\}")


@functools.lru_cache(maxsize=_KEPT)
def parse_message(text: str) -> Message:
    """The tree of a message, and all that is wrong with it."""
    if "{{" not in text:
        node = Text(text, 0)
        return Message(text, (node,), (Part(node, ()),), ()) if text else Message("", (), (), ())
    return _Parser(text).message()


class _Frame:
    """An open block, or the message itself."""

    __slots__ = ("body", "branches", "condition", "nodes", "opening", "separator")

    def __init__(
        self, branches: tuple[Branch, ...], opening: Tag | None = None, condition: Condition | None = None
    ) -> None:
        self.branches = branches
        self.opening = opening
        self.condition = condition
        self.separator: Tag | None = None
        self.body: list[Node] = []
        self.nodes: list[Node] = self.body


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._frames = [_Frame(())]
        self._parts: list[Part] = []
        self._problems: list[MessageProblem] = []
        self._too_deep = 0
        self._position = 0

    def message(self) -> Message:
        for start, end in self._tags():
            self._take_text(start)
            self._take_tag(start, end)
        self._take_text(len(self._text))
        while len(self._frames) > 1:
            self._close_unclosed("")
        problems = sorted(self._problems, key=lambda problem: (problem.start, problem.end))
        return Message(self._text, tuple(self._frames[0].body), tuple(self._parts), tuple(problems))

    def _tags(self) -> Iterator[tuple[int, int]]:
        """Where each tag starts and ends; raw text is passed over by whoever reads its opening tag."""
        last_long_comment = self._text.rfind("--}}")
        last_end = self._text.rfind("}}")
        while len(self._problems) < MOST_PROBLEMS:
            match = _TAG.search(self._text, self._position)
            if match is None:
                return
            start, end = match.span()
            if match[0] == "{{!":
                end = self._comment_end(start, last_long_comment, last_end)
                if end < 0:
                    return
            yield start, end

    def _comment_end(self, start: int, last_long: int, last: int) -> int:
        """`{{!-- … --}}` may hold braces; where `--}}` is missing, and in `{{! … }}`, the first `}}` ends it."""
        if start + 5 <= last_long and self._text.startswith("{{!--", start):
            return self._text.index("--}}", start + 5) + 4
        return self._text.index("}}", start) + 2 if start < last else -1

    def _take_text(self, end: int) -> None:
        start = self._position
        if start == end:
            return
        text = self._text[start:end]
        unclosed = text.find("{{")
        if unclosed >= 0 and len(self._problems) < MOST_PROBLEMS:
            place = start + unclosed
            self._problems.append(
                MessageProblem(
                    "`{{` is not closed", place, place + 2, "close it with `}}`, or write it in `{{{{raw}}}}`"
                )
            )
        self._add(Text(text, start))
        self._position = end

    def _take_tag(self, start: int, end: int) -> None:
        text = self._text[start:end]
        self._position = end
        read = _COMMENT if text.startswith("{{!") else read_tag(text)
        if isinstance(read, Comment):
            self._add(Tag(text, start, read))
            return
        if read.problems:
            self._problems.extend(problem.moved(start) for problem in read.problems)
        tag = Tag(text, start, read.content)
        content: Content = read.content
        if isinstance(content, Condition):
            self._open(tag, content)
        elif isinstance(content, Closing):
            self._close(tag, content.name)
        elif isinstance(content, Else):
            self._separate(tag)
        else:
            self._add(tag)

    def _add(self, node: Text | Tag | Verbatim) -> None:
        frame = self._frames[-1]
        frame.nodes.append(node)
        self._parts.append(Part(node, frame.branches))

    def _open(self, tag: Tag, condition: Condition) -> None:
        if tag.text.startswith("{{{{"):
            self._take_verbatim(tag, condition)
        elif len(self._frames) > DEEPEST:
            if not self._too_deep:
                self._problem(tag, f"blocks are nested more than {DEEPEST} deep", "close some of them first")
            self._too_deep += 1
            self._add(tag)
        else:
            branches = (*self._frames[-1].branches, Branch(condition, not condition.is_negated, tag))
            self._frames.append(_Frame(branches, tag, condition))
            self._parts.append(Part(tag, branches))

    def _take_verbatim(self, tag: Tag, condition: Condition) -> None:
        start = tag.end
        ends = self._verbatim_ends.get(condition.name, [])
        place = bisect_left(ends, (start, start))
        if place == len(ends):
            closing = f"{{{{{{{{/{condition.name}}}}}}}}}"
            self._problem(tag, f"{shown(tag.text)} is not closed", f"write `{closing}` where the raw text ends")
            self._add(Tag(tag.text, tag.start, condition))
            return
        end, stop = ends[place]
        node = Verbatim(tag, condition, self._text[start:end], self._text[end:stop])
        frame = self._frames[-1]
        own = () if condition.name == RAW else (Branch(condition, holds=True, opening=tag),)
        frame.nodes.append(node)
        self._parts.append(Part(node, (*frame.branches, *own)))
        self._position = stop

    @functools.cached_property
    def _verbatim_ends(self) -> dict[str, list[tuple[int, int]]]:
        ends: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for match in _VERBATIM_END.finditer(self._text):
            ends[match[1]].append(match.span())
        return ends

    def _separate(self, tag: Tag) -> None:
        frame = self._frames[-1]
        if frame.condition is None or frame.opening is None:
            self._problem(tag, "`{{else}}` stands in no block")
        elif self._too_deep:
            pass
        elif frame.separator is not None:
            self._problem(tag, f"a second `{{{{else}}}}` in {shown(frame.opening.text)}", "remove one of the two")
        else:
            self._parts.append(Part(tag, frame.branches))
            frame.separator = tag
            frame.nodes = []
            branch = Branch(frame.condition, frame.condition.is_negated, frame.opening)
            frame.branches = (*frame.branches[:-1], branch)
            return
        self._add(tag)

    def _close(self, tag: Tag, name: str) -> None:
        if self._too_deep:
            self._too_deep -= 1
            self._add(tag)
            return
        if not any(frame.condition is not None and frame.condition.name == name for frame in self._frames):
            self._problem(tag, f"{shown(tag.text)} closes nothing", self._closing_hint(name))
            self._add(tag)
            return
        while (frame := self._frames[-1]).condition is not None and frame.condition.name != name:
            self._close_unclosed(f" before {shown(tag.text)}")
        self._parts.append(Part(tag, frame.branches))
        self._end_block(tag)

    def _closing_hint(self, name: str) -> str:
        open_names = [frame.condition.name for frame in self._frames if frame.condition is not None]
        near = nearest(name, open_names) or (open_names[-1] if open_names else "")
        return f"did you mean `{{{{/{near}}}}}`?" if near else f"write `{{{{#{name}}}}}` before it, or remove it"

    def _close_unclosed(self, where: str) -> None:
        opening, condition = self._frames[-1].opening, self._frames[-1].condition
        if opening is not None and condition is not None:
            hint = f"write `{{{{/{condition.name}}}}}` where its text ends"
            self._problem(opening, f"{shown(opening.text)} is not closed{where}", hint)
        self._end_block(None)

    def _end_block(self, closing: Tag | None) -> None:
        frame = self._frames.pop()
        if frame.opening is None or frame.condition is None:
            return
        otherwise = tuple(frame.nodes) if frame.separator is not None else ()
        block = Block(frame.opening, frame.condition, tuple(frame.body), frame.separator, otherwise, closing)
        self._frames[-1].nodes.append(block)

    def _problem(self, tag: Tag, message: str, hint: str = "") -> None:
        self._problems.append(MessageProblem(message, tag.start, tag.end, hint))


_COMMENT = Comment()

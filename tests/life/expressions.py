"""GitHub's expressions, as far as the workflows use them; fails loudly on what it does not know.

https://docs.github.com/en/actions/writing-workflows/choosing-what-your-workflow-does/evaluate-expressions-in-workflows-and-actions
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

TOKEN = re.compile(r"\s*(?:(&&|\|\||==|!=|!|\(|\))|'((?:[^']|'')*)'|([A-Za-z_][\w.-]*))")
EMPTY_WHERE_ABSENT = ("inputs", "vars", "outputs")
"""What nobody has given is empty; a misspelt field of an event, or a job that is not needed, is a mistake."""
STATUS = re.compile(r"\b(?:success|failure|cancelled|always)\(\)")


def tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while text[position:].strip():
        found = TOKEN.match(text, position)
        assert found is not None, f"no token at {position} of {text!r}"
        position = found.end()
        sign, literal, name = found.groups()
        yield ("sign", sign) if sign else ("name", name) if name else ("literal", literal.replace("''", "'"))


def looked_up(path: str, contexts: Mapping[str, Any]) -> Any:
    found: Any = contexts
    before = ""
    for word in path.split("."):
        if word not in found and before in EMPTY_WHERE_ABSENT:
            return ""
        assert word in found, f"`{word}` of `{path}` is not known here"
        found, before = found[word], word
    return found


def as_number(value: Any) -> float:
    if isinstance(value, str):
        return float(value) if re.fullmatch(r"-?\d+(\.\d+)?", value) else 0.0 if not value else float("nan")
    return float(value or 0)


def are_equal(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    return as_number(left) == as_number(right)


class Reading:
    """One expression, read from the left."""

    def __init__(self, text: str, contexts: Mapping[str, Any], functions: Mapping[str, Callable[[], Any]]) -> None:
        self.text, self.left = text, list(tokens(text))
        self.contexts, self.functions = contexts, functions

    def value(self) -> Any:
        found = self.either()
        assert not self.left, f"{self.left} is left of {self.text!r}"
        return found

    def takes(self, sign: str) -> bool:
        if self.left[:1] != [("sign", sign)]:
            return False
        del self.left[0]
        return True

    def either(self) -> Any:
        found = self.both()
        while self.takes("||"):
            other = self.both()
            found = found or other
        return found

    def both(self) -> Any:
        found = self.comparison()
        while self.takes("&&"):
            other = self.comparison()
            found = found and other
        return found

    def comparison(self) -> Any:
        found = self.one()
        for sign, is_wanted in (("==", True), ("!=", False)):
            if self.takes(sign):
                return are_equal(found, self.one()) is is_wanted
        return found

    def one(self) -> Any:
        if self.takes("!"):
            return not self.one()
        if self.takes("("):
            found = self.either()
            assert self.takes(")"), self.text
            return found
        kind, text = self.left.pop(0)
        if kind == "literal":
            return text
        assert kind == "name", f"`{text}` is out of place in {self.text!r}"
        if self.takes("("):
            assert self.takes(")"), self.text
            assert text in self.functions, f"`{text}()` is not known"
            return self.functions[text]()
        constants = {"true": True, "false": False, "null": None}
        return constants[text] if text in constants else looked_up(text, self.contexts)


def is_true(condition: str, contexts: Mapping[str, Any], *, failed: bool) -> bool:
    """An `if`. One that asks for no status means only where all before went well."""
    text = re.sub(r"^\$\{\{(.*)\}\}$", r"\1", condition.strip())
    functions = {"success": lambda: not failed, "failure": lambda: failed, "cancelled": lambda: False}
    found = Reading(text, contexts, {**functions, "always": lambda: True}).value() if text else True
    return bool(found) and (not failed or STATUS.search(text) is not None)


def as_text(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def filled(text: str, contexts: Mapping[str, Any]) -> str:
    """A text with its `${{ … }}` filled in."""

    def told(found: re.Match[str]) -> str:
        return as_text(Reading(found[1], contexts, {}).value())

    return re.sub(r"\$\{\{(.*?)\}\}", told, text)

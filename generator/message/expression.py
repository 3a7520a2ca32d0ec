"""The expressions of `eval`: text in, steps in postfix order or a problem out. Running them recurses into nothing."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from generator.message.arithmetic import FUNCTIONS, OPERATORS, NotComputable, Operation, Value, number
from generator.message.problem import MessageProblem, nearest, shown

_LONGEST_EXPRESSION: Final = 1_000
_DEEPEST: Final = 32
_KEPT: Final = 1_024
_MOST_CHOICES: Final = 10
_TOKEN = re.compile(
    r"""\s*+(?:(?P<number>[0-9]++(?:\.[0-9]++)?+(?:[eE][-+]?[0-9]{1,3})?+)
    |(?P<name>(?:[^\W\d]|@|\[[^\[\]]*+\])(?:\w|[.@]|\[[^\[\]]*+\])*+)
    |(?P<string>'[^']*+'|"[^"]*+")
    |(?P<sign>[-+*/^%(),])
    |(?P<other>\S))""",
    re.VERBOSE,
)


class Constant(Struct, frozen=True):
    value: float | str


class Reading(Struct, frozen=True):
    """A variable's name as it was written, and where."""

    name: str
    start: int


class Applying(Struct, frozen=True):
    """An operation on so many of the values before it."""

    operation: Operation
    count: int


Step = Constant | Reading | Applying
Expression = tuple[Step, ...]


def read_expression(text: str) -> Expression | MessageProblem:
    """The steps of an expression such as `round(value / 1000, 2)`."""
    return _read(text)


def expression_problem(text: str) -> MessageProblem | None:
    found = _read(text)
    return found if isinstance(found, MessageProblem) else None


def evaluated(expression: Expression, look_up: Callable[[str], object]) -> Value | None:
    """What the expression comes to; None where it cannot be computed, as with a variable that has no value."""
    stack: list[Value] = []
    try:
        for step in expression:
            if isinstance(step, Applying):
                values = stack[len(stack) - step.count :]
                del stack[len(stack) - step.count :]
                stack.append(step.operation.apply(*values))
            else:
                stack.append(step.value if isinstance(step, Constant) else _readable(look_up(step.name)))
        found = stack.pop()
        return number(found) if isinstance(found, float) else found
    except (NotComputable, ArithmeticError, ValueError):
        return None


def _readable(value: object) -> Value:
    if not isinstance(value, str | int | float):
        raise NotComputable
    return value


@functools.lru_cache(maxsize=_KEPT)
def _read(text: str) -> Expression | MessageProblem:
    if len(text) > _LONGEST_EXPRESSION:
        return MessageProblem(f"an expression of {len(text)} characters, more than {_LONGEST_EXPRESSION}", 0, len(text))
    try:
        return _Parser(text).whole()
    except _Refusal as refusal:
        return refusal.problem


class _Refusal(Exception):  # noqa: N818 - it never leaves the module; its value is a problem
    def __init__(self, problem: MessageProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Parser:
    """`+ -` bind least, then `* / %`, then a sign, then `^`, which takes what follows it first."""

    def __init__(self, text: str) -> None:
        self._tokens = [
            (match.lastgroup or "", match[match.lastgroup or ""], match.start(match.lastgroup or ""))
            for match in _TOKEN.finditer(text)
        ]
        self._tokens.append(("end", "", len(text)))
        self._position = 0
        self._depth = 0
        self._steps: list[Step] = []

    def whole(self) -> Expression:
        self._sum()
        if self._kind != "end":
            raise self._refusal(f"expected an operator or the end, found {self._found()}", "such as `value * 100`")
        return tuple(self._steps)

    @property
    def _kind(self) -> str:
        return self._tokens[self._position][0]

    @property
    def _text(self) -> str:
        return self._tokens[self._position][1]

    def _sum(self) -> None:
        self._joined("+-", self._product)

    def _product(self) -> None:
        self._joined("*/%", self._signed)

    def _joined(self, operators: str, operand: Callable[[], None]) -> None:
        operand()
        while self._kind == "sign" and self._text in operators:
            operator = self._taken()
            operand()
            self._steps.append(Applying(OPERATORS[operator], 2))

    def _signed(self) -> None:
        signs = 0
        while self._text in {"-", "+"} and self._kind == "sign":
            signs += self._taken() == "-"
        self._power()
        if signs % 2:
            self._steps.append(Applying(OPERATORS["negate"], 1))

    def _power(self) -> None:
        self._atom()
        if self._kind == "sign" and self._text == "^":
            self._taken()
            self._descend()
            self._signed()
            self._depth -= 1
            self._steps.append(Applying(OPERATORS["^"], 2))

    def _atom(self) -> None:
        kind, text, start = self._tokens[self._position]
        if kind == "number":
            self._steps.append(Constant(int(text) if text.isdigit() else float(text)))
        elif kind == "string":
            self._steps.append(Constant(text[1:-1]))
        elif kind == "name" and self._tokens[self._position + 1][1] == "(":
            self._call(text)
            return
        elif kind == "name":
            self._steps.append(Reading(text, start))
        elif text == "(":
            self._bracket()
            return
        else:
            raise self._refusal(f"expected a number or a variable, found {self._found()}")
        self._taken()

    def _bracket(self) -> None:
        self._descend()
        self._taken()
        self._sum()
        self._close()

    def _call(self, name: str) -> None:
        operation = FUNCTIONS.get(name)
        if operation is None:
            raise self._refusal(f"`eval` has no function {shown(name)}", _function_hint(name))
        start = self._tokens[self._position][2]
        self._taken()
        self._descend()
        self._taken()
        count = 0
        while self._text != ")" or count:
            self._sum()
            count += 1
            if self._text != ",":
                break
            self._taken()
        self._close()
        if not operation.least <= count <= operation.most:
            raise self._wrong_count(name, operation, count, start)
        self._steps.append(Applying(operation, count))

    def _wrong_count(self, name: str, operation: Operation, count: int, start: int) -> _Refusal:
        most = operation.most
        expected = f"{most}" if operation.least == most else f"{operation.least} or {most}"
        message = f"`{name}` takes {expected} argument{'s' * (most > 1)}, found {count or 'none'}"
        return _Refusal(MessageProblem(message, start, start + len(name)))

    def _close(self) -> None:
        if self._text != ")" or self._kind != "sign":
            raise self._refusal(f"expected `)`, found {self._found()}", "close the bracket")
        self._taken()
        self._depth -= 1

    def _descend(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._refusal(f"the expression is nested more than {_DEEPEST} deep")

    def _taken(self) -> str:
        text = self._text
        self._position += 1
        return text

    def _found(self) -> str:
        return shown(self._text) if self._text else "the end"

    def _refusal(self, message: str, hint: str = "") -> _Refusal:
        _, text, start = self._tokens[self._position]
        return _Refusal(MessageProblem(message, start, start + len(text), hint))


def _function_hint(name: str) -> str:
    near = nearest(name, FUNCTIONS)
    return f"did you mean `{near}`?" if near else f"among others there are {_examples()}"


def _examples() -> str:
    return ", ".join(f"`{name}`" for name in list(FUNCTIONS)[:_MOST_CHOICES])

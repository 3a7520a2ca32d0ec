"""A message as it arrives: the text and the handles for one alert event.

Where Datadog's documentation is silent this is chosen: a variable without a value is empty, as documented for
attributes; matches distinguish upper and lower case; numbers are written as Python does, `90.0`; line breaks round
blocks stay; a block of an unknown name is not shown; a handle inside a value counts as one. Values are escaped as HTML
unless three braces enclose them (`&` is documented, `< > " '` are taken to be too).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from html import escape
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from generator.message.conditions import STATE_TESTS, is_exact_match, is_match
from generator.message.event import AlertEvent, State
from generator.message.expression import evaluated, read_expression
from generator.message.handles import handles_in
from generator.message.lookup import Known, known_value, text_of, time_of, time_text
from generator.message.nodes import (
    Argument,
    Block,
    Call,
    Condition,
    Function,
    Message,
    Node,
    Path,
    Tag,
    Text,
    Variable,
    Verbatim,
)
from generator.message.tags import path_of
from generator.message.vocabulary import PRIORITIES, RAW

Zones = Callable[[str], tzinfo | None]
"""The zone of a tz database name; None where there is none."""

_MATCHES: Final = {"is_exact_match": is_exact_match, "is_match": is_match}


class RenderedMessage(Struct, frozen=True):
    """`handles` are told. `unknown` are the variables without a value, blocks and functions nobody knows, zones and
    expressions that come to nothing, by their text. `priority` is that of `override_priority`, else the monitor's.
    """

    text: str
    handles: tuple[str, ...]
    unknown: tuple[str, ...]
    priority: int | None


def render(message: Message, event: AlertEvent, zones: Zones) -> RenderedMessage:
    """The message for the event."""
    rendering = _Rendering(event, zones)
    text = rendering.text_of_nodes(message.nodes)
    told = handles_in(text)
    if (event.previous, event.state) == (State.ALERT, State.WARNING) and "is_alert_recovery" in message.source:
        # Datadog tells who stands in `is_alert_recovery` when an alert becomes a warning too, without the text.
        told = (*told, *handles_in(_Rendering(event, zones, also="is_alert_recovery").text_of_nodes(message.nodes)))
    unknown = tuple(dict.fromkeys(rendering.unknown))
    return RenderedMessage(text, tuple(dict.fromkeys(told)), unknown, rendering.priority)


class _Rendering:
    """One pass over the tree; `also` is a condition that holds whatever the event."""

    def __init__(self, event: AlertEvent, zones: Zones, also: str = "") -> None:
        self._event = event
        self._zones = zones
        self._also = also
        self.unknown: list[str] = []
        self.priority = event.priority

    def text_of_nodes(self, nodes: Sequence[Node]) -> str:
        """Recurses as deep as blocks nest, which the parser bounds."""
        return "".join(map(self._text_of, nodes))

    def _text_of(self, node: Node) -> str:
        if isinstance(node, Text):
            return node.text
        if isinstance(node, Block):
            shown = node.body if self._holds(node.condition) else node.otherwise
            return self.text_of_nodes(shown)
        if isinstance(node, Verbatim):
            return node.text if node.condition.name == RAW or self._holds(node.condition) else ""
        return self._text_of_tag(node)

    def _text_of_tag(self, tag: Tag) -> str:
        content = tag.content
        if isinstance(content, Variable):
            return _written(self._variable(content.path), is_escaped=content.is_escaped)
        if isinstance(content, Function):
            return _written(self._called(content.call), is_escaped=content.is_escaped)
        return ""

    def _holds(self, condition: Condition) -> bool:
        name = condition.name
        if name in STATE_TESTS:
            holds = name == self._also or STATE_TESTS[name](self._event)
        elif name in _MATCHES and len(condition.arguments) > 1:
            found, *wanted = (self._matched(each, index) for index, each in enumerate(condition.arguments))
            holds = _MATCHES[name](found, tuple("" if each is None else text_of(each) for each in wanted))
        elif name == "is_priority" and condition.arguments:
            holds = self._matched(condition.arguments[0], 1) == f"P{self.priority}"
        else:
            self.unknown.append(name)
            return False
        return holds is not condition.is_negated

    def _matched(self, argument: Argument, index: int) -> Known | None:
        """The first argument of a match names what is looked at, the others are what it is compared with."""
        if isinstance(argument, Call):
            return self._called(argument)
        if index:
            return argument.text
        return known_value(_parts(argument), self._event)

    def _variable(self, path: Path) -> Known | None:
        found = known_value(path.parts, self._event)
        if found is None:
            self.unknown.append(path.text)
        return found

    def _called(self, call: Call) -> Known | None:
        found = self._value_of_call(call.name, call.arguments)
        if found is None:
            self.unknown.append(" ".join((call.name, *map(_argument_text, call.arguments))))
        return found

    def _value_of_call(self, name: str, arguments: Sequence[Argument]) -> Known | None:
        match (name, *map(_argument_text, arguments)):
            case ("eval", expression):
                return self._evaluated(expression)
            case ("local_time", time, zone):
                return self._local_time(time, zone)
            case ("urlencode", _):
                found = known_value(_parts(arguments[0]), self._event)
                return None if found is None else quote(text_of(found), safe="")
            case ("override_priority", priority) if priority in PRIORITIES:
                self.priority = PRIORITIES.index(priority) + 1
                return ""
        return None

    def _evaluated(self, text: str) -> Known | None:
        expression = read_expression(text)
        if not isinstance(expression, tuple):
            return None
        found = evaluated(expression, lambda name: known_value(path_of(name).parts, self._event))
        return str(found).lower() if isinstance(found, bool) else found

    def _local_time(self, name: str, zone_name: str) -> Known | None:
        time, zone = time_of(name, self._event), self._zones(zone_name)
        return None if time is None or zone is None else time_text(time, zone)


def _argument_text(argument: Argument) -> str:
    return argument.name if isinstance(argument, Call) else argument.text


def _parts(argument: Argument) -> tuple[str, ...]:
    if isinstance(argument, Path):
        return argument.parts
    return path_of(_argument_text(argument)).parts


def _written(value: Known | None, *, is_escaped: bool) -> str:
    text = "" if value is None else text_of(value)
    return escape(text) if is_escaped else text

"""A message names a block or a function that Datadog does not have.

`{{#is_alrt}}` is never true, so that its text and the handles in it reach nobody; `{{is_alert}}` without `#` is a
variable of no value. The blocks are those of https://docs.datadoghq.com/monitors/notify/variables/; the hint names the
nearest.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.messages import complaints
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.nodes import Condition, Content, Function, Message, Tag, Variable, Verbatim
from generator.message.parser import parse_message
from generator.message.problem import MessageProblem, nearest, shown
from generator.message.vocabulary import CONDITIONS, FUNCTIONS, RAW

SEVERITY = Severity.ERROR
REACH = "resource"

_KNOWN = frozenset(CONDITIONS)
_RAW_TEXT = f"{{{{{{{{{RAW}}}}}}}}}"


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    for field, text, said in monitor.outlines:
        bare = {parts[0] for parts in said.variables if len(parts) == 1}
        if said.conditions - _KNOWN or said.functions - FUNCTIONS.keys() or not _KNOWN.isdisjoint(bare):
            yield from complaints(_problems(parse_message(text)), field)


def _problems(message: Message) -> Iterator[MessageProblem]:
    for part in message.parts:
        tag = part.node.opening if isinstance(part.node, Verbatim) else part.node
        if isinstance(tag, Tag):
            found = _wrong(tag.content)
            if found is not None and not tag.text.startswith(_RAW_TEXT):
                yield MessageProblem(found[0], tag.start, tag.end, found[1])


def _wrong(content: Content) -> tuple[str, str] | None:
    """What is wrong, and the hint."""
    if isinstance(content, Condition) and content.name not in _KNOWN:
        return f"Datadog has no block {shown(content.name)}", _block_hint(content.name)
    if isinstance(content, Function) and content.call.name in _KNOWN:
        return _without_sign(content.call.name, "function")
    if isinstance(content, Function) and content.call.name not in FUNCTIONS:
        return f"Datadog has no function {shown(content.call.name)}", _function_hint(content.call.name)
    if isinstance(content, Variable) and len(content.path.parts) == 1 and content.path.text in _KNOWN:
        return _without_sign(content.path.text, "variable")
    return None


def _without_sign(name: str, instead: str) -> tuple[str, str]:
    hint = f"write `{{{{#{name} …}}}}`" if CONDITIONS[name].most else f"write `{{{{#{name}}}}}`"
    return f"{shown(name)} is a block, no {instead}", f"{hint} before its text and `{{{{/{name}}}}}` behind it"


def _block_hint(name: str) -> str:
    if name == RAW:
        return f"write `{_RAW_TEXT}` before the text and `{{{{{{{{/{RAW}}}}}}}}}` behind it"
    near = nearest(name, CONDITIONS)
    return f"did you mean `{near}`?" if near else "a block asks for a state, such as `is_alert`, or is an `is_match`"


def _function_hint(name: str) -> str:
    near = nearest(name, FUNCTIONS)
    choices = ", ".join(f"`{each}`" for each in FUNCTIONS)
    return f"did you mean `{near}`?" if near else f"there are {choices}"

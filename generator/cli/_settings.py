"""What `--setting NAME=VALUE` chooses where Datadog's documentation leaves something open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import NoneType, UnionType
from typing import Literal, get_args, get_origin, get_type_hints

from msgspec import structs

from generator.cli._exits import USAGE, Stop
from generator.report.setting_words import choice_text
from generator.simulate.settings import DEFAULT, Settings
from generator.source.wording import listed, nearest, shown

_BOUNDS = {"bucket_seconds": (1, 86_400), "evaluation_second": (0, 59), "renotify_for_hours": (1, 8760)}
_OTHER_BOUNDS = (0, 86_400)
_MOST_DIGITS = 6


def settings_of(texts: Sequence[str]) -> Settings:
    """The defaults with what was chosen; ends the command where it is none of the choices."""
    chosen: dict[str, str | int | None] = {}
    for text in texts:
        name, is_given, value = (part.strip() for part in text.partition("="))
        if not is_given:
            raise _wrong(f"`--setting` {shown(text, 80)} has no value", "write NAME=VALUE")
        if name not in Settings.__struct_fields__:
            meant = nearest(name, Settings.__struct_fields__)
            hint = f"did you mean `{meant}`?" if meant else f"they are {listed(Settings.__struct_fields__, 'and')}"
            raise _wrong(f"no setting is called {shown(name, 80)}", hint)
        if name in chosen:
            raise _wrong(f"`--setting` names `{name}` twice", "name it once")
        chosen[name] = _choice(name, value)
    return structs.replace(DEFAULT, **chosen) if chosen else DEFAULT


def _choice(name: str, text: str) -> str | int | None:
    named, bounds = _allowed(name)
    if text in named:
        return named[text]
    if bounds is not None and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        number = int(text)
        if bounds[0] <= number <= bounds[1]:
            return number
    words = [f"`{each}`" for each in named]
    if bounds is not None:
        words.append(f"a whole number from {bounds[0]} to {bounds[1]}")
    raise _wrong(f"`{name}` is {shown(text, 80)}", f"write {listed(words, 'or')}")


def _allowed(name: str) -> tuple[dict[str, str | int | None], tuple[int, int] | None]:
    """The choices by their text, and what a number may be, None where any other is none."""
    hints = list(_alternatives(get_type_hints(Settings)[name]))
    named = {choice_text(value): value for hint in hints for value in _values(hint)}
    return named, _BOUNDS.get(name, _OTHER_BOUNDS) if int in hints else None


def _alternatives(hint: object) -> Iterator[object]:
    yield from get_args(hint) if isinstance(hint, UnionType) or get_origin(hint) not in (None, Literal) else (hint,)


def _values(hint: object) -> tuple[str | int | None, ...]:
    if hint is NoneType:
        return (None,)
    return get_args(hint) if get_origin(hint) is Literal else ()


def _wrong(message: str, hint: str) -> Stop:
    return Stop(message, hint=f"{hint}; see docs/simulation.md", code=USAGE)

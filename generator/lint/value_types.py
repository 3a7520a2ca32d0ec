"""Values of another type than Datadog's API documents, as YAML makes them: `"60"` is text, `[9]` is a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.lint.rule import Complaint, Field, Replacement

_TYPES: Mapping[str, tuple[type, ...]] = {
    "a number": (int, float),
    "true or false": (bool,),
    "text": (str,),
    "a list": (list,),
    "a mapping": (dict,),
}
_SHOWN = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
_NUMBER = re.compile(r"(-?)0*([0-9]{1,15})((?:\.[0-9]{1,15})?)", re.ASCII)


def wrong_type(value: Any, wanted: str, field: Field) -> Complaint | None:
    """What is wrong with the value of a field; Datadog takes null for what is not set."""
    if value is None or (isinstance(value, _TYPES[wanted]) and isinstance(value, bool) == (wanted == "true or false")):
        return None
    found = _SHOWN.get(type(value), "something else")
    message = f"`{field[-1]}` must be {wanted}, found {found}"
    number = _NUMBER.fullmatch(value) if wanted == "a number" and isinstance(value, str) else None
    if number is None:
        return Complaint(message, field, hint=f"write {wanted}, or leave it out")
    plain = _plain(number)
    if plain == value:
        return Complaint(message, field, hint="remove the quotes", fix=Replacement(value, field))
    return Complaint(message, field, hint=f"write `{plain}`, if that is meant")


def _plain(number: re.Match[str]) -> str:
    """Without zeros in front, with which versions of YAML read other numbers."""
    sign, whole, rest = number.groups()
    return "0" if not rest and not whole.strip("0") else f"{sign}{whole}{rest}"

"""Plain YAML scalars read as 1.2 core, and the numbers refused because 1.1 reads them differently.

| text                          | YAML 1.1       | YAML 1.2 core  | here            |
|-------------------------------|----------------|----------------|-----------------|
| `~`, `null`, `Null`, `NULL`, nothing | null    | null           | null            |
| `true`, `True`, `TRUE`, `false` … | true, false | true, false    | true, false     |
| `yes`, `no`, `on`, `off`      | true, false    | text           | text            |
| `10:00`, `1:30:00.5`          | base 60        | text           | text            |
| `2024-01-01`                  | date           | text           | text            |
| `12`, `+12`, `-0`             | decimal        | decimal        | decimal         |
| `0x1F`                        | hexadecimal    | hexadecimal    | hexadecimal     |
| `0.5`, `12.`, `.5`, `010.5`, `1.5e+3` | float  | float          | float           |
| `010`, `007`, `-010`          | octal          | decimal        | error           |
| `08`, `0190`                  | text           | decimal        | error           |
| `0o14`                        | text           | octal          | error           |
| `0b1`                         | binary         | text           | error           |
| `+0x1F`, `0x1_F`              | hexadecimal    | text           | error           |
| `1_000`, `1_0.5`              | decimal, float | text           | error           |
| `1e3`, `1.5e3`, `1e+3`        | text           | float          | error           |
| `+.5`, `-.5`                  | text           | float          | error           |
| `.inf`, `.nan`, `1.0e+999`    | float          | float          | error: no JSON  |
| more than 64 bits             | integer        | integer        | error: readers round it |

YAML 1.1 means its common reader, PyYAML. https://yaml.org/spec/1.2.2/#103-core-schema
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import msgspec

Scalar = str | int | float | bool | None
Reading = Callable[[str], Scalar]


class Refused(msgspec.Struct, frozen=True):
    """A text that is no scalar here. `stand_in` has the likely type, so that decoding keeps quiet about it."""

    rule: str
    message: str
    hint: str
    stand_in: Scalar


class Ambiguity(msgspec.Struct, frozen=True):
    """A form that YAML 1.1 and YAML 1.2 read differently."""

    pattern: re.Pattern[str]
    yaml_1_1: Reading
    yaml_1_2: Reading


_WORDS: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_OTHER_THAN_TEXT = frozenset("0123456789+-.~nNtTfF")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"(?:[-+]?[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LONGEST_NUMBER = 64
_WORD_LIMIT = 2**63


def _as_text(text: str) -> str:
    return text


def _decimal(text: str) -> int:
    return int(text.replace("_", ""))


def _octal(text: str) -> int:
    return int(text.replace("_", "").replace("o", ""), 8)


def _binary(text: str) -> Scalar:
    digits = text.replace("_", "")
    return int(digits, 2) if digits[-1] in "01" else text


def _hexadecimal(text: str) -> Scalar:
    digits = text.replace("_", "")
    return text if digits[-1] == "x" else int(digits, 16)


def _float(text: str) -> float:
    return float(text.replace("_", ""))


def _decimal_or_text(text: str) -> Scalar:
    return text if "_" in text else int(text)


_AMBIGUITIES = (
    Ambiguity(re.compile(r"[-+]?0[0-7_]+"), _octal, _decimal_or_text),
    Ambiguity(re.compile(r"[-+]?0[0-9]+"), _as_text, _decimal),
    Ambiguity(re.compile(r"0o[0-7]+"), _as_text, _octal),
    Ambiguity(re.compile(r"[-+]?0b[01_]+"), _binary, _as_text),
    Ambiguity(re.compile(r"[-+]?0x[0-9a-fA-F_]+"), _hexadecimal, _as_text),
    Ambiguity(re.compile(r"[-+]?[1-9][0-9_]*"), _decimal, _as_text),
    Ambiguity(re.compile(r"(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?"), _float, _as_text),
    Ambiguity(re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+"), _as_text, _float),
    Ambiguity(re.compile(r"[-+]\.[0-9]+"), _as_text, _float),
)


def plain_scalar(text: str) -> Scalar | Refused:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _OTHER_THAN_TEXT:
        return text
    for pattern, reading in _AGREED:
        if pattern.fullmatch(text):
            return reading(text) if len(text) <= _LONGEST_NUMBER else _too_long(text)
    return _ambiguous(text)


def _ambiguous(text: str) -> Scalar | Refused:
    for row in _AMBIGUITIES:
        if row.pattern.fullmatch(text):
            if len(text) > _LONGEST_NUMBER:
                return _too_long(text)
            old, new = row.yaml_1_1(text), row.yaml_1_2(text)
            return text if old == new == text else _two_readings(text, old, new)
    return text


def _two_readings(text: str, old: Scalar, new: Scalar) -> Refused:
    readings = (each for each in (old, new) if isinstance(each, int | float) and math.isfinite(each))
    numbers = list(dict.fromkeys(f"`{number}`" for number in readings))
    if old == new:
        message = f"number `{text}` starts with 0, which YAML 1.1 reads as octal"
    else:
        message = f"`{text}` is {_in_words(old)} in YAML 1.1 but {_in_words(new)} in YAML 1.2"
    plainly = f"write {' or '.join(numbers)} for a number, " if numbers else "write "
    return Refused("yaml-ambiguous-number", message, f'{plainly}`"{text}"` for text', new)


def _in_words(reading: Scalar) -> str:
    return "text" if isinstance(reading, str) else f"the number {reading}"


def _whole_number(text: str) -> Scalar | Refused:
    number = int(text, 16 if "x" in text else 10)
    return number if -_WORD_LIMIT <= number < _WORD_LIMIT else _too_long(text)


def _too_long(text: str) -> Refused:
    message = f"number `{_shortened(text)}` does not fit into 64 bits; programs that read it would round it"
    return Refused("yaml-number", message, "write fewer digits, or quote it for text", 0)


def _finite(text: str) -> Scalar | Refused:
    number = float(text)
    return number if math.isfinite(number) else _not_finite(text)


def _not_finite(text: str) -> Refused:
    hint = f'write a number that a threshold can have, or `"{_shortened(text)}"` for text'
    return Refused("yaml-number", f"`{_shortened(text)}` is infinite or no number, which JSON cannot say", hint, 0.0)


def _shortened(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:27]}…"


_AGREED: tuple[tuple[re.Pattern[str], Callable[[str], Scalar | Refused]], ...] = (
    (_DECIMAL, _whole_number),
    (_HEXADECIMAL, _whole_number),
    (_FLOAT, _finite),
    (_NOT_FINITE, _not_finite),
)

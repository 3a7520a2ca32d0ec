"""Bytes of a file → text that YAML can read, with what is wrong in it."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import Final

import msgspec

from generator.source.text_problem import TextProblem

SIZE_LIMIT: Final = 2 * 1024 * 1024
_PROBLEM_LIMIT: Final = 20

# YAML refuses the control characters; U+0085, U+2028 and U+2029 end a line in YAML 1.1 but not in 1.2;
# U+202A to U+202E and U+2066 to U+2069 show a text in another order than it is read in.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


class Decoded(msgspec.Struct, frozen=True):
    """`readable` has a space for each refused character, so offsets hold in both; None if nothing can be read."""

    text: str
    readable: str | None
    problems: tuple[TextProblem, ...]


def decode_text(content: bytes) -> Decoded:
    if len(content) > SIZE_LIMIT:
        message = f"the file is larger than {SIZE_LIMIT // 1024 // 1024} MiB"
        return _unreadable("yaml-too-large", message, "split it: one service a file")
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _unreadable("yaml-encoding", "the file is UTF-16 text", "save it as UTF-8")
    if b"\x00" in content:
        return _unreadable("yaml-encoding", "the file holds NUL bytes, so it is no text", "save it as UTF-8 text")
    content = content.removeprefix(BOM_UTF8)
    problems: list[TextProblem] = []
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        text = content.decode(errors="replace")
        start = len(content[: error.start].decode())
        byte = content[error.start]
        message = f"byte 0x{byte:02X} is not UTF-8"
        problems.append(TextProblem("yaml-encoding", message, "save the file as UTF-8", start, start + 1))
    problems.extend(_refused_characters(text))
    return Decoded(text, _REFUSED.sub(" ", text), tuple(problems))


def _unreadable(rule: str, message: str, hint: str) -> Decoded:
    return Decoded("", None, (TextProblem(rule, message, hint, 0, 0),))


def _refused_characters(text: str) -> list[TextProblem]:
    problems = []
    for found in _REFUSED.finditer(text):
        code = f"{ord(found[0]):04X}"
        message = f"invisible character U+{code}"
        hint = f'remove it; where a text needs it write `\\u{code}` in double quotes: `"\\u{code}"`'
        problems.append(TextProblem("yaml-control-character", message, hint, found.start(), found.end()))
        if len(problems) == _PROBLEM_LIMIT:
            break
    return problems

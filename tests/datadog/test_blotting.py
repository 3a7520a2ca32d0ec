"""Keys are found however they are written, and nothing else is taken for one."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.datadog.blotting import MARK, Blotter, without_likely_keys
from generator.datadog.key_forms import forms

HEX = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
ODD = 'p/l+a=n&t<e>d "key" \\ of: nobody'
WRITTEN: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "JSON": lambda key: json.dumps({"key": key}),
    "JSON of PHP": lambda key: json.dumps(key).replace("/", "\\/"),
    "JSON of Go": lambda key: key.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    .replace("'", "\\u0027").replace("+", "\\u002b").replace("=", "\\u003d"),
    "JSON of codes": lambda key: "".join(f"\\u{ord(each):04X}" for each in key),
    "URL": quote,
    "form": quote_plus,
    "URL, whole": lambda key: quote(key, safe=""),
    "URL of codes": lambda key: "".join(f"%{ord(each):02x}" for each in key),
    "HTML": html.escape,
    "JSON of JSON": lambda key: json.dumps(json.dumps(key)[1:-1])[1:-1],
    "HTML of codes": lambda key: "".join(f"&#{ord(each)};" for each in key),
    "HTML of codes in hex": lambda key: "".join(f"&#x{ord(each):X};" for each in key),
    "hex": lambda key: key.encode().hex(),
    "hex in capitals": lambda key: key.encode().hex().upper(),
    "codes of a program": lambda key: "".join(f"\\x{ord(each):02x}" for each in key),
    "the other case": str.swapcase,
}  # fmt: skip


@pytest.mark.parametrize("key", [HEX, ODD])
@pytest.mark.parametrize("way", WRITTEN)
def test_a_key_is_found_however_it_is_written(key: str, way: str) -> None:
    written = WRITTEN[way](key)
    told = Blotter([key]).body(f"before {written} after".encode()).decode()
    assert told == f"before {written.replace(way_of(written, way), MARK)} after"
    assert Blotter([key]).text(written) == written.replace(way_of(written, way), "***")


def way_of(written: str, way: str) -> str:
    return written[len('{"key": "') : -2] if way == "JSON" else written.strip('"') if way == "JSON of PHP" else written


@pytest.mark.parametrize("key", [HEX, HEX.upper(), ODD])
@pytest.mark.parametrize("before", ["", "x", "me:", "user:"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("cased", [str, str.lower, str.upper])
def test_a_key_inside_base64_is_found(
    key: str, before: str, encode: Callable[[bytes], bytes], encoding: str, cased: Callable[[str], str]
) -> None:
    encoded = encode(f"{before}{cased(key)} and more".encode(encoding))
    left, mark, rest = Blotter([key]).body(encoded).partition(MARK.encode())
    assert mark
    assert len(left) + len(rest) <= len(encoded) - len(key)


@pytest.mark.parametrize("key", [HEX, HEX[:8], HEX[:15], HEX[:16], HEX[:23], HEX * 2, "0" * 32])
def test_a_key_is_found_wherever_it_begins(key: str) -> None:
    blotter = Blotter([key])
    for before in range(80):
        content = b"." * before + key.encode() + b"." * (before % 3)
        assert blotter.is_in(content)
        assert blotter.body(content) == b"." * before + MARK.encode() + b"." * (before % 3)
    assert not blotter.is_in(b"." * 80 + key.encode()[:-1])


def test_two_keys_that_touch_are_both_found() -> None:
    other = HEX[::-1]
    assert Blotter([HEX, other]).text(f"é{HEX}{other}\ud800 {HEX}") == "é******\ud800 ***"


def test_nothing_is_found_without_keys() -> None:
    body = HEX.encode()
    assert Blotter([]).body(body) is body


@settings(derandomize=True, max_examples=150)
@given(key=st.text("ab0+/", min_size=8, max_size=40), around=st.lists(st.text("ab0+/=A", max_size=60), max_size=4))
def test_what_is_found_is_what_a_search_for_each_form_finds(key: str, around: list[str]) -> None:
    content = key.join(around).encode()
    expected = any(form.lower().encode() in content.lower() for form in forms(key))
    assert Blotter([key]).is_in(content) == expected
    assert key.lower() not in Blotter([key]).text(content.decode()).lower()


def test_a_short_key_is_no_key_of_datadogs_and_is_left_in_ordinary_words() -> None:
    body = b'{"name": "tests of a tester"}'
    assert Blotter(["test", "a"]).body(body) == body


@pytest.mark.parametrize("typed", [HEX, HEX + "a1b2c3d4", f"ssm:{HEX}", "ddapp_0123456789abcdefghij", HEX.upper()])
def test_what_looks_like_a_key_is_not_repeated(typed: str) -> None:
    assert HEX.lower() not in without_likely_keys(typed).lower()
    assert "***" in without_likely_keys(typed)


@pytest.mark.parametrize(
    "typed", ["/run/secrets/datadog_api_key", "datadoghq.eu", "ssm:/production/monitoring/datadog"]
)
def test_an_ordinary_name_is_repeated(typed: str) -> None:
    assert without_likely_keys(typed) == typed

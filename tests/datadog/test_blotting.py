"""Keys are found however they are written, and nothing else is taken for one."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from generator.datadog.blotting import Blotter, without_likely_keys

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
    "hex": lambda key: key.encode().hex(),
}  # fmt: skip


@pytest.mark.parametrize("key", [HEX, ODD])
@pytest.mark.parametrize("way", WRITTEN)
def test_a_key_is_found_however_it_is_written(key: str, way: str) -> None:
    written = WRITTEN[way](key)
    told = Blotter([key]).body(f"before {written} after".encode()).decode()
    assert told == f"before {written.replace(way_of(written, way), '***')} after"
    assert Blotter([key]).text(written) == written.replace(way_of(written, way), "***")


def way_of(written: str, way: str) -> str:
    return written[len('{"key": "') : -2] if way == "JSON" else written.strip('"') if way == "JSON of PHP" else written


@pytest.mark.parametrize("key", [HEX, ODD])
@pytest.mark.parametrize("before", ["", "x", "me:", "user:"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_key_inside_base64_is_found(key: str, before: str, encode: Callable[[bytes], bytes]) -> None:
    encoded = encode(f"{before}{key} and more".encode())
    left = Blotter([key]).body(encoded)
    assert b"***" in left
    assert len(left) <= len(encoded) - len(key)


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

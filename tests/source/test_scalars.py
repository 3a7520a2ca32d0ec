"""Plain scalars: the documented table, and agreement with YAML 1.1 as PyYAML reads it wherever there is no finding."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.source.documents import load

READINGS = [
    ("~", None), ("null", None), ("Null", None), ("NULL", None), ("", None),
    ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
    ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("NO", "NO"), ("tRUE", "tRUE"),
    ("10:00", "10:00"), ("9:30", "9:30"), ("1:30:00.5", "1:30:00.5"), ("24:00", "24:00"),
    ("2024-01-01", "2024-01-01"), ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
    ("0", 0), ("12", 12), ("+12", 12), ("-12", -12), ("-0", 0), ("0x1F", 31), ("0xff", 255),
    ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)),
    ("0.5", 0.5), ("12.", 12.0), (".5", 0.5), ("010.5", 10.5), ("-1.5", -1.5), ("1.5e+3", 1500.0), (".5E-3", 0.0005),
    ("1.2.3", "1.2.3"), ("5m", "5m"), ("20%", "20%"), (".", "."), ("+", "+"), ("0x", "0x"), ("0b", "0b"),
    ("1 2", "1 2"), ("_1", "_1"), ("=", "="), ("nullable", "nullable"), ("1-2", "1-2"), ("0o9", "0o9"),
]  # fmt: skip
AMBIGUOUS = [
    "010", "007", "-010", "+010", "08", "0190", "0_1", "0o14", "0b1", "+0b1", "0b1_0", "+0x1F", "-0xA", "0x1_F",
    "1_000", "1_", "1_0.5", "1_0.", ".5_0", "1e3", "1E3", "1.5e3", "1e+3", "12.e5", "+.5", "-.5", ".5e3", "-.5e+3",
]  # fmt: skip
IMPOSSIBLE = [".inf", "-.inf", "+.INF", ".nan", ".NaN", "1.0e+999", "9223372036854775808", "0x8000000000000000"]
ENDLESS = [
    "1" * 100_000,
    "0" * 100_000,
    "1_" * 100_000,
    "0." + "1" * 100_000,
    "1e" + "1" * 100_000,
    "0x" + "f" * 100_000,
]


@pytest.mark.parametrize(("text", "value"), READINGS)
def test_plain_scalar_is_read_as_yaml_1_2(text: str, value: object) -> None:
    document = load("x.yaml", f"value: {text}\n".encode())
    assert document.findings == ()
    assert document.root == {"value": value}
    assert type(document.root["value"]) is type(value)


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_number_that_the_versions_of_yaml_read_differently_is_refused(text: str) -> None:
    assert [finding.rule for finding in load("x.yaml", f"value: {text}\n".encode()).findings] == [
        "yaml-ambiguous-number"
    ]


@pytest.mark.parametrize("text", [*IMPOSSIBLE, *ENDLESS], ids=lambda text: text[:20])
def test_number_that_json_cannot_carry_is_refused(text: str) -> None:
    assert [finding.rule for finding in load("x.yaml", f"value: {text}\n".encode()).findings] == ["yaml-number"]


@pytest.mark.parametrize("text", [text for text, _ in READINGS if text] + AMBIGUOUS + IMPOSSIBLE)
@pytest.mark.parametrize("quote", ["'", '"'])
def test_quoted_scalar_is_text(quote: str, text: str) -> None:
    document = load("x.yaml", f"value: {quote}{text}{quote}\n".encode())
    assert document.findings == ()
    assert document.root == {"value": text}


NUMBER_LIKE = st.text(alphabet="0123456789abefnoxEX+-._", min_size=1, max_size=9)
YAML_1_2_NUMBER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def _yaml_1_2(text: str) -> object:
    if not YAML_1_2_NUMBER.fullmatch(text):
        return text
    for base in (10, 16 if text.startswith("0x") else 8):
        try:
            return int(text, base)
        except ValueError:
            continue
    return float(text)


def _yaml_1_1(text: str) -> object:
    try:
        return yaml.safe_load(text)
    except (ValueError, yaml.YAMLError):  # PyYAML fails on `0x_`
        return None


@settings(derandomize=True, max_examples=1500, deadline=None)
@given(NUMBER_LIKE)
def test_number_is_read_without_finding_only_if_both_versions_of_yaml_agree(text: str) -> None:
    document = load("x.yaml", f"value: {text}\n".encode())
    value = document.root and document.root["value"]
    if document.findings or not isinstance(value, int | float):
        return
    assert value == _yaml_1_1(text) == _yaml_1_2(text)


@settings(derandomize=True, max_examples=1500, deadline=None)
@given(NUMBER_LIKE)
def test_text_is_read_without_finding_only_if_no_version_of_yaml_takes_it_for_a_number(text: str) -> None:
    document = load("x.yaml", f"value: {text}\n".encode())
    if document.findings or document.root["value"] != text:
        return
    assert _yaml_1_2(text) == text
    old = _yaml_1_1(text)
    assert isinstance(old, bool) or not isinstance(old, int | float)

"""Addresses and keys that can be used, and those that cannot."""

from __future__ import annotations

import pytest

from generator.datadog.errors import UnusableTarget
from generator.datadog.target import SITES, Target, site_url

KEY = "k" * 32


@pytest.mark.parametrize("site", SITES)
def test_each_site_of_datadog_has_its_api_host(site: str) -> None:
    assert site_url(site) == f"https://api.{site}"


def test_a_site_of_datadog_that_opened_later_is_taken() -> None:
    assert site_url("us9.datadoghq.com") == "https://api.us9.datadoghq.com"


@pytest.mark.parametrize(
    "site",
    [
        "https://app.datadoghq.com",
        "app.datadoghq.com",
        "api.datadoghq.com",
        "datadoghq.com.evil.example",
        "evildatadoghq.com",
        "evil.example/.datadoghq.com",
        "",
        "us3",
    ],
)
def test_what_is_no_site_is_refused_with_the_choices(site: str) -> None:
    with pytest.raises(UnusableTarget, match=r"datadoghq\.eu"):
        site_url(site)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://datadog.example.com", "unencrypted"),
        ("ftp://127.0.0.1", "no address of a server"),
        ("https://", "no address of a server"),
        ("127.0.0.1:8080", "no address of a server"),
        ("https://user:word@api.datadoghq.com", "user name or a password"),
        ("https://api.datadoghq.com?x=1", r"\?"),
        ("https://api.datadoghq.com:port", "cannot be read"),
        ("https://[::1", "cannot be read"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url: str, reason: str) -> None:
    with pytest.raises(UnusableTarget, match=reason) as refusal:
        Target(url, KEY, KEY)
    assert "word" not in str(refusal.value).replace("password", "")


@pytest.mark.parametrize("url", ["http://localhost:80", "http://127.0.0.1:1", "http://[::1]:1", "https://x.example"])
def test_the_local_machine_may_be_spoken_to_without_encryption(url: str) -> None:
    assert Target(url, KEY, KEY).url == url


@pytest.mark.parametrize("key", ["", " " + KEY, KEY + "\n", KEY + "\r\nX-Header: 1", "schlüssel", "a\x00b"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(key: str) -> None:
    for keys in ((key, KEY), (KEY, key)):
        with pytest.raises(UnusableTarget) as refusal:
            Target("https://api.datadoghq.com", *keys)
        assert not key.strip() or key.strip() not in str(refusal.value)

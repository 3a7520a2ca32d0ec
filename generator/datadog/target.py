"""Which Datadog is spoken to, and with which keys."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from generator.datadog.blotting import without_likely_keys
from generator.datadog.errors import UnusableTarget

SITES = (
    "datadoghq.com",
    "us3.datadoghq.com",
    "us5.datadoghq.com",
    "datadoghq.eu",
    "ap1.datadoghq.com",
    "ap2.datadoghq.com",
    "uk1.datadoghq.com",
    "ddog-gov.com",
    "us2.ddog-gov.com",
)
_DOMAINS = ("datadoghq.com", "datadoghq.eu", "ddog-gov.com")


@dataclass(frozen=True, slots=True)
class Target:
    """An API and the keys for it. Neither `repr` nor an error shows a key; a proxy's address may hold a password."""

    url: str
    api_key: str = field(repr=False)
    application_key: str = field(repr=False)
    is_local: bool = False
    proxy: str | None = field(default=None, repr=False)
    certificates: str | None = None

    def __post_init__(self) -> None:
        _refuse_unusable_url(self.url, self.api_key, self.application_key)
        _refuse_unusable_key("API key", self.api_key)
        _refuse_unusable_key("application key", self.application_key)


def site_url(site: str, *keys: str) -> str:
    """The API's address of a Datadog site such as `datadoghq.eu`."""
    if site in SITES or (_is_host_name(site) and site.endswith(tuple(f".{domain}" for domain in _DOMAINS))):
        return f"https://api.{site}"
    shown = without_likely_keys(site, *keys)
    raise UnusableTarget(f"`{shown}` is no Datadog site; use one of {', '.join(SITES)}, without `https://` or `app.`")


def _is_host_name(site: str) -> bool:
    labels = site.split(".")
    plain = all(label and label.isascii() and label.replace("-", "").isalnum() for label in labels)
    return plain and labels[0] not in {"app", "api"}


def _refuse_unusable_url(url: str, *keys: str) -> None:
    try:
        parts = urlsplit(url)
        port_is_readable = parts.port is None or parts.port > 0
    except ValueError as error:
        reason = without_likely_keys(str(error), *keys)
        raise UnusableTarget(f"the API address cannot be read: {reason}; write it as https://HOST[:PORT]") from None
    if parts.username or parts.password:
        raise UnusableTarget("the API address holds a user name or a password; give the keys apart from the address")
    # What stands after a `?` or `#` may be a key of any form.
    shown = without_likely_keys(url[: min(len(url.partition(mark)[0]) for mark in "?#")], *keys)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_readable:
        raise UnusableTarget(f"the API address `{shown}` is no address of a server; write it as https://HOST[:PORT]")
    if parts.query or parts.fragment:
        raise UnusableTarget(f"the API address `{shown}` has a `?` or `#` after it; write it as https://HOST[:PORT]")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise UnusableTarget(f"`{shown}` would send the keys unencrypted; use https:// for a server on another machine")


def is_loopback(host: str) -> bool:
    """Whether it is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_unusable_key(name: str, key: str) -> None:
    # http.client would quote such a header value in its error.
    if not (key.isascii() and key.isprintable()) or key != key.strip():
        raise UnusableTarget(
            f"the {name} has a blank at an end, a line break or a character that no key has; copy it again"
        )
    if not key:
        raise UnusableTarget(f"the {name} is empty; Datadog needs an API key and an application key")

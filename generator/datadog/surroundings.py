"""What the variables of the surroundings that other tools know too say of the way to Datadog: a proxy, certificates."""

from __future__ import annotations

import contextlib
import ipaddress
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from generator.datadog.errors import UnusableTarget
from generator.datadog.target import is_loopback

_PROXY = ("HTTPS_PROXY", "https_proxy")
_NO_PROXY = ("NO_PROXY", "no_proxy")
_CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


def proxy_for(url: str, variables: Mapping[str, str]) -> str | None:
    """The proxy that leads to an address, with its password if it has one; None where none is to be used."""
    name = _set(_PROXY, variables)
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        if name is None or parts.scheme != "https" or is_loopback(host):
            return None
        if any(_excepts(each.strip().lower(), host, port) for each in _text(_NO_PROXY, variables).split(",")):
            return None
        return _usable(variables[name].strip(), name)
    return None


def certificates(variables: Mapping[str, str]) -> str | None:
    """The file of certificates to trust instead of the system's; None where the system's are."""
    name = _set(_CERTIFICATES, variables)
    if name is None:
        return None
    path = variables[name].strip()
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError as error:
        reason = "it holds no certificates" if isinstance(error, ssl.SSLError) else error.strerror
        raise UnusableTarget(f"{name} names `{path}`, which cannot be used: {reason}; name a file of PEM") from None
    return path


def _usable(proxy: str, name: str) -> str:
    """What it holds is not shown: there may be a password in it."""
    address = proxy if "://" in proxy else f"http://{proxy}"
    try:
        parts = urlsplit(address)
        is_usable = (
            parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        is_usable = False
    if not is_usable or not (address.isascii() and address.isprintable()) or " " in address:
        raise UnusableTarget(f"{name} is no address of a proxy; write it as http://[USER:PASSWORD@]HOST[:PORT]")
    return address


def _excepts(exception: str, host: str, port: int) -> bool:
    """`*`, a domain with all below it, an address, a network such as 10.0.0.0/8; each but `*` may name a port."""
    if exception == "*":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host) in ipaddress.ip_network(exception, strict=False)
    name, _, wanted = exception.rpartition(":")
    if wanted.isdigit() and name:
        exception = name
        if int(wanted) != port:
            return False
    domain = exception.removeprefix("*").removeprefix(".")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _set(names: tuple[str, ...], variables: Mapping[str, str]) -> str | None:
    return next((name for name in names if variables.get(name, "").strip()), None)


def _text(names: tuple[str, ...], variables: Mapping[str, str]) -> str:
    name = _set(names, variables)
    return "" if name is None else variables[name]

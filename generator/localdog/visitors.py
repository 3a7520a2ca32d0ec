"""Which browsers may ask: no page of another site may change anything, nor read by a name that leads here."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from generator.localdog.gate import READING
from generator.localdog.wire import answer

API = "/api/"
# Names that nobody can register, so no page of theirs can be made to lead to this machine.
OWN_ENDS = (".localhost", ".internal", ".test", ".local")


@dataclass(frozen=True)
class Visitors:
    """The API asks for keys where some are set, which a page of another site does not have."""

    app: ASGIApp
    has_keys: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks_for_keys = self.has_keys and scope["type"] == "http" and scope["path"].startswith(API)
        if scope["type"] == "http" and not asks_for_keys:
            words = refusal(scope["method"], Headers(scope=scope))
            if words:
                await answer({"errors": [words]}, 403)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def refusal(method: str, headers: Headers) -> str:
    """Why a request is refused; empty where it is not."""
    host, origin = headers.get("host", ""), headers.get("origin")
    if not is_own(host):
        return f"The local Datadog answers to `localhost` and to addresses, not to `{host[:80]}`"
    if method not in READING and origin is not None and urlsplit_host(origin) != host:
        return "Only pages of this server may ask for this"
    return ""


def urlsplit_host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def is_own(host: str) -> bool:
    """Tell names of this machine and its networks from names of the internet."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").removesuffix(".")
    except ValueError:
        return False
    if "." not in name and ":" not in name:
        return True
    return name.endswith(OWN_ENDS) or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True

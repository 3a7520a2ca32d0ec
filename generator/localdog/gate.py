"""Which keys may enter. They are asked for only where the server was told which are valid."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from generator.localdog.wire import FORBIDDEN, answer

# What takes an API key alone: the validation of that key, and all intake.
KEY_ONLY_PATHS = frozenset({"/api/v1/validate", "/api/v1/series", "/api/v2/series"})
READING = frozenset({"GET", "HEAD"})
# Calls that change nothing although they are sent as POST.
READING_PATHS = ("/validate", "/query/timeseries", "/query/scalar")


@dataclass(frozen=True)
class Keys:
    """The keys that are valid. An application key for reading is refused wherever something would change."""

    api_key: str
    app_key: str
    read_only_app_key: str | None = None


@dataclass(frozen=True)
class KeyGate:
    """Without known keys everybody may enter, also without any."""

    app: ASGIApp
    keys: Keys | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = None if self.keys is None else refused(self.keys, scope)
        await (self.app if refusal is None else refusal)(scope, receive, send)


def refused(keys: Keys, scope: Scope) -> Response | None:
    """Old clients put their keys into the query string, newer ones into headers."""
    headers, query = Headers(scope=scope), QueryParams(scope["query_string"])
    api_key = headers.get("dd-api-key") or query.get("api_key")
    app_key = headers.get("dd-application-key") or query.get("application_key")
    path: str = scope["path"]
    if path.startswith("/api/v2/") and (not api_key or (not app_key and path not in KEY_ONLY_PATHS)):
        return answer({"errors": ["Unauthorized"]}, 401)
    if not api_key:
        return answer({"errors": ["API key required"]}, 403)
    if api_key != keys.api_key:
        return forbidden(path)
    if path in KEY_ONLY_PATHS or app_key == keys.app_key:
        return None
    reads = scope["method"] in READING or path.endswith(READING_PATHS)
    if reads and keys.read_only_app_key is not None and app_key == keys.read_only_app_key:
        return None
    return forbidden(path)


def forbidden(path: str) -> Response:
    """Version 2 of the API leaves out all but the errors."""
    return answer({"errors": ["Forbidden"]} if path.startswith("/api/v2/") else FORBIDDEN, 403)

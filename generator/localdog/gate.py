"""What stands before every route: keys, and the rate limit headers that each answer carries."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from generator.localdog.organisation import Clock
from generator.localdog.wire import FORBIDDEN, answer

KEY_ONLY_PATH = "/api/v1/validate"


@dataclass(frozen=True)
class Keys:
    """The keys that are valid. The validation of an API key needs no application key."""

    api_key: str
    app_key: str


@dataclass(frozen=True)
class KeyGate:
    """Without known keys everybody may enter, also without any."""

    app: ASGIApp
    keys: Keys | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self.keys is None:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        api_key = headers.get("dd-api-key", "")
        if not api_key:
            await answer({"errors": ["API key required"]}, 403)(scope, receive, send)
        elif api_key != self.keys.api_key or (
            scope["path"] != KEY_ONLY_PATH and headers.get("dd-application-key") != self.keys.app_key
        ):
            await answer(FORBIDDEN, 403)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


@dataclass(frozen=True)
class RateLimit:
    """Datadog publishes no numbers; these were once seen on a real answer."""

    limit: int = 500
    period_seconds: int = 10
    name: str = "local"


class RateLimitHeaders:
    """Counts requests in periods aligned to the calendar and tells what is left; it never refuses one."""

    def __init__(self, app: ASGIApp, clock: Clock, rate_limit: RateLimit) -> None:
        self._app = app
        self._clock = clock
        self._rate_limit = rate_limit
        self._period = 0
        self._used = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        counted = self._counted()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(counted)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _counted(self) -> dict[str, str]:
        limit = self._rate_limit
        period, passed = divmod(int(self._clock().timestamp()), limit.period_seconds)
        self._used = self._used + 1 if period == self._period else 1
        self._period = period
        return {
            "x-ratelimit-limit": str(limit.limit),
            "x-ratelimit-period": str(limit.period_seconds),
            "x-ratelimit-remaining": str(max(0, limit.limit - self._used)),
            "x-ratelimit-reset": str(limit.period_seconds - passed),
            "x-ratelimit-name": limit.name,
        }

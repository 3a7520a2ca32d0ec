"""Rate limits: each bucket counts requests in periods of the calendar, and every answer tells what is left."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from generator.localdog.fault import RateLimit
from generator.localdog.organisation import Organisation
from generator.localdog.wire import answer

# Datadog publishes no numbers; 500 in 10 s were once seen on a real answer. Without a scenario's limit nothing is
# refused, and so much room is told of that nobody who keeps to it is slowed.
ROOMY = RateLimit(limit=1_000_000, period_seconds=10)
VERBS = {"GET": "list", "POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
WORDS_OF_MONITORS = frozenset({"search", "validate", "can_delete", "mute", "unmute"})


def bucket_name(method: str, path: str) -> str:
    """A resource and what is done with it. Datadog's own names are not known, only that endpoints have them."""
    _, _, _, *rest = [*path.split("/"), "", "", ""]
    words = [part for part in rest if part.isascii() and part.isidentifier() and part.islower()]
    resource = "_".join(words[:3])[:60] or "other"
    last = words[-1] if words else ""
    if last in WORDS_OF_MONITORS or not method:
        return resource
    is_one = bool(rest) and rest[0] != "" and any(part and part not in words for part in rest)
    return f"{resource}_{'read' if method == 'GET' and is_one else VERBS.get(method, 'other')}"


@dataclass(frozen=True)
class RateLimits:
    """Refuses what is above a scenario's limit, and heads each answer."""

    app: ASGIApp
    organisation: Organisation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = bucket_name(scope["method"], scope["path"])
        enforced = self.organisation.faults.rate_limit(name)
        limit = enforced or ROOMY
        # Whoever waits for the next period waits in the machine's time, also while the server's stands still.
        now_seconds = int(self.organisation.clock().timestamp())
        used = self.organisation.faults.buckets.use(name, limit, now_seconds)
        counted = {
            "x-ratelimit-limit": str(limit.limit),
            "x-ratelimit-period": str(limit.period_seconds),
            "x-ratelimit-remaining": str(max(0, limit.limit - used)),
            "x-ratelimit-reset": str(limit.period_seconds - now_seconds % limit.period_seconds),
            "x-ratelimit-name": name,
        }

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for header, text in counted.items():
                    headers.setdefault(header, text)
            await send(message)

        if enforced is not None and used > enforced.limit:
            scope["toban.fault"] = f"rate limit of {name}"
            await answer({"errors": ["Too many requests"]}, 429)(scope, receive, send_with_headers)
        else:
            await self.app(scope, receive, send_with_headers)

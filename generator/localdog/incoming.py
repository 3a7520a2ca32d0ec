"""A request's body, read once and handed on as often as needed."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import Any

from starlette.types import Message, Receive

from generator.localdog.wire import MAX_BODY_BYTES


class Incoming:
    """Read the body up to the most that any route takes; whatever is beyond is left in the connection."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Message] = []
        self.body = b""

    async def read(self) -> None:
        more = True
        parts: list[bytes] = []
        size = 0
        while more and size <= MAX_BODY_BYTES:
            message = await self._receive()
            self._messages.append(message)
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            more = message["type"] == "http.request" and message.get("more_body", False)
        self.body = b"".join(parts)

    def replayed(self) -> Receive:
        """The body again, then what the connection says next."""
        waiting = iter(self._messages)

        async def receive() -> MutableMapping[str, Any]:
            message = next(waiting, None)
            return await self._receive() if message is None else message

        return receive


class Answer:
    """An answer that is kept instead of sent."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)

    @property
    def start(self) -> Message:
        return next(iter(self._starts()))

    def _starts(self) -> Iterable[Message]:
        return (message for message in self.messages if message["type"] == "http.response.start")

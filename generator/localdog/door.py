"""The door that connections come through: it can cut one off, and refuse all new ones for a while."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Iterable

from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

# With this a close sends RST instead of FIN: the peer sees "connection reset".
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Door:
    """Bound to a running server by `server.py`; without one nothing can be cut."""

    def __init__(self) -> None:
        self._connections: Callable[[], Iterable[object]] = tuple
        self._shut: Callable[[float], None] | None = None

    def bind(self, connections: Callable[[], Iterable[object]], shut: Callable[[float], None]) -> None:
        self._connections = connections
        self._shut = shut

    async def reset(self, scope: Scope) -> None:
        """Cut the connection of a request so that its client sees it reset."""
        for connection in self._of(scope):
            listening: socket.socket | None = connection.transport.get_extra_info("socket")
            if listening is not None:
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            connection.transport.abort()
        await asyncio.sleep(0)

    async def end(self, scope: Scope) -> None:
        """Send what is written and close, as a server does that stops in the middle of an answer."""
        for connection in self._of(scope):
            connection.transport.close()
        await asyncio.sleep(0)

    async def refuse(self, scope: Scope, seconds: float) -> None:
        """Refuse new connections for so long; those that exist are reset."""
        if self._shut is not None:
            self._shut(seconds)
        for connection in self._open():
            connection.transport.abort()
        await self.reset(scope)

    def _open(self) -> list[H11Protocol]:
        return [connection for connection in tuple(self._connections()) if isinstance(connection, H11Protocol)]

    def _of(self, scope: Scope) -> list[H11Protocol]:
        client = tuple(scope.get("client") or ())
        return [connection for connection in self._open() if connection.client == client]

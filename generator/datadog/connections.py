"""Pooled connections that tell the flight which of them its request is sent on."""

from __future__ import annotations

from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from generator.datadog.flight import current


class _TellsFlight(HTTPConnection):
    """Told once the connection stands, with its tunnel and its encryption, and before anything of a request is sent."""

    def connect(self) -> None:
        super().connect()
        self._board()

    def request(self, *arguments: Any, **options: Any) -> None:
        if self.sock is not None:
            self._board()
        super().request(*arguments, **options)

    def _board(self) -> None:
        flight = current()
        if flight is not None and not flight.board(self.sock):
            self.close()
            raise urllib3.exceptions.ConnectTimeoutError(self, "nobody waits for it any more")


class _Secure(_TellsFlight, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _TellsFlight


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


def tell_flights(manager: urllib3.PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

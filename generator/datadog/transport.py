"""One HTTP call over the transport of datadog-api-client: TLS, proxies, pooled connections; no retry, no model."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Protocol
from urllib.parse import unquote, urlencode

import msgspec
import urllib3
from datadog_api_client.configuration import Configuration
from datadog_api_client.rest import RESTClientObject
from datadog_api_client.version import __version__ as client_version

from generator.datadog.blotting import Blotter
from generator.datadog.connections import tell_flights
from generator.datadog.flight import Flight, TooLate
from generator.datadog.target import Target

CONNECTIONS = 24
CONNECT_SECONDS = 5.0
_KEPT = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "date")
ANSWER_SECONDS = 60.0
"""Datadog answers nine of ten POSTs of a monitor within 5 s; a page of 1,000 monitors may take longer."""
SHORTEST_SECONDS = 0.001
"""urllib3 takes no 0 for a time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said, without keys; `headers` are in lower case, of a success few of them."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NotSent(Exception):  # noqa: N818 - says what is known, as the errors of this package do
    """The connection could not be made, so nothing has happened."""


class NoAnswer(Exception):  # noqa: N818 - says what is known, as the errors of this package do
    """The request may have arrived, but there was no whole answer."""


class Sender(Protocol):
    """What carries a call to a server: over the network, or within the process to a local Datadog."""

    def send(
        self, method: str, path: str, *, parameters: Mapping[str, str] | None = None, payload: object = None
    ) -> Answer:
        """Send once; any status is an answer. Raises NotSent or NoAnswer."""

    def close(self) -> None:
        """Let go of what it holds."""


class Transport:
    def __init__(self, target: Target, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        configuration = _configuration(target)
        rest = RESTClientObject(configuration, maxsize=CONNECTIONS)  # type: ignore[no-untyped-call]
        # RESTClientObject.request decodes refusals as UTF-8 without asking; its pool gives the bytes.
        self._pool: urllib3.PoolManager = rest.pool_manager
        tell_flights(self._pool)
        self._url = target.url.rstrip("/")
        proxy = configuration.proxy
        self._way = self._url if proxy is None else f"{self._url} through the proxy {proxy}"
        self._blotter = Blotter((target.api_key, target.application_key))
        self._headers = _headers(configuration)
        self._answer_seconds = answer_seconds

    def send(
        self, method: str, path: str, *, parameters: Mapping[str, str] | None = None, payload: object = None
    ) -> Answer:
        """Send once; any status is an answer."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        body = None if payload is None else msgspec.json.encode(payload)
        flight = Flight(self._answer_seconds)
        try:
            result = flight.answer(lambda: self._exchanged(method, f"{path}{query}", body, flight))
        except TooLate as late:
            result = self._failed(str(late), flight)
        if isinstance(result, Answer):
            return result
        # Raised out here without a context: the frames of urllib3 hold the headers, and with them the keys.
        raise result

    def _exchanged(self, method: str, path: str, body: bytes | None, flight: Flight) -> Answer | NotSent | NoAnswer:
        left = max(flight.seconds_left(), SHORTEST_SECONDS)
        timeout = urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=left)
        try:
            return self._answer(
                self._pool.request(method, f"{self._url}{path}", body=body, headers=self._headers, timeout=timeout)
            )
        except urllib3.exceptions.HTTPError as error:
            return self._failed(f"{type(error).__name__}: {self._blotter.text(_reason(error))}", flight)

    def close(self) -> None:
        self._pool.clear()

    def _answer(self, response: urllib3.BaseHTTPResponse) -> Answer:
        """Nobody else sees what the server sent: it may repeat the keys, whatever its status."""
        given = _kept(response.headers) if response.status < 300 else dict(response.headers.items())
        headers = {name.lower(): self._blotter.text(value) for name, value in given.items()}
        return Answer(response.status, headers, self._blotter.body(response.data))

    def _failed(self, words: str, flight: Flight) -> NotSent | NoAnswer:
        """Nothing has happened where no connection ever stood."""
        reason = f"{self._way}: {words}"
        return NoAnswer(reason) if flight.is_under_way else NotSent(reason)


class _Secret(str):
    """A header value that does not show in a `repr`, such as that of a traceback's locals."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in _KEPT if name in headers}


def _reason(error: urllib3.exceptions.HTTPError) -> str:
    """The words without the connection object that urllib3 puts in front of them."""
    words = str(error.original_error if isinstance(error, urllib3.exceptions.ProxyError) else error)
    return words.partition("): ")[2] or words


def _configuration(target: Target) -> Configuration:
    configuration = Configuration(host=target.url, ssl_ca_cert=target.certificates)  # type: ignore[no-untyped-call]
    # The constructor takes DD_SITE, DD_API_KEY and DD_APP_KEY from the environment; only what the caller gave counts.
    configuration.server_variables = {}
    configuration.api_key = {"apiKeyAuth": target.api_key, "appKeyAuth": target.application_key}
    if target.proxy is not None:
        # Its password goes into a header, so that no error that names the proxy shows it.
        parts = urllib3.util.parse_url(target.proxy)
        configuration.proxy = parts._replace(auth=None).url
        if parts.auth is not None:
            configuration.proxy_headers = urllib3.make_headers(proxy_basic_auth=unquote(parts.auth))
    # `total=False` also turns redirects off, which would carry the keys to another host.
    configuration.retry_policy = urllib3.Retry(total=False)
    return configuration


def _headers(configuration: Configuration) -> dict[str, str]:
    settings = configuration.auth_settings()  # type: ignore[no-untyped-call]
    keys = {each["key"]: _Secret(each["value"]) for name, each in settings.items() if name in configuration.api_key}
    agent = f"toban/{metadata.version('toban')} datadog-api-client/{client_version} python/{platform.python_version()}"
    return {
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "Content-Type": "application/json",
        "User-Agent": agent,
        "X-Datadog-Managed-By": "iac",
        **keys,
    }

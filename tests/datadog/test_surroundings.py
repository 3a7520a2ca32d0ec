"""The way to Datadog: a proxy sees nothing but encrypted bytes, and whose certificates count."""

from __future__ import annotations

import base64
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import certifi
import pytest

from generator.datadog.client import Datadog
from generator.datadog.errors import Unavailable, UnusableTarget
from generator.datadog.surroundings import certificates, proxy_for
from generator.datadog.target import Target
from generator.resources.types import resource_types

MONITOR = resource_types()["monitor"]
HOST = "api.datadog.test"
URL = f"https://{HOST}"
PROXY = "http://proxy.test:3128"
KEY = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
PASSWORD = "pass word"  # noqa: S105 - of a proxy of this test


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the host that the tests speak to, signed by itself, with its key."""
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
        "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(path), "-out", str(path.with_suffix(".crt")),
    ]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no openssl, which makes the certificate of the test")
    with path.open("a") as file:
        file.write(path.with_suffix(".crt").read_text())
    return path


class Encrypted:
    """Answers each request over TLS with an empty list; remembers what it was sent."""

    def __init__(self, certificate: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self.requests: list[bytes] = []

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError), self._context.wrap_socket(connection, server_side=True) as tls:
            while request := tls.recv(65536):
                self.requests.append(request)
                tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]")


class Proxy:
    """Opens a tunnel to the one server that there is, whatever name it is asked for, and keeps all bytes it sees."""

    def __init__(self, server: Encrypted, answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> None:
        self._server = server
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.heads: list[bytes] = []
        self.seen = bytearray()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            head = client.recv(65536)
            self.heads.append(head)
            self.seen += head
            client.sendall(self._answer)
            if b" 200 " in self._answer:
                self._tunnel(client)

    def _tunnel(self, client: socket.socket) -> None:
        near, far = socket.socketpair()
        with near:
            server = threading.Thread(target=self._server.serve, args=(far,), daemon=True)
            back = threading.Thread(target=self._carry, args=(near, client), daemon=True)
            server.start()
            back.start()
            self._carry(client, near)
            near.shutdown(socket.SHUT_WR)
            server.join()
            back.join()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while passed := source.recv(65536):
                self.seen += passed
                sink.sendall(passed)

    def stop(self) -> None:
        self._listening.close()


@pytest.fixture
def server(certificate: Path) -> Encrypted:
    return Encrypted(certificate)


@pytest.fixture
def proxy(server: Encrypted) -> Iterator[Proxy]:
    started = Proxy(server)
    yield started
    started.stop()


@pytest.fixture
def reached(clock: Any) -> Iterator[Callable[[str, Path], Datadog]]:
    """A client of Datadog's host by way of a proxy, which trusts the certificates of a file."""
    with ExitStack() as stack:

        def make(proxy: str, trusted: Path) -> Datadog:
            variables = {"HTTPS_PROXY": proxy, "SSL_CERT_FILE": str(trusted)}
            target = Target(URL, KEY, KEY, proxy=proxy_for(URL, variables), certificates=certificates(variables))
            return stack.enter_context(Datadog(target, clock=clock, sleep=clock.sleep, random=lambda: 0.0))

        yield make


def test_a_proxy_is_asked_for_a_tunnel_and_sees_no_key(
    server: Encrypted, proxy: Proxy, certificate: Path, reached: Callable[[str, Path], Datadog]
) -> None:
    client = reached(f"http://me:{quote(PASSWORD)}@127.0.0.1:{proxy.port}", certificate)
    assert client.live(MONITOR) == ()
    assert KEY.encode() in server.requests[0]
    assert all(head.startswith(f"CONNECT {HOST}:443 HTTP/".encode()) for head in proxy.heads)
    authorization = base64.b64encode(f"me:{PASSWORD}".encode())
    assert all(authorization in head for head in proxy.heads)
    assert not any(authorization in request for request in server.requests)
    assert KEY.encode() not in proxy.seen


def test_a_proxy_that_refuses_has_sent_nothing_on_and_its_password_is_not_told(
    server: Encrypted, certificate: Path, reached: Callable[[str, Path], Datadog]
) -> None:
    proxy = Proxy(server, b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
    client = reached(f"http://me:{quote(PASSWORD)}@127.0.0.1:{proxy.port}", certificate)
    with pytest.raises(Unavailable, match=f"through the proxy http://127.0.0.1:{proxy.port}: .*407 Proxy") as refusal:
        client.create(MONITOR, {"name": "x"})
    proxy.stop()
    assert "pass" not in str(refusal.value)
    assert (server.requests, KEY.encode() in proxy.seen) == ([], False)


def test_who_is_not_trusted_gets_no_key(
    server: Encrypted, proxy: Proxy, reached: Callable[[str, Path], Datadog]
) -> None:
    with pytest.raises(Unavailable, match="certificate verify failed"):
        reached(f"http://127.0.0.1:{proxy.port}", Path(certifi.where())).create(MONITOR, {"name": "x"})
    assert server.requests == []


@pytest.mark.parametrize(
    ("url", "variables", "expected"),
    [
        (URL, {}, None),
        (URL, {"HTTPS_PROXY": PROXY}, PROXY),
        (URL, {"https_proxy": PROXY}, PROXY),
        (URL, {"HTTPS_PROXY": " ", "https_proxy": PROXY}, PROXY),
        (URL, {"HTTPS_PROXY": "proxy.test:3128"}, PROXY),
        (URL, {"HTTP_PROXY": PROXY}, None),
        (URL, {"HTTPS_PROXY": PROXY, "NO_PROXY": "*"}, None),
        (URL, {"HTTPS_PROXY": PROXY, "no_proxy": "other.test, .datadog.test"}, None),
        (URL, {"HTTPS_PROXY": PROXY, "NO_PROXY": "datadog.test"}, None),
        (URL, {"HTTPS_PROXY": PROXY, "NO_PROXY": "*.DATADOG.test"}, None),
        (URL, {"HTTPS_PROXY": PROXY, "NO_PROXY": "api.datadog.test:443"}, None),
        (URL, {"HTTPS_PROXY": PROXY, "NO_PROXY": "api.datadog.test:8443"}, PROXY),
        (URL, {"HTTPS_PROXY": PROXY, "NO_PROXY": "dog.test"}, PROXY),
        (URL, {"HTTPS_PROXY": PROXY, "NO_PROXY": ",, ."}, PROXY),
        ("https://10.1.2.3", {"HTTPS_PROXY": PROXY, "NO_PROXY": "10.0.0.0/8"}, None),
        ("https://10.1.2.3", {"HTTPS_PROXY": PROXY, "NO_PROXY": "10.1.2.3"}, None),
        ("https://11.1.2.3", {"HTTPS_PROXY": PROXY, "NO_PROXY": "10.0.0.0/8"}, PROXY),
        ("https://127.0.0.1:8443", {"HTTPS_PROXY": PROXY}, None),
        ("https://localhost", {"HTTPS_PROXY": PROXY}, None),
        ("http://127.0.0.1:80", {"HTTPS_PROXY": PROXY, "HTTP_PROXY": PROXY}, None),
    ],
)
def test_the_proxy_is_the_one_that_the_usual_variables_name(
    url: str, variables: Mapping[str, str], expected: str | None
) -> None:
    assert proxy_for(url, variables) == expected


@pytest.mark.parametrize(
    "proxy",
    ["socks5://u:hunter22@proxy", "http://", "http://u:hunter22@proxy:port", "http://[::1", "http://u:hunter 22@p"],
)
def test_what_is_no_proxy_is_refused_without_showing_it(proxy: str) -> None:
    with pytest.raises(UnusableTarget, match="HTTPS_PROXY is no address of a proxy") as refusal:
        proxy_for(URL, {"HTTPS_PROXY": proxy})
    assert "hunter" not in str(refusal.value)


def test_certificates_are_those_of_the_variable_or_the_systems(certificate: Path) -> None:
    assert certificates({}) is None
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        assert certificates({name: str(certificate)}) == str(certificate)


def test_a_file_of_certificates_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no certificate")
    for name in ("missing", "text", ""):
        with pytest.raises(UnusableTarget, match="REQUESTS_CA_BUNDLE names"):
            certificates({"REQUESTS_CA_BUNDLE": str(tmp_path / name)})

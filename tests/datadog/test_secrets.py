"""Keys appear nowhere but in the headers that are sent."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from generator.datadog.client import Datadog
from generator.datadog.errors import ApiError
from generator.datadog.target import Target
from generator.resources.types import resource_types

MONITOR = resource_types()["monitor"]

CALLS: tuple[Callable[[Datadog], object], ...] = (
    lambda client: client.create(MONITOR, {"name": "x"}),
    lambda client: client.read(MONITOR, "1"),
    lambda client: client.live(MONITOR),
)


def everything_printable(error: BaseException) -> str:
    """What a careless reporter could show: text, arguments and locals of the whole chain."""
    without_this_test = error.with_traceback(error.__traceback__ and error.__traceback__.tb_next)
    with_locals = traceback.TracebackException.from_exception(without_this_test, capture_locals=True)
    chain: list[BaseException] = [error]
    while following := chain[-1].__cause__ or chain[-1].__context__:
        chain.append(following)
    shown = [f"{each!r} {each} {each.args!r} {vars(each)!r}" for each in chain]
    return "".join([*with_locals.format(), *shown])


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 403, "payload": {"errors": ["Forbidden"]}},
        {"status": 400, "body": b"<html>key {api_key} and {application_key} are wrong</html>"},
        {
            "status": 400,
            "payload": {"errors": ["key {api_key} is wrong", {"title": "x", "detail": "{application_key}"}]},
        },
        {"status": 302, "headers": {"Location": "https://evil.example/?key={api_key}"}},
        {"status": 500},
        {"status": None},
    ],
)
def test_keys_are_in_no_error_log_or_repr(
    answer: dict[str, Any],
    scripted: Callable[..., Any],
    client_of: Callable[..., Datadog],
    reply: type,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)

    def repeats_the_keys(request: Any) -> Any:
        keys = {"api_key": request.headers["DD-API-KEY"], "application_key": request.headers["DD-APPLICATION-KEY"]}

        def filled(value: Any) -> Any:
            for name, key in keys.items():
                if isinstance(value, str):
                    value = value.replace(f"{{{name}}}", key)
                elif isinstance(value, bytes):
                    value = value.replace(f"{{{name}}}".encode(), key.encode())
                elif isinstance(value, list):
                    value = [filled(each) for each in value]
                elif isinstance(value, dict):
                    value = {each: filled(inner) for each, inner in value.items()}
            return value

        return reply(**{name: filled(value) for name, value in answer.items()})

    server = scripted(repeats_the_keys)
    client = client_of(server.url)
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    logging.getLogger("datadog_api_client").setLevel(logging.DEBUG)
    shown = [repr(client), str(vars(client))]
    for call in CALLS:
        with pytest.raises(ApiError) as failure:
            call(client)
        shown.append(everything_printable(failure.value))
    sent = server.requests[0].headers
    for key in (sent["DD-API-KEY"], sent["DD-APPLICATION-KEY"]):
        assert len(key) >= 32
        assert key not in "".join([*shown, caplog.text])


@pytest.mark.parametrize("call", [*CALLS[:2], lambda client: client.live(MONITOR)], ids=["create", "read", "list"])
@pytest.mark.parametrize("as_page", [True, False])
def test_a_success_that_repeats_the_keys_is_told_without_them(
    as_page: bool,  # noqa: FBT001 - a parameter of a test
    call: Callable[[Datadog], object],
    scripted: Callable[..., Any],
    client_of: Callable[..., Datadog],
    reply: type,
) -> None:
    def repeats(request: Any) -> Any:
        keys = {name: key for name, key in request.headers.items() if name.startswith("DD-")}
        limits = {"X-RateLimit-Remaining": keys["DD-API-KEY"]}
        return reply(body=f"<pre>{keys}</pre>".encode()) if as_page else reply(payload={"echo": keys}, headers=limits)

    server = scripted(repeats)
    with pytest.raises(ApiError) as failure:
        call(client_of(server.url))
    shown = everything_printable(failure.value)
    assert "***" in shown
    for key in (server.requests[0].headers["DD-API-KEY"], server.requests[0].headers["DD-APPLICATION-KEY"]):
        assert key not in shown


def test_a_connection_that_cannot_be_made_shows_no_key(client_of: Callable[..., Datadog]) -> None:
    with pytest.raises(ApiError) as failure:
        client_of("http://127.0.0.1:9").create(MONITOR, {"name": "x"})
    assert "a1b2c3d4" not in everything_printable(failure.value)


def test_a_target_shows_neither_key_nor_proxy_password() -> None:
    target = Target("https://api.datadoghq.com", "SECRET-ONE", "SECRET-TWO", proxy="http://me:SECRET@proxy:3128")
    assert "SECRET" not in f"{target!r} {target}"


def test_keys_of_the_environment_are_not_used(
    scripted: Callable[..., Any], client_of: Callable[..., Datadog], reply: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DD_API_KEY", "from-the-environment")
    monkeypatch.setenv("DD_APP_KEY", "from-the-environment")
    monkeypatch.setenv("DD_SITE", "datadoghq.eu")
    server = scripted(lambda _: reply(payload=[]))
    client_of(server.url).live(MONITOR)
    assert "from-the-environment" not in str(server.requests)
    assert {"DD-API-KEY", "DD-APPLICATION-KEY"} <= set(server.requests[0].headers)


def test_requests_say_that_they_come_from_toban(
    scripted: Callable[..., Any], client_of: Callable[..., Datadog], reply: type
) -> None:
    server = scripted(lambda _: reply(payload=[]))
    client_of(server.url).live(MONITOR)
    assert server.requests[0].headers["User-Agent"].startswith("toban/")


@pytest.mark.parametrize(("status", "hint"), [(403, "the keys are wrong"), (401, "API key")])
def test_keys_that_datadog_does_not_take_are_told(
    status: int, hint: str, scripted: Callable[..., Any], client_of: Callable[..., Datadog], reply: type
) -> None:
    server = scripted(lambda _: reply(status, {"errors": ["Forbidden"]}))
    with pytest.raises(ApiError, match=hint):
        client_of(server.url).live(MONITOR)

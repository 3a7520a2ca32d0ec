"""Notifications are posted to a webhook on this machine, and nowhere else."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys

import pytest

from generator.localdog.posting import WebhookRefused, webhook
from tests.localdog.evaluated import Driven, driven, receiver


def alerting(server: Driven) -> None:
    server.monitor()
    server.push([9.0] * 30)
    server.advance("5m")


def test_a_webhook_is_sent_what_the_sink_has() -> None:
    with receiver() as hook, driven(webhook=hook.url) as server:
        alerting(server)
        told = server.told()
        assert [{**each, "posted": "answered 200"} for each in hook.received] == told
        assert hook.received[0]["text"].startswith("Look at a: 9.0 > 5.0.")
        server.advance("5m")
        assert len(hook.received) == 1


def test_what_cannot_be_posted_is_posted_later() -> None:
    with receiver() as hook:
        url = hook.url
    with driven(webhook=url) as server:
        alerting(server)
        assert [each["posted"] for each in server.told()] == [""]
    assert hook.received == []


def test_a_redirect_is_not_followed() -> None:
    with receiver() as other, receiver() as hook, driven(webhook=hook.url) as server:
        hook.status, hook.headers = 307, {"Location": other.url}
        alerting(server)
        assert [each["posted"] for each in server.told()] == ["answered 307"]
        assert (len(hook.received), other.received) == (1, [])


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver() as proxy, receiver() as hook, driven(webhook=hook.url) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        alerting(server)
        assert (len(hook.received), proxy.received) == (1, [])


def test_what_is_muted_is_not_posted() -> None:
    with receiver() as hook, driven(webhook=hook.url) as server:
        monitor = server.monitor()
        server.push([9.0] * 30)
        server.call("POST", f"/api/v1/monitor/{monitor}/mute", {})
        server.advance("5m")
        assert hook.received == []
        assert [(each["muted"], each["posted"]) for each in server.told()] == [(True, "muted")]


ELSEWHERE = [
    "http://example.com/hook", "https://127.0.0.1/hook", "http://10.0.0.1/", "http://127.0.0.1.example.com/",
    "http://localhost.example.com/", "http://user@127.0.0.1/", "http://user:secret@localhost/", "ftp://127.0.0.1/",
    "//127.0.0.1/",
    "127.0.0.1:80", "", "http://", "http://[::1", "http://127.0.0.1:99999/", "http://127.0.0.1:0/", "http://0.0.0.0/",
    "http://127.0.0.1/\r\nX: y", "http://127.0.0.1/a b", "http://2130706433/", "http://127.1/",
    "http://[::ffff:10.0.0.1]/",
    "http://169.254.169.254/latest/", "http://127.0.0.1/\u00e9",
]  # fmt: skip


@pytest.mark.parametrize("url", ELSEWHERE)
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(WebhookRefused):
        webhook(url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/hook", "http://localhost/", "http://[::1]:9/x", "http://127.9.9.9/"]
)
def test_an_address_of_this_machine_is_taken(url: str) -> None:
    assert webhook(url) == url


def test_the_command_takes_a_time_and_a_webhook() -> None:
    with receiver() as hook:
        options = ("--now", "2027-01-12T17:00:00+09:00", "--webhook", hook.url)
        command = [sys.executable, "-m", "generator", "local", *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            address = process.stdout.readline().strip().removeprefix("http://")
            connection = http.client.HTTPConnection(address, timeout=30)
            connection.request("GET", "/_toban/clock")
            now = json.loads(connection.getresponse().read())["now"]
            connection.close()
            process.terminate()
    assert now == "2027-01-12T08:00:00.000000+00:00"


@pytest.mark.parametrize("options", [("--now", "noon"), ("--webhook", "http://example.com/")])
def test_the_command_refuses_other_times_and_places(options: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "generator", "local", *options], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr, options[1] in done.stderr) == (64, False, True)

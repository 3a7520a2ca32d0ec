"""The pages for people, as a browser gets them and as it shows them."""

from __future__ import annotations

import re
import shutil
import subprocess
import urllib.request
from html import unescape
from pathlib import Path
from urllib.error import HTTPError

import pytest

from generator.localdog.page import MOST_MONITORS
from tests.localdog.client import Client, Payload
from tests.localdog.evaluated import driven

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LOG = 'logs("*").index("*").rollup("count").last("5m") > 5'
LOG_OPTIONS = {"thresholds": {"critical": 5}}
HOSTILE = "<script>document.title='broken'</script><img src=x onerror=alert(1)>\"'><b>"


def page(call: Client, path: str = "/") -> tuple[int, str, dict[str, str]]:
    try:
        with urllib.request.urlopen(call.url + path, timeout=30) as answer:  # noqa: S310 our own server
            return answer.status, answer.read().decode(), dict(answer.headers)
    except HTTPError as error:
        return error.code, error.read().decode(), dict(error.headers)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def create(call: Client, monitor: Payload, **fields: object) -> int:
    found: int = call("POST", "/api/v1/monitor", {**monitor, **fields}).body["id"]
    return found


def test_an_empty_server_says_so(call: Client) -> None:
    status, html, _ = page(call)
    assert status == 200
    assert "0 monitors 0 dashboards 0 SLOs 0 downtimes 0 series" in words(html)
    assert "No monitor." in words(html)
    assert "None are set." in words(html)


def test_monitors_are_shown_by_team_and_service(call: Client, monitor: Payload) -> None:
    create(call, monitor, name="B", tags=["team:web", "service:shop"])
    create(call, monitor, name="A", tags=["team:data", "service:reports"])
    create(call, monitor, name="C", tags=["team:data"])
    create(call, monitor, name="D", tags=[])
    html = page(call)[1]
    headings = re.findall(r"<h3>(.*?)</h3>|<caption>(.*?)</caption>", html)
    assert ["".join(each) for each in headings] == [
        "data", "reports", "no service", "web", "shop", "no team", "no service",
    ]  # fmt: skip
    assert re.findall(r'<a href="/monitors/\d+">(.*?)</a>', html) == ["A", "C", "B", "D"]


def test_a_search_narrows_them(call: Client, monitor: Payload) -> None:
    create(call, monitor, name="A", tags=["team:data"])
    create(call, monitor, name="B", tags=["team:web"])
    html = page(call, "/?query=team:web")[1]
    assert re.findall(r'<a href="/monitors/\d+">(.*?)</a>', html) == ["B"]
    assert "a bracket is not closed" in page(call, "/?query=(a")[1]


def test_of_many_monitors_the_first_are_shown(call: Client, monitor: Payload) -> None:
    for number in range(MOST_MONITORS + 2):
        create(call, monitor, name=f"m{number}")
    assert "And 2 more: search to see them." in page(call)[1]
    assert "And 2 more: search to see them." in page(call, "/?query=m")[1]
    assert len(re.findall(r'<a href="/monitors/', page(call)[1])) == MOST_MONITORS


def test_one_monitor_is_told_in_words(call: Client, monitor: Payload) -> None:
    monitor_id = create(call, monitor)
    status, html, _ = page(call, f"/monitors/{monitor_id}")
    assert status == 200
    assert "Alerts for each host when the average of system.load.5" in words(html)
    assert monitor["message"] in words(html)
    assert '"overall_state": "No Data"' in words(html)


@pytest.mark.parametrize("path", ["/monitors/7", "/monitors/99999999999999999999"])
def test_an_unknown_monitor_is_missing(call: Client, path: str) -> None:
    status, html, _ = page(call, path)
    assert status == 404
    assert "There is no such page" in html


def test_states_groups_and_notifications_are_shown() -> None:
    with driven() as server:
        monitor = server.monitor(name=f"Load {HOSTILE}", message=f"{HOSTILE} of {{{{host.name}}}} @slack-ops")
        server.push([9.0] * 30)
        server.push([1.0] * 30, host="b")
        server.call(
            "POST", "/api/v1/monitor", {"type": "log alert", "name": "Log", "query": LOG, "options": LOG_OPTIONS}
        )
        server.advance("10m")
        overview = page(server.call)[1]
        assert '<span class="state alert">Alert</span>' in overview
        assert "[Triggered on {host:a}] Load" in words(overview)
        assert "stands at 2027-01-12 08:10:00 UTC" in words(overview)
        assert "<script>" not in overview
        one = page(server.call, f"/monitors/{monitor}")[1]
        assert "host:a Alert" in words(one)
        assert words(one).index("host:a") < words(one).index("host:b"), "the worst first"
        assert "of a @slack-ops" in words(one)
        assert "<script>" not in one
        other = page(server.call, f"/monitors/{monitor + 1}")[1]
        assert "Not evaluated: a monitor of this type" in words(other)


def test_faults_and_requests_are_shown(call: Client) -> None:
    scenario = {
        "name": "rough", "faults": [{"when": {"method": "GET"}, "do": {"status": 503}}],
        "rate_limits": {"default": {"limit": 9, "period_seconds": 10}},
    }  # fmt: skip
    call("PUT", "/_toban/faults", scenario)
    call("GET", "/api/v1/monitor?page=0")
    told = words(page(call)[1])
    assert "rough When What happens Matched Struck all GET requests answered 503 1 1" in told
    assert "default 9 requests in 10 s" in told
    assert "GET /api/v1/monitor?page=0 503" in told


SAID = {
    "number 2 of the POST requests to /api/v1/monitor": {"method": "post", "path": "/api/v1/monitor", "nth": 2},
    "the first 3 requests whose body holds <b>": {"first": 3, "body": "<b>"},
    "50% of the requests whose query string holds page=": {"share": 0.5, "query": "page="},
    "waits 0.1 to 2 s; is carried out; answered 504": {
        "delay": {"uniform": [0.1, 2]},
        "status": 504,
        "after_write": True,
    },
    "the request is carried out, then the connection is reset": {"reset": "after_write"},
    "all connections are cut and refused for 2 s": {"refuse_seconds": 2},
    "half of the answer is sent": {"half": True},
}


@pytest.mark.parametrize(("said", "part"), SAID.items(), ids=SAID)
def test_a_fault_is_told_in_words(call: Client, said: str, part: Payload) -> None:
    is_deed = bool(part.keys() & {"status", "reset", "refuse_seconds", "half"})
    fault = {"do": part, "when": {"nth": 9}} if is_deed else {"when": part, "do": {"status": 500}}
    call("PUT", "/_toban/faults", {"faults": [fault]})
    assert said in words(page(call)[1])


def test_what_resources_say_is_text(call: Client, monitor: Payload) -> None:
    fields = {"name": HOSTILE, "message": HOSTILE, "tags": [f"team:{HOSTILE}", f"service:{HOSTILE}"]}
    monitor_id = create(call, monitor, **fields)
    call("GET", f"/api/v1/monitor?name={'%3Cscript%3E'}")
    for path in ("/", f"/monitors/{monitor_id}", "/?query=%3Cscript%3E"):
        _, html, headers = page(call, path)
        assert "<script" not in html
        assert "<img" not in html
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_half_characters_do_not_break_a_page(call: Client) -> None:
    call("GET", "/api/v1/monitor?name=%ed%a0%80")
    assert page(call)[0] == 200
    assert page(call, "/?query=%ed%a0%80")[0] == 200


def test_the_style_comes_from_the_server(call: Client) -> None:
    status, _, headers = page(call, "/_toban/page.css")
    assert (status, headers["content-type"]) == (200, "text/css; charset=utf-8")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_a_browser_shows_the_page_and_runs_nothing(call: Client, monitor: Payload, tmp_path: Path) -> None:
    create(call, monitor, name=f"Load is high {HOSTILE}", tags=["team:data", "service:shop"])
    command = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        f"--user-data-dir={tmp_path}", "--window-size=1200,900", f"--screenshot={tmp_path / 'page.png'}", "--dump-dom",
    ]  # fmt: skip
    shown = subprocess.run([*command, f"{call.url}/"], capture_output=True, text=True, timeout=120, check=False).stdout
    assert "<title>local Datadog</title>" in shown
    assert "Load is high" in words(shown)
    assert (tmp_path / "page.png").stat().st_size > 10_000

"""An endpoint that does not answer as it should: a service check, one clear line, and never a number."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from datadog_checks.base.stubs.aggregator import AggregatorStub
from metadata_endpoint import Answer, MetadataEndpoint, document, reply
from samples import since, stats, task
from toban_fargate import SERVICE_CHECK, TobanFargateCheck

CheckOf = Callable[..., TobanFargateCheck]
TASK, STATS = task(), {"0123-app": stats(10, 5, **since(0, 1))}
WHOLE = json.dumps(TASK).encode()


def answering(body: bytes, **options: Any) -> Answer:
    return lambda request: reply(request, body, **options)


def refusing_to_end(request: BaseHTTPRequestHandler) -> None:
    """The document itself, a byte at a time: it would be whole at last, and each byte is in time."""
    _head(request, f"Content-Length: {len(WHOLE)}")
    for byte in WHOLE:
        request.wfile.write(bytes([byte]))
        time.sleep(0.01)


def slow_headers(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(300):
        request.wfile.write(b"X-More: 1\r\n")
        time.sleep(0.01)
    _rest(request, f"Content-Length: {len(WHOLE)}")
    request.wfile.write(WHOLE)


def silent(request: BaseHTTPRequestHandler) -> None:
    time.sleep(2)
    reply(request, WHOLE)


def hanging_up(request: BaseHTTPRequestHandler) -> None:
    request.connection.shutdown(socket.SHUT_RDWR)


def shorter_than_told(request: BaseHTTPRequestHandler) -> None:
    _head(request, f"Content-Length: {len(WHOLE) + 10}")
    request.wfile.write(WHOLE)


def cut_off(request: BaseHTTPRequestHandler) -> None:
    _head(request, "Connection: close")
    request.wfile.write(WHOLE[:-20])


def cut_off_chunks(request: BaseHTTPRequestHandler) -> None:
    _head(request, "Transfer-Encoding: chunked")
    request.wfile.write(b"%x\r\n%s\r\n" % (len(WHOLE), WHOLE))


def chunks_of_negative_size(request: BaseHTTPRequestHandler) -> None:
    _head(request, "Transfer-Encoding: chunked")
    request.wfile.write(b"-5\r\n" + b" " * 3_000_000 + WHOLE)


def huge_chunks(request: BaseHTTPRequestHandler) -> None:
    _head(request, "Transfer-Encoding: chunked")
    for _ in range(5000):
        request.wfile.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
    request.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(WHOLE), WHOLE))


def huge_headers(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(500):
        request.wfile.write(b"x" * 0x10000)


def told_to_be_huge(request: BaseHTTPRequestHandler) -> None:
    _head(request, "Content-Length: 1000000000000")
    for _ in range(500):
        request.wfile.write(b" " * 0x10000)


def _head(request: BaseHTTPRequestHandler, header: str) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    _rest(request, header)


def _rest(request: BaseHTTPRequestHandler, header: str) -> None:
    request.wfile.write(f"{header}\r\n\r\n".encode())


BAD = {
    "not found": (answering(b'"V4 task metadata handler: unable"', status=404), 'answered 404: `"V4 task metadata'),
    "too often": (answering(b"", status=429), "answered 429: nothing"),
    "broken": (answering(b"\x1b[31m\x00\nno", status=500), "answered 500: `[31m no`"),
    "redirect": (answering(b"", status=302, Location="/v4/elsewhere"), "answered 302 and pointed elsewhere: nothing"),
    "silent": (silent, "did not answer in full within 0.5 s"),
    "a byte at a time": (refusing_to_end, "did not answer in full within 0.5 s"),
    "a header at a time": (slow_headers, "did not answer in full within 0.5 s"),
    "hangs up": (hanging_up, "gave no whole answer: `Remote end closed connection without response`"),
    "shorter than told": (shorter_than_told, "gave no whole answer: 10 bytes are missing"),
    "cut off": (cut_off, "did not answer with JSON, but with `{"),
    "cut off chunks": (cut_off_chunks, "gave no whole answer: `IncompleteRead("),
    "negative chunks": (chunks_of_negative_size, "gave no whole answer: `"),
    "huge": (answering(b" " * 3_000_000 + WHOLE), "sent more than 2 MiB"),
    "huge chunks": (huge_chunks, "sent more than 2 MiB"),
    "huge headers": (huge_headers, "gave no whole answer: `got more than 65536 bytes when reading header line`"),
    "told to be huge": (told_to_be_huge, "sent more than 2 MiB"),
    "empty": (answering(b""), "did not answer with JSON, but with nothing"),
    "a page": (answering(b"<html>hello</html>"), "did not answer with JSON, but with `<html>hello</html>`"),
    "no UTF-8": (answering(b"\xff\xfe{}"), "did not answer with JSON, but with `"),
    "not a number": (answering(b'{"Limits": {"CPU": NaN}}'), "did not answer with JSON, but with `"),
    "a number of a million digits": (answering(b"1" * 10**6), "did not answer with JSON, but with `111"),
    "deep": (answering(b"[" * 10**6), "did not answer with JSON, but with `[[["),
    "a text": (answering(b'"V4 task stats handler: unable"'), "is a text, not a JSON object"),
    "null": (answering(b"null"), "is null, not a JSON object"),
    "a list": (answering(b"[]"), "is a list, not a JSON object"),
}


@pytest.mark.parametrize("which", ["task", "stats"])
@pytest.mark.parametrize(("answer", "told"), BAD.values(), ids=BAD)
def test_a_bad_answer_is_told_and_nothing_is_sent(  # noqa: PLR0913 - columns of the table and the harness
    *,
    which: str,
    answer: Answer,
    told: str,
    endpoint: MetadataEndpoint,
    check_of: CheckOf,
    aggregator: AggregatorStub,
) -> None:
    address = endpoint.serve("/v4/0", TASK, STATS)
    path = {"task": "/v4/0/task", "stats": "/v4/0/task/stats"}[which]
    endpoint.answers[path] = answer
    # Only where the time runs out may it be short: a busy machine must not change another case.
    check = check_of(address, timeout=0.5 if "0.5 s" in told else 20)
    assert check.run() == ""
    assert told in _only_line(check, aggregator)
    assert aggregator.metric_names == []
    assert "/v4/elsewhere" not in endpoint.asked


def test_a_refused_connection_is_told(check_of: CheckOf, aggregator: AggregatorStub) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v4/0"
        check = check_of(address)
        assert check.run() == ""
    assert _only_line(check, aggregator) == f"{address}/task cannot be reached: Connection refused"


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc",
        "https://127.0.0.1/v4/0",
        "169.254.170.2/v4/0",
        "http://",
        "http://[::",
        "http://127.0.0.1:port/v4",
        "http://127.0.0.1:99999/v4",
        "http://127.0.0.1/v4 0\r\nX-Other: 1",
        "http://..example/v4",
        "http://127.0.0.1/ü",
        "http://127.0.0.1/v4/0?x=",
    ],
)
def test_what_is_no_address_is_told(address: str, check_of: CheckOf, aggregator: AggregatorStub) -> None:
    check = check_of(address)
    assert check.run() == ""
    assert _only_line(check, aggregator).endswith(
        "is no address of a metadata endpoint; ECS sets one such as http://169.254.170.2/v2"
    )


def test_the_time_of_a_failed_run_is_measured_by_the_next(
    endpoint: MetadataEndpoint, check_of: CheckOf, aggregator: AggregatorStub
) -> None:
    check = check_of(endpoint.serve("/v4/0", TASK, {"0123-app": stats(10, 5)}))
    check.run()
    endpoint.answers["/v4/0/task/stats"] = answering(b"", status=429)
    check.run()
    endpoint.answers["/v4/0/task/stats"] = document({"0123-app": stats(50, 15)})
    check.run()
    aggregator.assert_metric("toban.fargate.cpu.task.percent", 25, count=1)
    assert [each.status for each in aggregator.service_checks(SERVICE_CHECK)] == [0, 2, 0]


def test_a_failure_of_the_stats_in_a_first_run_bears_the_tags_of_the_task(
    endpoint: MetadataEndpoint, check_of: CheckOf, aggregator: AggregatorStub
) -> None:
    check = check_of(endpoint.serve("/v4/0", TASK, STATS), tags=["team:web"])
    endpoint.answers["/v4/0/task/stats"] = answering(b"", status=429)
    check.run()
    (sent,) = aggregator.service_checks(SERVICE_CHECK)
    assert sent.status == TobanFargateCheck.CRITICAL
    assert {f"task_arn:{TASK['TaskARN']}", "ecs_cluster_name:web", "team:web"} <= set(sent.tags)


UNREAD = {
    "a refusal that is a JSON object": (
        TASK,
        {"message": "rate exceeded"},
        "the stats document has no counters of any container that runs",
    ),
    "no stats": (TASK, {}, "the stats document has no counters of any container that runs"),
    "null": (TASK, {"0123-app": None}, "the stats document has no counters of any container that runs"),
    "no containers": ({**TASK, "Containers": []}, STATS, "the task document names no container that runs"),
    "stale": (TASK, {"0123-app": stats(-40, 5, **since(-50, 1))}, "the endpoint's newest reading is 90 s old"),
}


@pytest.mark.parametrize(("task_document", "stats_document", "told"), UNREAD.values(), ids=UNREAD)
def test_an_answer_that_holds_nothing_is_a_warning(  # noqa: PLR0913 - columns of the table and the harness
    *,
    task_document: Any,
    stats_document: Any,
    told: str,
    endpoint: MetadataEndpoint,
    check_of: CheckOf,
    aggregator: AggregatorStub,
) -> None:
    check = check_of(endpoint.serve("/v4/0", task_document, stats_document))
    assert check.run() == ""
    (sent,) = aggregator.service_checks(SERVICE_CHECK)
    assert sent.status == TobanFargateCheck.WARNING
    assert sent.message.startswith(told)
    assert check.warnings == [f"no CPU was measured: {sent.message}"]
    assert not {name for name in aggregator.metric_names if name.endswith(("percent", ".cores"))}
    assert "toban.fargate.cpu.task.missing_containers" in aggregator.metric_names


def test_a_failure_is_of_the_task_that_answered_before(
    endpoint: MetadataEndpoint, check_of: CheckOf, aggregator: AggregatorStub
) -> None:
    check = check_of(endpoint.serve("/v4/0", TASK, STATS), tags=["team:web"])
    check.run()
    endpoint.answers["/v4/0/task"] = hanging_up
    check.run()
    first, second = aggregator.service_checks(SERVICE_CHECK)
    assert (first.status, second.status) == (0, 2)
    assert first.tags == second.tags
    assert {f"task_arn:{TASK['TaskARN']}", "team:web"} <= set(second.tags)


def _only_line(check: TobanFargateCheck, aggregator: AggregatorStub) -> str:
    """What the service check and the Agent's status say: the same."""
    (sent,) = aggregator.service_checks(SERVICE_CHECK)
    assert sent.status == TobanFargateCheck.CRITICAL
    assert check.warnings == [f"no CPU was measured: {sent.message}"]
    assert sent.message.isprintable()
    return str(sent.message)

"""`toban query` as a person and as another program call it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[2] / "../shared/corpus/monitor_queries.tsv"
GOOD = "avg(last_5m):avg:system.cpu.user{*} > 90"


def toban_query(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "generator", "query", *arguments], input=given, capture_output=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert b"bug in toban" not in done.stderr
    return done


LINES = [
    (b"query alert\tavg( last_5m ):avg:a{*}>1.0", {"ok": True, "canonical": "avg(last_5m):avg:a{*} > 1"}),
    (b"log alert\tquery", {"message": "expected `logs` or `formula` at the start of the query, found `query`"}),
    (b"composite\t1&&2\tsource\traw", {"ok": True, "canonical": "1 && 2"}),
    (rb'query alert	"avg(last_5m):\navg:a{*} > 1"', {"ok": True, "canonical": "avg(last_5m):avg:a{*} > 1"}),
    (rb'query alert	"avg(last_5m):\n\tavg:a{*} = 1"', {"message": "expected a comparator", "offset": 24, "end": 25}),
    (
        b'service check\t"a.b".by("x").last(2).count_by_status()',
        {"ok": True, "canonical": '"a.b".by("x").last(2).count_by_status()'},
    ),
    (b"dashboard\tavg:a{$env} by{host}", {"ok": True, "canonical": "avg:a{$env} by {host}"}),
    (b"dashboard\tquery1 * 2", {"message": "`query1` has no scope", "offset": 0, "end": 6}),
    (b"formula\t(query1) * 2", {"ok": True, "canonical": "query1 * 2"}),
    (b"", {"message": "found an empty line", "offset": 0, "end": 0}),
    (b"no tab here", {"message": "a line without a tab", "offset": 0, "end": 11}),
    (b"log allert\tx", {"message": "unknown monitor type `log allert`"}),
    (b"query alert\t", {"message": "found the end of the query"}),
    (b"query alert\tavg:\xff", {"message": "not UTF-8", "offset": 16, "end": 17}),
    (rb'query alert	"\ud800"', {"message": "found `\\ud800`", "offset": 0, "end": 1}),
    (rb'query alert	"avg(last_5m):avg:a{*} > 1', {"message": "is read as a JSON string, which this is not"}),
    (rb'service check	"\"a.b\".by(', {"message": "is read as a JSON string, which this is not"}),
    (b'service check\t"a.b".by(', {"message": "expected an argument, found the end of the query"}),
    (
        b"query alert\tavg(last_5m):avg:a{*} by {b,b} > 1",
        {
            "ok": True,
            "canonical": "avg(last_5m):avg:a{*} by {b,b} > 1",
            "doubts": [
                {"message": "the tag key `b` stands twice in `by`", "offset": 28, "end": 29, "hint": "keep one"},
            ],
        },
    ),
    (
        "metric alert\tavg(last_5m):avg:a{x:é,y:😀} > 1".encode(),
        {"message": "found `😀`", "offset": 25, "end": 26},
    ),
    (
        "metric alert\tavg(last_5m):avg:a{x:é} > 1\r".encode(),
        {"ok": True, "canonical": "avg(last_5m):avg:a{x:é} > 1"},
    ),
]


def test_lines_are_answered_in_order_whatever_they_hold() -> None:
    done = toban_query("parse", "--tsv", "-", given=b"\n".join(line for line, _ in LINES) + b"\n")

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert len(answers) == len(LINES)
    for answer, (line, expected) in zip(answers, LINES, strict=True):
        if "ok" in expected:
            assert answer == expected, line
        else:
            assert set(answer) == {"ok", "error"}, line
            assert set(answer["error"]) == {"message", "offset", "end"}
            assert not answer["ok"]
            assert str(expected["message"]) in answer["error"]["message"]
            for place in ("offset", "end"):
                assert answer["error"][place] == expected.get(place, answer["error"][place]), line


def test_a_mark_of_the_byte_order_before_the_first_line_says_nothing() -> None:
    done = toban_query("parse", "--tsv", "-", given=b"\xef\xbb\xbfformula\ta+b\r\nformula\tb\r\n")

    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"ok": True, "canonical": "a + b"},
        {"ok": True, "canonical": "b"},
    ]


def test_a_reader_may_leave_before_the_last_answer() -> None:
    command = [sys.executable, "-m", "generator", "query", "parse", "--tsv", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"formula\ta\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"formula\tb\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 0


def test_a_line_is_answered_before_the_next_is_written() -> None:
    command = [sys.executable, "-m", "generator", "query", "parse", "--tsv", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in (1, 2):
            process.stdin.write(b"formula\tquery%d\n" % number)
            process.stdin.flush()
            assert json.loads(process.stdout.readline()) == {"ok": True, "canonical": f"query{number}"}
        process.stdin.close()
        assert process.wait(20) == 0


def test_lines_can_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "queries.tsv"
    path.write_text("formula\ta+b\nformula\ta+")

    done = toban_query("parse", "--tsv", str(path))

    assert [json.loads(line)["ok"] for line in done.stdout.splitlines()] == [True, False]


def test_every_line_of_the_corpus_is_answered() -> None:
    if not CORPUS.exists():
        pytest.skip("the corpus of real queries, ../shared/corpus, is not here")

    done = toban_query("parse", "--tsv", str(CORPUS))

    answers = [json.loads(line)["ok"] for line in done.stdout.splitlines()]
    assert len(answers) == CORPUS.read_bytes().count(b"\n")
    assert answers.count(False) == 3


def test_a_broken_query_is_shown_with_carets_under_the_place() -> None:
    done = toban_query("parse", "avg(last_5m):agv:system.cpu.user{*} > 90")

    assert done.returncode == 1
    assert done.stdout.decode() == (
        "query:1:14: unknown space aggregation `agv`\n"
        "  | avg(last_5m):agv:system.cpu.user{*} > 90\n"
        "  |              ^^^\n"
        "  hint: did you mean `avg`?\n"
    )


def test_a_place_is_found_in_a_query_of_several_lines() -> None:
    done = toban_query("parse", "avg(last_5m):\n  avg:a{*} * .5\n> 1")

    assert done.stdout.decode().splitlines()[:3] == [
        "query:2:14: expected a metric, a function or a number, found `.5`",
        "  |   avg:a{*} * .5",
        "  |              ^^",
    ]


def test_an_odd_query_is_shown_with_what_is_odd() -> None:
    done = toban_query("parse", "avg(last_5m):timeshift(avg:a{*},3600)>1")

    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert lines[0] == "avg(last_5m):timeshift(avg:a{*}, 3600) > 1"
    assert lines[2] == "query:1:33: warning: `timeshift` by positive seconds looks ahead"


@pytest.mark.parametrize(
    ("query", "code", "answer"),
    [
        (GOOD, 0, {"version": 1, "ok": True, "canonical": GOOD, "doubts": []}),
        (
            "abs(",
            1,
            {
                "version": 1,
                "ok": False,
                "error": {"message": "unknown time aggregation `abs`", "offset": 0, "end": 3},
                "hint": "allowed are `avg`, `sum`, `min`, `max`, `percentile`, `change`, `pct_change`",
            },
        ),
    ],
)
def test_one_query_is_answered_in_json(query: str, code: int, answer: dict[str, object]) -> None:
    done = toban_query("parse", "--format", "json", query)

    assert (done.returncode, json.loads(done.stdout)) == (code, answer)


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("1&&2", "1 && 2"),
        ("!(%{a}||3)", "!(%{a} || 3)"),
        ('"a.b".by("*").last(2).count_by_status()', '"a.b".by("*").last(2).count_by_status()'),
        ('events("a").rollup("count").last("5m")>1', 'events("a").rollup("count").last("5m") > 1'),
        ('burn_rate("a").over("7d").long_window("1h").short_window("5m")>1.50',
         'burn_rate("a").over("7d").long_window("1h").short_window("5m") > 1.5'),
        ('formula("a / b").last("1h") > 1', 'formula("a / b").last("1h") > 1'),
    ],
)  # fmt: skip
def test_the_type_is_told_by_the_start_of_the_query(query: str, canonical: str) -> None:
    done = toban_query("parse", query)

    assert done.stdout.decode().splitlines()[0] == canonical


def test_a_query_is_explained_in_a_sentence() -> None:
    done = toban_query("explain", 'logs("status:error").index("*").rollup("count").by("service").last("5m") > 5')

    assert done.returncode == 0
    assert done.stdout.decode() == (
        "Alerts for each service when the number of logs that match `status:error` is more than 5"
        " in the last 5 minutes.\n"
    )


@pytest.mark.parametrize(
    ("kind", "query", "words"),
    [
        ("dashboard", "avg:a{x:y} by {host}", "Shows the average of `a` in `x:y` for each host.\n"),
        ("formula", "a / b", "Shows `a` divided by `b`.\n"),
        ("synthetics alert", "no_query", "A synthetics alert monitor.\n"),
    ],
)
def test_what_is_no_alert_is_explained_as_what_it_shows(kind: str, query: str, words: str) -> None:
    assert toban_query("explain", "--type", kind, query).stdout.decode() == words


def test_what_a_query_holds_cannot_act_on_a_terminal() -> None:
    done = toban_query("explain", 'logs("a\u202eb\x1b[31m").index("*").rollup("count").last("5m") > 5')

    assert done.returncode == 0
    assert done.stdout.decode().startswith("Alerts when the number of logs that match `a\\u202eb\\x1b[31m`")


def test_a_broken_query_is_not_explained_but_shown() -> None:
    done = toban_query("explain", "--type", "metric alert", 'logs("a")')

    assert done.returncode == 1
    assert b"found `logs`" in done.stdout or b"`logs`" in done.stdout


CONTROLLING = 'logs("a\x1b[31mb").index("*").rollup("count").last("5m") > 5'


def test_a_canonical_query_is_letter_for_letter_in_a_pipe() -> None:
    assert toban_query("parse", CONTROLLING).stdout.decode().splitlines()[0] == CONTROLLING


def test_a_canonical_query_cannot_act_on_a_terminal() -> None:
    reader, terminal = pty.openpty()
    command = [sys.executable, "-m", "generator", "query", "parse", CONTROLLING]
    subprocess.run(command, stdout=terminal, timeout=60, check=True)
    os.close(terminal)

    shown = os.read(reader, 10_000)
    os.close(reader)
    assert b"\x1b" not in shown
    assert shown.decode().splitlines()[0] == CONTROLLING.replace("\x1b", "\\x1b")


@pytest.mark.parametrize("option", [("--type", "log alert"), ("--format", "text"), ("--format", "json")])
def test_lines_name_their_types_and_are_answered_in_json_only(option: tuple[str, str]) -> None:
    done = toban_query("parse", "--tsv", "-", *option)

    assert done.returncode == 64
    assert b"--tsv goes with neither --type nor --format" in done.stderr
    assert b"leave --type and --format out" in done.stderr


@pytest.mark.parametrize(
    ("query", "head", "meant"),
    [
        ('log("a").index("*").rollup("count").last("5m") > 5', "log", "logs"),
        ('evnts("a").rollup("count").last("5m") > 5', "evnts", "events"),
        ('ci_tests("a").rollup("count").last("5m") > 5', "ci_tests", "ci-tests"),
        ('trace_analytics ( \'a\').rollup("count").last("5m") > 5', "trace_analytics", "trace-analytics"),
        ('Logs("a").index("*").rollup("count").last("5m") > 5', "Logs", "logs"),
    ],
)
def test_a_misspelt_start_is_recognised_without_a_type(query: str, head: str, meant: str) -> None:
    done = toban_query("parse", query)

    assert done.returncode == 1
    assert f"found `{head}`" in done.stdout.decode()
    assert f"hint: did you mean `{meant}`?" in done.stdout.decode()


@pytest.mark.parametrize(
    "arguments", [("parse",), ("parse", GOOD, "--tsv", "-"), ("parse", "--tsv", "nowhere.tsv"), ("explain",)]
)
def test_wrong_usage_is_told_with_its_own_exit_code(arguments: tuple[str, ...]) -> None:
    done = toban_query(*arguments)

    assert done.returncode == 64
    assert done.stderr
    assert not done.stdout

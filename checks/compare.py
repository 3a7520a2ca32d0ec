"""Puts the same samples through Datadog's stock formula and this check's: the table of README.md, and a picture.

python checks/compare.py
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "checks.d"))

from toban_fargate_cpu import irix_percent, measured  # noqa: E402 - it lies where the Agent looks for it
from toban_fargate_documents import stats_of, task_of  # noqa: E402 - it lies where the Agent looks for it

# vCPU of the task and how many CPUs its containers see; those of 2, 8 and 16 vCPU are assumed.
SIZES = {0.25: 2, 0.5: 2, 1: 2, 2: 2, 4: 4, 8: 8, 16: 16}
LOADS = (0, 10, 25, 50, 80, 100)
ALERT_ABOVE = 80
_SECONDS = 10
_SECOND_NS = 10**9
_START = 1_700_000_000
BEGIN, END = "<!-- comparison: written by compare.py -->", "<!-- end of the comparison -->"


def main() -> None:
    page = HERE / "README.md"
    page.write_text(with_table(page.read_text(encoding="utf-8")), encoding="utf-8")
    (HERE / "comparison.svg").write_text(picture(), encoding="utf-8")


# The samples and the two formulas.


def sample(vcpu: float, load_percent: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both documents of a task of one container that has used this much of its limit for ten seconds."""
    task = {
        "TaskARN": "arn:aws:ecs:ap-northeast-1:111122223333:task/web/0",
        "Limits": {"CPU": vcpu},
        "Containers": [{"DockerId": "0-1", "Name": "app", "KnownStatus": "RUNNING", "Limits": {"CPU": 2}}],
    }
    used = round(vcpu * load_percent / 100 * _SECONDS * _SECOND_NS)
    stats = {
        "read": _moment(_START + _SECONDS),
        "preread": _moment(_START),
        "cpu_stats": _counters(SIZES[vcpu], _SECONDS + _SECONDS, used + _SECOND_NS),
        "precpu_stats": _counters(SIZES[vcpu], _SECONDS, _SECOND_NS),
    }
    return task, {"0-1": stats}


def _counters(cpus: int, seconds: int, used: int) -> dict[str, Any]:
    return {
        "cpu_usage": {"total_usage": used},
        "system_cpu_usage": cpus * seconds * _SECOND_NS,
        "online_cpus": cpus,
    }


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000000000Z")


def stock_percent(stats: dict[str, Any]) -> float | None:
    """`ecs.fargate.cpu.percent` as the integration ecs_fargate counts it; None where it sends nothing."""
    return irix_percent(stats_of({"0-1": stats})["0-1"])


def compared(vcpu: float, load_percent: float) -> tuple[float | None, float | None]:
    """The stock percent and this check's, of the same sample."""
    task, stats = sample(vcpu, load_percent)
    measurement = measured(task_of(task), stats_of(stats), {}, now_ns=(_START + _SECONDS) * _SECOND_NS)
    return stock_percent(stats["0-1"]), measurement.task.percent


# The table.


def with_table(page: str) -> str:
    """The page with today's table between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n".join((before + BEGIN, *_table(), END + after))


def _table() -> Iterator[str]:
    yield f"| vCPU | CPUs seen | {' | '.join(_load_words(load) for load in LOADS)} | stock > {ALERT_ABOVE} means |"
    yield "|---" * (len(LOADS) + 3) + "|"
    for vcpu, cpus in SIZES.items():
        cells = (_pair(*compared(vcpu, load)) for load in LOADS)
        yield f"| {vcpu:g} | {cpus} | {' | '.join(cells)} | {_meaning(vcpu)} |"


def _load_words(load: int) -> str:
    return {0: "idle", 100: "full"}.get(load, f"{load} %")


def _pair(stock: float | None, ours: float | None) -> str:
    return f"{_number(stock)} → **{_number(ours)}**"


def _number(value: float | None) -> str:
    return "nothing" if value is None else f"{value:.4g}"


def _meaning(vcpu: float) -> str:
    """How full a task is when its stock percent passes the threshold."""
    alerting = [load for load in range(101) if (compared(vcpu, load)[0] or 0) > ALERT_ABOVE]
    return f"more than {alerting[0] - 1} % full" if alerting else "never true"


# The picture: two panels on one logarithmic axis, on which each doubling of a task is one step.

_TOP, _BOTTOM, _PANEL = 70, 390, 300
_STOCK_LEFT, _OURS_LEFT = 60, 490
_LOWEST, _HIGHEST = 1, 2000
_BLUES = ("#9ecae1", "#7cb5d8", "#5a9fce", "#4189c0", "#2f73ad", "#1f5c97", "#0f4480")
_ORANGE = "#d95f0e"


def picture() -> str:
    """The same as a drawing in SVG."""
    return "\n".join(
        (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 870 450" font-family="sans-serif" font-size="13">',
            "<title>CPU percent of Fargate tasks: the stock integration and this check, by task size</title>",
            '<rect width="870" height="450" fill="#ffffff"/>',
            *_panel(_STOCK_LEFT, "ecs.fargate.cpu.percent"),
            *(_line(_STOCK_LEFT, vcpu, 0, colour) for vcpu, colour in zip(SIZES, _BLUES, strict=True)),
            *(_text(_STOCK_LEFT + _PANEL + 6, _y(100 * vcpu) + 4, f"{vcpu:g} vCPU") for vcpu in SIZES),
            *_panel(_OURS_LEFT, "toban.fargate.cpu.task.percent"),
            *(_line(_OURS_LEFT, vcpu, 1, _ORANGE) for vcpu in SIZES),
            _text(_OURS_LEFT + _PANEL + 6, _y(100) + 4, "all sizes"),
            _text(_OURS_LEFT + 6, _y(ALERT_ABOVE) - 5, f"alert above {ALERT_ABOVE}", colour="#b30000"),
            "</svg>\n",
        )
    )


def _panel(left: float, title: str) -> Iterator[str]:
    yield _text(left, _TOP - 40, title, weight="bold")
    yield _text(left, _TOP - 20, "what is sent, on a logarithmic axis")
    for percent in (1, 10, 100, 1000):
        yield _rule(left, percent, "#dddddd")
        # 80 lies just below 100.
        yield _text(left - 8, _y(percent) + (0 if percent == 100 else 4), str(percent), anchor="end")
    yield _rule(left, ALERT_ABOVE, "#b30000", dash="5 4")
    yield _text(left - 8, _y(ALERT_ABOVE) + 8, str(ALERT_ABOVE), anchor="end", colour="#b30000")
    for load in (0, 50, 100):
        yield _text(left + load / 100 * _PANEL, _BOTTOM + 20, f"{load} %", anchor="middle")
    yield _text(left + _PANEL / 2, _BOTTOM + 42, "of what the task may use", anchor="middle")


def _line(left: float, vcpu: float, which: int, colour: str) -> str:
    sent = ((load, compared(vcpu, load)[which]) for load in range(1, 101))
    steps = (f"{left + load / 100 * _PANEL:.1f},{_y(each):.1f}" for load, each in sent if each and each >= _LOWEST)
    return f'<polyline fill="none" stroke="{colour}" stroke-width="2.5" points="{" ".join(steps)}"/>'


def _rule(left: float, percent: float, colour: str, *, dash: str = "none") -> str:
    y = f"{_y(percent):.1f}"
    return f'<line x1="{left}" y1="{y}" x2="{left + _PANEL}" y2="{y}" stroke="{colour}" stroke-dasharray="{dash}"/>'


def _text(x: float, y: float, words: str, *, anchor: str = "start", **style: str) -> str:
    weight, colour = style.get("weight", "normal"), style.get("colour", "#222222")
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-weight="{weight}" fill="{colour}">{words}</text>'


def _y(percent: float) -> float:
    share = math.log(percent / _LOWEST) / math.log(_HIGHEST / _LOWEST)
    return _BOTTOM - share * (_BOTTOM - _TOP)


if __name__ == "__main__":
    main()

"""The query of a service check in words."""

from __future__ import annotations

from generator.explain.chain_methods import first_text, method_texts, places, untold
from generator.explain.phrases import code
from generator.query.nodes import ChainQuery

_TOLD = frozenset({"over", "exclude", "by", "last", "count_by_status", "pct_by_status"})


def check_condition(query: ChainQuery, name: str, threshold: str) -> str:
    """`check `http.can_connect` in `env:prod` fails 3 times in a row, of its last 4`."""
    over, without = places(method_texts(query, "over")), places(method_texts(query, "exclude"))
    where = f"{f' in {over}' if over else ''}{f', but not in {without},' if without else ''}"
    return f"check {code(name)}{where} fails {_often(query, threshold)}{untold(query, _TOLD)}"


def _often(query: ChainQuery, threshold: str) -> str:
    last = first_text(query, "last")
    if any(method.name == "pct_by_status" for method in query.methods):
        share = f"{threshold} %" if threshold else "the share that its `critical` threshold says"
        return f"for {share} of its groups, in their last {'run' if last == '1' else f'{last} runs'}"
    times = _times(threshold) if threshold else "as many times in a row as its `critical` threshold says"
    return f"{times}, of its last {last}"


def _times(threshold: str) -> str:
    return "once" if threshold == "1" else f"{threshold} times in a row"

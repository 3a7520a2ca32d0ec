"""How many real monitors of metrics can be simulated: `make corpus-simulate` prints it, the tests assert it.

Each runs over a small history made for it, so that "can" means that it was done.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from generator.query.functions import FUNCTIONS, Group
from generator.query.inspection import calls, leaves
from generator.query.nodes import (
    AllOf,
    AnyOf,
    AsCount,
    AsRate,
    Membership,
    MetricQuery,
    MonitorQuery,
    Scope,
    Tag,
    Terms,
)
from generator.query.problem import SyntaxProblem
from generator.simulate.evaluating import simulate
from generator.simulate.history import History, Series
from generator.simulate.monitor import METRIC_TYPES
from generator.simulate.refusal import Refusal
from tests.query.corpus_report import CORPUS, Real, accepted

_START = 1_800_000_000
_TIMES = _START - 7200 + 60 * np.arange(180, dtype=np.int64)


@dataclass(frozen=True)
class Outcome:
    """`reason` is empty where it was simulated, `values` whether an evaluation found one."""

    query: str
    is_algorithm: bool
    reason: str = ""
    groups: int = 0


@functools.cache
def outcomes() -> tuple[Outcome, ...]:
    return tuple(_outcome(real) for real in accepted() if real.kind in METRIC_TYPES)


def share(found: Sequence[Outcome]) -> float:
    """Of the queries that can be read and ask no algorithm."""
    asked = [each for each in found if not each.is_algorithm]
    return sum(not each.reason for each in asked) / len(asked)


def _outcome(real: Real) -> Outcome:
    tree = real.parsed()
    if isinstance(tree, SyntaxProblem) or not isinstance(tree, MonitorQuery):
        return Outcome(real.text, is_algorithm=False, reason="a formula, or no query that Datadog would take")
    is_algorithm = any(FUNCTIONS[call.name].group is Group.ALGORITHMS for call in calls(tree))
    history = History(series for leaf in dict.fromkeys(leaves(tree)) for series in _sources(leaf))
    done = simulate({"type": real.kind, "query": real.text}, history, since=_START, until=_START + 1800)
    if isinstance(done, Refusal):
        return Outcome(real.text, is_algorithm, done.reason)
    return Outcome(real.text, is_algorithm, groups=len(done.groups))


def _sources(leaf: MetricQuery) -> Iterator[Series]:
    """Two sources, each in a group of its own where there are groups."""
    is_count = any(isinstance(each, AsCount | AsRate) for each in leaf.modifiers)
    space = leaf.space if isinstance(leaf.space, str) and leaf.space.startswith("p") else ""
    matching = frozenset(_tags(leaf.scope))
    keys = {tag.partition(":")[0] for tag in matching}
    for number in (1, 2):
        tags = matching | {f"{key}:v{number}" for key in leaf.group_by if key not in keys} | {f"source:{number}"}
        values = 1.0 + (np.arange(len(_TIMES)) * number) % 7
        kind = "count" if is_count else "gauge"
        yield Series(metric=leaf.metric, times=_TIMES, values=values, tags=tags, kind=kind, space=space)


def _tags(scope: Scope) -> Iterator[str]:
    """Tags that match, as far as positive terms say them."""
    if isinstance(scope, Tag):
        yield (scope.key if scope.value is None else f"{scope.key}:{scope.value}").replace("*", "x").lower()
    elif isinstance(scope, Membership) and not scope.negated:
        yield f"{scope.key}:{scope.values[0]}".replace("*", "x").lower()
    elif isinstance(scope, Terms | AllOf):
        for operand in scope.operands:
            yield from _tags(operand)
    elif isinstance(scope, AnyOf):
        yield from _tags(scope.operands[0])


def _told(tell: Callable[[str], object]) -> None:
    found = outcomes()
    others = [each for each in found if not each.is_algorithm]
    algorithms = [each for each in found if each.is_algorithm]
    simulated = [each for each in others if not each.reason]
    seen = sum(bool(each.groups) for each in simulated)
    tell(f"monitors of metrics: {len(found)}, of them {len(algorithms)} ask an algorithm\n")
    tell(f"simulated of the others: {len(simulated)} of {len(others)}, {share(found):.1%}\n")
    tell(f"with a history that their scopes match: {seen}\n")
    tell(f"simulated of those with an algorithm: {sum(not each.reason for each in algorithms)}\n")
    for title, some in (("refused", others), ("refused with an algorithm", algorithms)):
        tell(f"\n{title}\n")
        reasons = sorted({each.reason for each in some if each.reason})
        for reason in reasons:
            queries = [" ".join(each.query.split()) for each in some if each.reason == reason]
            tell(f"  {len(queries):>3}  {reason}\n       {queries[0][:110]}\n")


if __name__ == "__main__":
    if not CORPUS.is_dir():
        sys.exit("the corpus of real queries, ../shared/corpus, is not on this machine")
    _told(sys.stdout.write)

"""Which findings are known already: from a file, or from another revision of the project.

A finding is known again wherever its line has moved to: by its rule, by what it is about, by its message and by the
text that it marks. Two that are equal in all of that need two entries. What is wrong with a file is known again in a
new one if the old one is gone: it was renamed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Annotated, Literal

import msgspec

from generator.finding import Finding
from generator.render.model import Rendering


class Known(msgspec.Struct, frozen=True, order=True):
    """`of` is `WORKSPACE/SERVICE/NAME` of the resource, or the path of the file; `context` the text that is marked."""

    of: str
    rule: str
    message: str
    context: str = ""


class Compared(msgspec.Struct, frozen=True):
    """`findings` are new; so many others were known, and so many known ones (`gone`) are found no more."""

    findings: tuple[Finding, ...]
    known: int
    gone: int


class UnusableBaseline(ValueError):  # noqa: N818  it is said of the file, not of us
    """Why the text holds no known findings."""


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    of: str
    rule: str
    message: str
    context: str = ""
    count: Annotated[int, msgspec.Meta(ge=1)] = 1


class _Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    findings: list[_Entry]


def identities(finding: Finding) -> tuple[Known, ...]:
    """One for each resource that it is about, whatever the environment."""
    excerpt = finding.excerpt
    context = excerpt.text[excerpt.start : excerpt.end] if excerpt else ""
    about = dict.fromkeys(each.rpartition("/")[0] for each in finding.tracking_ids) or (finding.span.path,)
    return tuple(Known(each, finding.rule, finding.message, context) for each in about)


def counted(findings: Iterable[Finding]) -> Counter[Known]:
    return Counter(known for finding in findings for known in identities(finding))


def compared(findings: Sequence[Finding], known: Counter[Known], paths: Collection[str]) -> Compared:
    """Findings that are new in at least one of the resources that they are about; `paths` are those of all files."""
    left = Counter(known)
    new = _beyond(findings, left, identities)
    gone = Counter({_anywhere(each): count for each, count in left.items() if _is_of_file_gone(each, paths)})
    further = _beyond(new, gone, _of_file)
    return Compared(tuple(further), len(findings) - len(further), left.total() - (len(new) - len(further)))


def _beyond(
    findings: Sequence[Finding], left: Counter[Known], named: Callable[[Finding], tuple[Known, ...]]
) -> list[Finding]:
    """Those that `left` does not hold; what it holds is taken from it."""
    new: list[Finding] = []
    for finding in findings:
        mine = named(finding)
        if mine and all(left[each] > 0 for each in mine):
            left.subtract(mine)
        else:
            new.append(finding)
    return new


def _of_file(finding: Finding) -> tuple[Known, ...]:
    return () if finding.tracking_ids else tuple(map(_anywhere, identities(finding)))


def _anywhere(known: Known) -> Known:
    return msgspec.structs.replace(known, of="")


def _is_of_file_gone(known: Known, paths: Collection[str]) -> bool:
    return known.of.endswith((".yaml", ".yml")) and known.of not in paths


def changed(before: Rendering, after: Rendering) -> frozenset[str]:
    """Tracking ids of what is rendered otherwise than before, or was not."""
    payloads = {(each.resource, each.tracking_id): each.payload for each in before.resources}
    return frozenset(
        each.tracking_id for each in after.resources if payloads.get((each.resource, each.tracking_id)) != each.payload
    )


def baseline_text(findings: Iterable[Finding]) -> str:
    """Known findings as JSON, one a line and in order, so that a change of the file can be read."""
    entries = [
        _Entry(known.of, known.rule, known.message, known.context, count)
        for known, count in sorted(counted(findings).items())
    ]
    lines = ",\n".join(msgspec.json.encode(each).decode() for each in entries)
    return f'{{"version": 1, "findings": [\n{lines}\n]}}\n'


def read_baseline(text: bytes) -> Counter[Known]:
    """Raises UnusableBaseline."""
    try:
        entries = msgspec.json.decode(text, type=_Baseline).findings
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnusableBaseline(str(error)) from error
    known: Counter[Known] = Counter()
    for each in entries:
        known[Known(each.of, each.rule, each.message, each.context)] += each.count
    return known

"""Drift in sentences, the same in every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.plan.edits import field_names
from generator.plan.model import Action, Drift

_BY_GIT = {Action.DELETE: "git has deleted it", Action.CREATE: "git has changed it"}


def drift_summary(drift: Sequence[Drift]) -> str:
    """How many there are, and how many of these git has changed too."""
    if not drift:
        return "No drift: what is live is what was applied."
    both = sum(each.is_conflict for each in drift)
    told = "1 live difference" if len(drift) == 1 else f"{len(drift):,} live differences"
    more = f", {both:,} of them where git has changed the same resource" if both else ""
    return f"{told} that git does not explain{more}."


def drift_verb(drift: Drift) -> str:
    what = "deleted" if drift.live is None else "edited"
    return f"{what}, changed in git too" if drift.is_conflict else what


def drift_sentences(drift: Drift) -> Iterator[str]:
    """What has happened, what git says, and what a sync does about it."""
    if drift.live is None:
        yield "It was applied, and Datadog no longer has it."
    elif drift.edited:
        yield f"It was edited{drift.edited}."
    if drift.action is not None:
        where = field_names(drift.wanted)
        yield f"{_BY_GIT.get(drift.action, 'git has changed it')}{where} since it was last applied."
        yield f"A sync stops for it: {_ways_out(drift)}."
    else:
        yield f"A sync leaves it alone: {_ways_out(drift)}."


def _ways_out(drift: Drift) -> str:
    keep = "remove it from the YAML" if drift.live is None else "keep the edit in the YAML"
    return f"{keep}, or give `--revert-drift {drift.tracking_id}`"


def conflict_words(drift: Drift) -> str:
    """Why a sync has held it."""
    named = f"`{drift.id}`" if drift.id else "it"
    happened = "is gone" if drift.live is None else f"was edited{field_names(drift.fields)}"
    by_git = _BY_GIT.get(drift.action or Action.UPDATE, "git has changed it")
    return (
        f"{named} {happened} since it was last applied{drift.edited}, and {by_git}{field_names(drift.wanted)}; "
        f"it was left alone: {_ways_out(drift)}"
    )

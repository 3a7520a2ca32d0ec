"""Live resources that somebody has edited, or may have, since this workspace last wrote them: nobody was shown that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.cli._agreeing import Review
from generator.cli._exits import Stop
from generator.cli._planning import Planned, Request
from generator.cli._project import load_revision
from generator.plan.desired import prepared
from generator.plan.edits import differing_fields, edit_words
from generator.plan.model import Action, Change
from generator.plan.options import PlanOptions
from generator.plan.state import is_rendered
from generator.resources.types import Payload, resource_types
from generator.sync.written import Written, is_as_written, last_written

BEFORE = "HEAD^"
"""What a push to main has most likely synced last."""

_OVERWRITING = frozenset((Action.UPDATE, Action.REPLACE, Action.DELETE))
Place = tuple[str, str]
"""Resource type, and Datadog or tracking id."""


@dataclass(frozen=True, slots=True)
class _Overwritten:
    """A change of what is live, and what this checkout has written of that, the latest first."""

    number: int
    change: Change
    live: Payload
    written: tuple[Written, ...]

    @property
    def is_as_written(self) -> bool:
        kind = resource_types()[self.change.resource]
        return any(is_as_written(kind, self.live, each) for each in self.written)


def unshown_edits(made: Planned, request: Request, review: Review) -> dict[int, str]:
    """By number: changes that would overwrite what nobody was shown.

    Where content was reviewed, it must be known that nothing else is lost: by the journals, or because what is live is
    what the revision before renders to. Where nobody has reviewed anything, an edit that is known is held.
    """
    if review is Review.PLAN:
        return {}
    found = [each for each in _overwritten(made, request, review) if not each.is_as_written]
    if review is Review.NOTHING:
        found = [each for each in found if each.written]
    elif found:
        found = list(_without_rendered(found, made, request))
    hint = f"review it: `toban plan --out FILE`, or `--expect {made.plan.digest}`"
    return {each.number: f"{_edit(each)}; it was left alone: {hint}" for each in found}


def _overwritten(made: Planned, request: Request, review: Review) -> Iterator[_Overwritten]:
    changes = enumerate(made.plan.changes)
    numbered = [
        (number, each) for number, each in changes if _overwrites(each, review) and not _was_looked_at(each, made)
    ]
    live = _live(made, {(change.resource, str(change.id)) for _, change in numbered})
    names = {(change.resource, name) for _, change in numbered for name in _names(change)}
    known = last_written(request.state, made.plan.target, names)
    for number, change in numbered:
        if (payload := live.get((change.resource, str(change.id)))) is not None:
            written = (each for name in _names(change) for each in known.get((change.resource, name), ()))
            yield _Overwritten(number, change, payload, tuple(written))


def _overwrites(change: Change, review: Review) -> bool:
    """An adoption overwrites what a person made, by intent; what it is was not shown with the content."""
    return change.action in _OVERWRITING or (change.action is Action.ADOPT and review is Review.CONTENT)


def _was_looked_at(change: Change, made: Planned) -> bool:
    """Where it is known what was last applied, the plan itself has set apart what somebody has edited since."""
    return any((change.resource, name) in made.known.payloads for name in _names(change))


def _names(change: Change) -> Iterator[str]:
    yield change.tracking_id
    if change.previous_id:
        yield change.previous_id


def _live(made: Planned, wanted: set[Place]) -> dict[Place, Payload]:
    kinds = {kind for kind, _ in wanted}
    all_of_them = ((kind, each) for kind in kinds for each in made.live.get(kind, ()))
    return {(kind, str(each["id"])): each for kind, each in all_of_them if (kind, str(each["id"])) in wanted}


def _without_rendered(found: Iterable[_Overwritten], made: Planned, request: Request) -> Iterator[_Overwritten]:
    before = _rendered_before(request)
    kinds = resource_types()
    borne = (
        (kinds[kind].tracking_id(each), str(each["id"])) for kind, rows in made.live.items() for each in rows if before
    )
    ids = {name: number for name, number in borne if name is not None}
    for each in found:
        kind = kinds[each.change.resource]
        payloads = (before.get((each.change.resource, name)) for name in _names(each.change))
        if not any(payload is not None and is_rendered(kind, payload, each.live, ids) for payload in payloads):
            yield each


def _rendered_before(request: Request) -> Mapping[Place, Payload]:
    """By tracking id what the revision before renders to; nothing where there is none, or no git."""
    try:
        _, rendering = load_revision(request.root, BEFORE)
    except Stop:
        return {}
    ready = prepared(rendering.resources, PlanOptions(workspace=rendering.workspace))
    return {(kind, each.tracking_id): each.payload for kind, rows in ready.by_type.items() for each in rows}


def _edit(overwritten: _Overwritten) -> str:
    change, live = overwritten.change, overwritten.live
    kind = resource_types()[change.resource]
    told = edit_words(kind, live)
    if not overwritten.written:
        return f"`{change.id}` may hold an edit that nobody was shown: this checkout has not written it{told}"
    last = overwritten.written[0]
    where = differing_fields(kind.comparable(last.payload, last.payload), kind.comparable(live, last.payload))
    return f"`{change.id}` was edited since the run {last.run} wrote it{where}{told}"

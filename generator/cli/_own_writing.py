"""What of the drift we have written since the record was made, so that it is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from generator.cli._applied import payloads_of
from generator.cli._exits import Stop
from generator.cli._revisions import revisions_since
from generator.sync.written import is_as_written, last_written

if TYPE_CHECKING:
    from generator.cli._planning import Request
    from generator.plan.model import Drift, Plan
    from generator.plan.order import Key
    from generator.resources.types import Payload
    from generator.sync.applied import Applied

    Live = Mapping[str, tuple[Payload, ...]]


def explained(plan: Plan, live: Live, known: Applied, request: Request) -> dict[Key, Any]:
    """Of the drift, what we have written since: by the journals of this checkout, or by a later revision of git.

    The payload that is live instead of the one that was last applied; none where it was not to be there.
    """
    found = dict(_by_journal(plan, live, known, request))
    rest = [each for each in plan.drift if _key(each) not in found]
    return found | (dict(_by_git(rest, live, known, request)) if rest else {})


def _key(drift: Drift) -> Key:
    return drift.resource, drift.applied_as


def _live_of(drift: Drift, live: Live) -> Payload | None:
    return next((each for each in live.get(drift.resource, ()) if str(each["id"]) == drift.id), None)


def _by_journal(plan: Plan, live: Live, known: Applied, request: Request) -> Iterator[tuple[Key, Any]]:
    from generator.resources.types import resource_types

    target = known.about.target
    names = {(each.resource, name) for each in plan.drift for name in (each.applied_as, each.tracking_id)}
    written = last_written(request.state, target, names)
    for each in plan.drift:
        payload = _live_of(each, live)
        kind = resource_types()[each.resource]
        for name in (each.applied_as, each.tracking_id):
            for one in written.get((each.resource, name), ()):
                if payload is not None and one.run > known.about.run and is_as_written(kind, payload, one):
                    yield _key(each), one.payload


def _by_git(drift: list[Drift], live: Live, known: Applied, request: Request) -> Iterator[tuple[Key, Any]]:
    """What a push has lost: a sync of a revision after the last that is known to be applied."""
    from generator.cli._project import load_revision
    from generator.plan.state import is_rendered
    from generator.resources.types import resource_types

    kinds = resource_types()
    borne = ((kinds[kind].tracking_id(each), str(each["id"])) for kind, rows in live.items() for each in rows)
    ids = {name: number for name, number in borne if name is not None}
    for revision in revisions_since(known.about.revision, request):
        try:
            _, rendering = load_revision(request.root, revision)
        except Stop:
            continue
        there = payloads_of(rendering.resources, rendering.workspace)
        for each in drift:
            payload, rendered = _live_of(each, live), there.get(_key(each))
            if payload is None or rendered is None:
                is_gone_in_both = payload is None and rendered is None and not rendering.findings
                yield from ((_key(each), None),) if is_gone_in_both else ()
            elif is_rendered(kinds[each.resource], rendered, payload, ids):
                yield _key(each), rendered

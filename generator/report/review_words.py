"""What two revisions differ in, in words: the same in every format."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from generator.explain.resource_words import explain_resource
from generator.message.handles import handles
from generator.plan.comparison import Comparison, Difference, Fate, Use, counts
from generator.report.change_lines import change_lines
from generator.report.past_effect import PastEffect, effect_words
from generator.report.visible import cut
from generator.resources.tracking import environment_of, is_tracking_id, service_of
from generator.resources.types import resource_types

SYMBOLS = {Fate.REMOVED: "-", Fate.REPLACED: "-/+", Fate.CHANGED: "~", Fate.CREATED: "+", Fate.MOVED: ">"}
BLOCKED = "As it is, this would stop the sync."
_MOST_USES = 10
_LONGEST_HEADLINE = 200


def summary_words(comparison: Comparison) -> str:
    """`1 removed, 2 changed, 120 unchanged.`, or that nothing differs."""
    found = counts(comparison)
    unchanged = found.pop("unchanged")
    told = [f"{number:,} {fate}" for fate, number in found.items() if number]
    if told:
        return f"{', '.join([*told, *([f'{unchanged:,} unchanged'] if unchanged else [])])}."
    if not unchanged:
        return "Nothing differs: there are no resources."
    return f"Nothing differs: {unchanged:,} {'resource is' if unchanged == 1 else 'resources are'} the same."


def counted_fates(differences: Sequence[Difference]) -> str:
    found = ((fate.value, sum(each.fate is fate for each in differences)) for fate in Fate)
    return ", ".join(f"{number:,} {fate}" for fate, number in found if number)


def most_important_first(differences: Sequence[Difference]) -> list[int]:
    """Positions: what is cut from a large review must not be what could hurt."""
    order = list(Fate)
    return sorted(range(len(differences)), key=lambda position: order.index(differences[position].fate))


def by_service(differences: Sequence[Difference], positions: Collection[int]) -> dict[str, list[int]]:
    """Positions of each service's differences in their order; services sorted."""
    return dict(sorted(_grouped(differences, sorted(positions)).items()))


def by_service_most_important_first(
    differences: Sequence[Difference], positions: Collection[int]
) -> dict[str, list[int]]:
    """The same, with what could hurt most in front: services and what is in them."""
    return _grouped(differences, [each for each in most_important_first(differences) if each in positions])


def _grouped(differences: Sequence[Difference], positions: Sequence[int]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for position in positions:
        groups.setdefault(service(differences[position]), []).append(position)
    return groups


def service(difference: Difference) -> str:
    return service_of(difference.tracking_id) if is_tracking_id(difference.tracking_id) else "(no service)"


def headline(difference: Difference) -> str:
    """What matters most of it, on one line; empty where its fate says it all."""
    fields = (line.text.removesuffix(":") for line in change_lines(difference.fields) if line.mark == "!")
    alerts = resource_types()[difference.resource].alerts
    told = (*_origins(difference), *_environment_words(difference, alerts=alerts), *fields)
    return cut("; ".join(told), _LONGEST_HEADLINE)


def difference_sentences(difference: Difference, effect: PastEffect | None = None) -> Iterator[str]:
    """Where it comes from, what it does, whom it notifies, what uses it, what it would have done, and notes."""
    yield from _origins(difference)
    yield from _comings_and_goings(difference)
    if effect is not None and (words := effect_words(effect)):
        yield words
    if difference.fate is Fate.REPLACED:
        yield "Datadog cannot change this in place: the new one has a new id, without the history and the mutes."
        if words := explain_resource(difference.resource, difference.after or {}):
            yield f"now: {words}"
    yield from (_use_words(use, difference.fate) for use in difference.uses[:_MOST_USES])
    if len(difference.uses) > _MOST_USES:
        yield f"used by {len(difference.uses) - _MOST_USES:,} more"
    yield from (f"note: {note}" for note in difference.notes)


def _origins(difference: Difference) -> Iterator[str]:
    if difference.previous_id:
        yield f"renamed from `{difference.previous_id}`"
    if difference.previous_path:
        yield f"moved from `{difference.previous_path}`"


def _comings_and_goings(difference: Difference) -> Iterator[str]:
    payload = {Fate.CREATED: difference.after, Fate.REMOVED: difference.before}.get(difference.fate)
    if payload is None:
        return
    alerts = resource_types()[difference.resource].alerts
    yield from _environment_words(difference, alerts=alerts)
    if words := explain_resource(difference.resource, payload):
        yield words
    if alerts:
        verb = "notifies" if difference.fate is Fate.CREATED else "notified"
        yield f"{verb} {', '.join(handles(str(payload.get('message') or ''))) or 'nobody'}"


def _environment_words(difference: Difference, *, alerts: bool) -> Iterator[str]:
    is_known = difference.fate in (Fate.CREATED, Fate.REMOVED) and is_tracking_id(difference.tracking_id)
    if not difference.siblings or not is_known:
        return
    here, others = environment_of(difference.tracking_id), ", ".join(difference.siblings)
    if difference.fate is Fate.CREATED:
        yield f"{'watches' if alerts else 'is in'} {here} too, as until now {others}"
    else:
        yield f"no longer {'watches' if alerts else 'in'} {here}; it stays in {others}"


def _use_words(use: Use, fate: Fate) -> str:
    who = f"{use.resource} `{use.tracking_id}`"
    if use.silences:
        return f"silenced by {who}, {'which goes too' if use.goes else 'which stays'}"
    if use.goes:
        return f"used by {who}, which goes too"
    if fate is Fate.REPLACED and use.remains:
        return f"used by {who}, which will name the new one"
    return f"used by {who}, {'which still names it' if use.remains else 'which no longer names it'}"

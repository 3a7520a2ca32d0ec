"""What two revisions differ in, in words: the same in every format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from generator.explain.resource_words import explain_resource
from generator.message.handles import handles
from generator.plan.comparison import Comparison, Difference, Fate, Use, counts
from generator.report.change_lines import change_lines
from generator.report.past_effect import NO_EFFECTS, Effects, effect_words
from generator.report.review_section import Section
from generator.report.visible import cut
from generator.resources.tracking import is_tracking_id
from generator.resources.types import resource_types

SYMBOLS = {Fate.REMOVED: "-", Fate.REPLACED: "-/+", Fate.CHANGED: "~", Fate.CREATED: "+", Fate.MOVED: ">"}
BLOCKED = "As it is, this would stop the sync."
_MOST_USES = 10
_LONGEST_HEADLINE = 200


def summary_words(comparison: Comparison) -> str:
    """`1 removed, 2 changed, 120 unchanged.`, or that nothing differs."""
    return counts_words(counts(comparison))


def counts_words(found: Mapping[str, int]) -> str:
    """The same of the numbers alone."""
    unchanged = found["unchanged"]
    if any(number for fate, number in found.items() if fate != "unchanged"):
        return f"{fates_words(found)}."
    if not unchanged:
        return "Nothing differs: there are no resources."
    return f"Nothing differs: {unchanged:,} {'resource is' if unchanged == 1 else 'resources are'} the same."


def counted_fates(differences: Sequence[Difference]) -> str:
    return fates_words({fate.value: sum(each.fate is fate for each in differences) for fate in Fate})


def fates_words(found: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {fate}" for fate, number in found.items() if number)


def environment_names(section: Section, shown: Callable[[str], str]) -> str:
    """` in production, alike in staging`; empty where it is told of one, whose name its tracking id has."""
    return alike_in(section.environments, shown)


def alike_in(environments: Sequence[str], shown: Callable[[str], str]) -> str:
    first, *others = map(shown, environments)
    return f" in {first}, alike in {', '.join(others)}" if others else ""


def headline(section: Section) -> str:
    """What matters most of it, on one line; empty where its fate says it all."""
    fields = (line.text.removesuffix(":") for line in change_lines(section.first.fields) if line.mark == "!")
    told = (*_origins(section.first), *_environment_words(section), *fields)
    return cut("; ".join(told), _LONGEST_HEADLINE)


def section_sentences(section: Section, effects: Effects = NO_EFFECTS) -> Iterator[str]:
    """Where it comes from, what it does, whom it notifies, what uses it, what it would have done, and notes."""
    first = section.first
    yield from _origins(first)
    yield from _comings_and_goings(section)
    yield from effect_sentences(section, effects)
    if first.fate is Fate.REPLACED:
        yield "Datadog cannot change this in place: the new one has a new id, without the history and the mutes."
        if words := explain_resource(first.resource, first.after or {}):
            yield f"now: {words}"
    uses = dict.fromkeys(_use_words(use, first.fate) for each in section.differences for use in each.uses)
    yield from list(uses)[:_MOST_USES]
    if len(uses) > _MOST_USES:
        yield f"used by {len(uses) - _MOST_USES:,} more"
    yield from (f"note: {note}" for note in first.notes)


def effect_sentences(section: Section, effects: Effects) -> Iterator[str]:
    found = (effects.get(each.tracking_id) for each in section.differences)
    yield from _by_environment(section, [effect_words(effect) if effect else "" for effect in found])


def _by_environment(section: Section, told: Sequence[str]) -> Iterator[str]:
    """Once where it is the same in each environment, else with the names of those of which it is said."""
    names: dict[str, list[str]] = {}
    for text, environment in zip(told, section.environments, strict=True):
        names.setdefault(text, []).append(environment)
    for text, where in names.items():
        if text:
            yield text if len(names) == 1 else f"in {', '.join(where)}: {text}"


def _origins(difference: Difference) -> Iterator[str]:
    if difference.previous_id:
        yield f"renamed from `{difference.previous_id}`"
    if difference.previous_path:
        yield f"moved from `{difference.previous_path}`"


def _comings_and_goings(section: Section) -> Iterator[str]:
    first = section.first
    payloads = [{Fate.CREATED: each.after, Fate.REMOVED: each.before}.get(each.fate) for each in section.differences]
    if payloads[0] is None:
        return
    yield from _environment_words(section)
    if words := explain_resource(first.resource, payloads[0]):
        yield words
    if resource_types()[first.resource].alerts:
        verb = "notifies" if first.fate is Fate.CREATED else "notified"
        told = (", ".join(handles(str((each or {}).get("message") or ""))) for each in payloads)
        yield from _by_environment(section, [f"{verb} {each or 'nobody'}" for each in told])


def _environment_words(section: Section) -> Iterator[str]:
    first = section.first
    is_known = first.fate in (Fate.CREATED, Fate.REMOVED) and is_tracking_id(first.tracking_id)
    if not first.siblings or not is_known:
        return
    alerts = resource_types()[first.resource].alerts
    here, others = (", ".join(names) for names in (section.environments, first.siblings))
    if first.fate is Fate.CREATED:
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

"""What the YAML would say of an edited monitor: a guess, which is rendered to see whether it is that edit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.message.writing import Apart, handles_apart
from generator.render.entries import Entry
from generator.render.filling import filled
from generator.render.monitors import kinds
from generator.render.templates import rendered

Fields = Mapping[str, Any]
_LOOKUP = re.compile(r"<<[^<>]{1,200}>>")


def edited_fields(entry: Entry, before: Fields, after: Fields) -> Iterator[dict[str, Any]]:
    """The fields that differ, by `before` and `after`, two normal forms: with the look-ups that they had, and without.

    Of tags those that came, since they add up over the layers.
    """
    kind = kinds()[str(entry.fields["kind"])]
    is_filled = kind.is_templated or entry.fields.get("template") is True
    written = filled(entry.fields, entry.variables, entry.layers) if is_filled else dict(entry.fields)
    if isinstance(written, tuple):
        return
    own = getattr(kind.module, "fields_of", _none)
    plain = {
        **_differing(own(before, written), own(after, written)),
        **_differing(_plain(before), _plain(after)),
        **_name(before, after, written),
        **_tags(before, after),
    }
    for message in _messages(str(before.get("message", "")), str(after.get("message", "")), written):
        values = {**plain, **message}
        looking_up = {name: _with_lookups(value, name, entry, written) for name, value in values.items()}
        if is_filled and looking_up != values:
            yield looking_up
        if values:
            yield values


def _none(_monitor: Fields, _written: Fields) -> Fields:
    return {}


def _plain(form: Fields) -> Fields:
    return {name: form[name] for name in ("priority",) if name in form}


def _differing(before: Fields, after: Fields) -> dict[str, Any]:
    """Key by key; what is gone becomes the empty value of its type, as a layer takes nothing away."""
    gone = {key: _emptied(value) for key, value in before.items() if key not in after}
    changed = {
        key: _differing(before[key], value) if isinstance(value, dict) and isinstance(before.get(key), dict) else value
        for key, value in after.items()
        if key not in before or before[key] != value
    }
    return {**changed, **gone}


def _emptied(value: Any) -> Any:
    return {key: _emptied(each) for key, each in value.items()} if isinstance(value, dict) else type(value)()


def _name(before: Fields, after: Fields, written: Fields) -> dict[str, Any]:
    """Without what a kind adds to the name of its second monitor."""
    was, now = str(before.get("name")), str(after.get("name"))
    own = written.get("name")
    suffix = was[len(own) :] if isinstance(own, str) and was.startswith(own) else ""
    return {} if was == now else {"name": now.removesuffix(suffix)}


def _tags(before: Fields, after: Fields) -> dict[str, Any]:
    was, now = before.get("tags"), after.get("tags")
    if not isinstance(was, list) or not isinstance(now, list):
        return {}
    more = [tag for tag in now if tag not in was]
    return {"tags": more} if more else {}


def _messages(before: str, after: str, written: Fields) -> Iterator[dict[str, Any]]:
    """The text that people write, or whom it tells, or both."""
    if before == after:
        yield {}
        return
    text = str(written.get("message", "")).strip()
    own = _own_text(before, after, text)
    if own is not None:
        yield {"message": own}
    was, now = handles_apart(before), handles_apart(after)
    own = _own_text(was.text, now.text, text)
    told = {"message": now.text if own is None else own} if was.text != now.text else {}
    if (was.notify, was.urgent) != (now.notify, now.urgent):
        yield {**told, **_told(now, str(written.get("urgent", "")).split())}
    elif told:
        yield told


def _told(now: Apart, paged: Sequence[str]) -> dict[str, str]:
    """Whom it tells; a kind that tells of alerts only has all of them in one conditional.

    An environment's `notify` replaces `urgent` too, which cannot be said to be nobody.
    """
    notify, urgent = now.notify, now.urgent
    if not notify:
        notify = tuple(each for each in now.urgent if each not in paged)
        urgent = tuple(each for each in now.urgent if each in paged)
    return {name: " ".join(words) for name, words in (("notify", notify), ("urgent", urgent)) if words}


def _own_text(before: str, after: str, text: str) -> str | None:
    """What stands in place of the text, between what stands around it."""
    at = before.find(text)
    if at < 0:
        return None
    start, end = before[:at], before[at + len(text) :]
    fits = after.startswith(start) and after.endswith(end) and len(after) >= len(start) + len(end)
    return after[len(start) : len(after) - len(end)].strip() if fits else None


def _with_lookups(value: Any, name: str, entry: Entry, written: Fields) -> Any:
    """The text with the look-ups of the one that it replaces, where what they gave stands as often as before."""
    source, was = entry.fields.get(name), written.get(name)
    if not (isinstance(value, str) and isinstance(source, str) and isinstance(was, str)):
        return value
    for lookup in sorted(set(_LOOKUP.findall(source))):
        found = rendered(lookup, entry.variables)
        if isinstance(found, str) and found and source.count(lookup) == was.count(found) == value.count(found):
            value = value.replace(found, lookup)
    return value

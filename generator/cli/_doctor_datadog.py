"""Keys, permissions and clock: what Datadog answers to calls that change nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from generator.cli._doctor_check import Check, of_stop, ok, problem, warning
from generator.cli._exits import Stop
from generator.cli._keys import keys
from generator.cli._secrets import NAMES
from generator.cli._target import described, opened_target
from generator.datadog.diagnosis import PROBES, Asked, Diagnosis, Verdict, application_key_refusals
from generator.datadog.errors import ApiError
from generator.datadog.target import Target

_MOST_SKEW = timedelta(seconds=60)
_API_KEY, _APPLICATION_KEY = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{40}")
_OTHER_NAMES = {"DD_API_KEY": "DATADOG_API_KEY", "DD_APP_KEY": "DATADOG_APP_KEY"}


def datadog_checks(root: Path, api_url: str | None, *, local: bool, writes: bool) -> Iterator[Check]:
    """`writes` asks whether the keys may write, by updating what does not exist."""
    try:
        given = None if local else keys()
        if not (given or local or api_url):
            yield _no_keys()
            return
        with opened_target(root, api_url, local=local) as target:
            yield from _key_checks(given, target)
            yield from _answer_checks(Diagnosis(target), writes=writes)
    except Stop as stop:
        yield of_stop("keys", stop)
    except ApiError as error:
        yield problem("keys", str(error), "see DD_SITE, --api-url and the keys")


def _no_keys() -> Check:
    other = [name for name, other in _OTHER_NAMES.items() if os.environ.get(other)]
    if other:
        names = " and ".join(_OTHER_NAMES[name] for name in other)
        return warning("keys", f"{names} is set, which toban does not read", f"name it {' and '.join(other)}")
    hint = f"set {' and '.join(NAMES)} (and DD_SITE); --local checks the embedded local Datadog"
    return warning("keys", "none are set: `--local`, `--base`, lint and test need none, plan and sync do", hint)


def _key_checks(given: tuple[str, str] | None, target: Target) -> Iterator[Check]:
    if given and _APPLICATION_KEY.fullmatch(given[0]) and _API_KEY.fullmatch(given[1]):
        yield problem("keys", "the API key and the application key look exchanged", f"exchange {' and '.join(NAMES)}")
    elif given:
        yield ok("keys", f"both are set, for {described(target)}")
    else:
        yield ok("keys", f"none are needed for {described(target)}")


def _answer_checks(diagnosis: Diagnosis, *, writes: bool) -> Iterator[Check]:
    before = datetime.now(UTC)
    valid = diagnosis.api_key()
    yield _api_key_check(valid)
    if valid.verdict is Verdict.UNREACHABLE:
        return
    yield from _clock_checks(valid, before, datetime.now(UTC))
    if valid.verdict is Verdict.REFUSED:
        return
    reads = tuple(diagnosis.reads(probe) for probe in PROBES)
    refusals = application_key_refusals(reads)
    if refusals:
        yield _wrong_application_key(refusals)
        return
    yield from (
        _scope_check(probe.words, probe.reading, asked, needed=True) for probe, asked in zip(PROBES, reads, strict=True)
    )
    if writes:
        writable = [each for each in PROBES if each.writing]
        yield from (_scope_check(each.words, each.writing, diagnosis.writes(each), needed=False) for each in writable)


def _wrong_application_key(refusals: Sequence[Asked]) -> Check:
    """Datadog has no validation of an application key alone, and refuses one that lacks a scope in the same words."""
    text = f"Datadog refuses it, or it has none of the scopes: {len(refusals)} calls of {len(PROBES)} were refused, "
    hint = (
        "copy it again from Personal Settings, or the service account, > Application Keys: it is of the "
        "organisation of the API key, and ends with its owner; a restricted one needs the scopes "
        f"{', '.join(dict.fromkeys(each.reading for each in PROBES))}"
    )
    return problem("application key", f"{text}such as {refusals[0].words}", hint)


def _api_key_check(asked: Asked) -> Check:
    if asked.verdict is Verdict.TAKEN:
        return ok("api key", "Datadog takes it")
    if asked.verdict is Verdict.REFUSED:
        hint = "copy it again from Organization Settings > API Keys, and see that DD_SITE is the site of that account"
        return problem("api key", f"Datadog refuses it: {asked.words}", hint)
    hint = "see the network, a proxy, and the address" if asked.verdict is Verdict.UNREACHABLE else "try again later"
    return problem("api key", f"it could not be checked: {asked.words}", hint)


def _scope_check(words: str, scope: str, asked: Asked, *, needed: bool) -> Check:
    name = f"{'read' if needed else 'write'} {words}"
    if asked.verdict is Verdict.TAKEN:
        return ok(name, f"allowed ({scope})")
    if asked.verdict is Verdict.REFUSED:
        hint = f"give the application key, and the role of its owner, the scope {scope}"
        tell = problem if needed else warning
        return tell(name, f"refused: {asked.words}", hint)
    return warning(name, f"it could not be checked: {asked.words}", "try again later")


def _clock_checks(asked: Asked, before: datetime, after: datetime) -> Iterator[Check]:
    """Downtimes and silences are sent as times: a clock that is wrong mutes at the wrong time."""
    theirs = _moment(asked.date)
    if theirs is None:
        return
    skew = max(before - theirs, theirs - after, timedelta(0))
    if skew > _MOST_SKEW:
        way = "ahead of" if theirs < before else "behind"
        text = f"this machine's clock is {int(skew.total_seconds()):,} s {way} Datadog's"
        yield problem("clock", text, "set it by NTP: downtimes would begin at the wrong time")
    else:
        yield ok("clock", "within a minute of Datadog's")


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)

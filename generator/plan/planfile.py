"""A plan as a file: what was reviewed is what `toban sync FILE` carries out."""

from __future__ import annotations

import msgspec

from generator.plan.digest import digest
from generator.plan.model import Plan

VERSION = 1


class UnusablePlan(ValueError):  # noqa: N818 - the name says what is known
    """The text is no plan, one of another version, or one that was changed after it was made."""


class _PlanFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    plan: Plan


class _Versioned(msgspec.Struct, frozen=True):
    version: int


def encoded(plan: Plan) -> str:
    """JSON text, the same for the same plan."""
    return msgspec.json.format(msgspec.json.encode(_PlanFile(VERSION, plan), order="sorted"), indent=1).decode() + "\n"


def decoded(text: str) -> Plan:
    """The plan of a file; raises UnusablePlan."""
    try:
        version = msgspec.json.decode(text, type=_Versioned).version
        if version != VERSION:
            raise UnusablePlan(f"it has version {version}, and this toban reads version {VERSION}")
        plan = msgspec.json.decode(text, type=_PlanFile).plan
    except (msgspec.DecodeError, RecursionError) as error:
        raise UnusablePlan(f"it cannot be read: {error}") from error
    if digest(plan.changes) != plan.digest:
        raise UnusablePlan("its changes are not those that its digest was made of, so it was changed by hand")
    return plan

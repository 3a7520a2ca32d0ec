"""A plan as a file: what was reviewed is what `toban sync FILE` carries out."""

from __future__ import annotations

import hashlib

import msgspec

from generator.plan.desired import DEEPEST, is_too_deep
from generator.plan.digest import signed
from generator.plan.model import Plan

VERSION = 1


class UnusablePlan(ValueError):  # noqa: N818 - the name says what is known
    """The text is no plan, one of another version, or one that was changed after it was made."""


class _PlanFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`checksum` covers the whole plan, so that a slip of the hand is told; it keeps nobody from forging one."""

    version: int
    checksum: str
    plan: Plan


class _Versioned(msgspec.Struct, frozen=True):
    version: int


def encoded(plan: Plan) -> str:
    """JSON text, the same for the same plan."""
    file = _PlanFile(VERSION, _checksum(plan), plan)
    return msgspec.json.format(msgspec.json.encode(file, order="sorted"), indent=1).decode() + "\n"


def _checksum(plan: Plan) -> str:
    return hashlib.sha256(msgspec.json.encode(plan, order="sorted")).hexdigest()


def decoded(text: str) -> Plan:
    """The plan of a file; raises UnusablePlan."""
    try:
        version = msgspec.json.decode(text, type=_Versioned).version
        if version != VERSION:
            raise UnusablePlan(f"it has version {version}, and this toban reads version {VERSION}")
        file = msgspec.json.decode(text, type=_PlanFile)
    except (msgspec.DecodeError, RecursionError) as error:
        raise UnusablePlan(f"it cannot be read: {error}") from error
    if any(is_too_deep([change.before, change.after]) for change in file.plan.changes):
        raise UnusablePlan(f"it is nested more than {DEEPEST} levels deep")
    if _checksum(file.plan) != file.checksum:
        raise UnusablePlan("it is not what its checksum was made of, so it was changed by hand")
    if signed(file.plan).digest != file.plan.digest:
        raise UnusablePlan("its changes are not those of its digest, by which it was reviewed")
    return file.plan

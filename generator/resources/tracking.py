"""The tracking id `WORKSPACE/SERVICE/NAME/ENVIRONMENT` that says which YAML a live resource belongs to."""

from __future__ import annotations

import re

TAG_KEY = "toban_id"
OWNER_TAG = "managed_by:toban"
LONGEST_ID = 200 - len(TAG_KEY) - 1
"""A Datadog tag holds 200 characters, key and colon included."""

_PART = r"[a-z0-9][a-z0-9._-]*"
TRACKING_ID = re.compile(rf"{_PART}/{_PART}/{_PART}/{_PART}")


def is_tracking_id(text: str) -> bool:
    return len(text) <= LONGEST_ID and TRACKING_ID.fullmatch(text) is not None


def workspace_of(tracking_id: str) -> str:
    return tracking_id.partition("/")[0]


def service_of(tracking_id: str) -> str:
    return tracking_id.split("/")[1]


def environment_of(tracking_id: str) -> str:
    return tracking_id.rpartition("/")[2]

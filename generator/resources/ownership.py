"""The marks by which other tools claim a resource."""

from __future__ import annotations

from generator.resources.tracking import OWNER_TAG

_OWNER_KEYS = frozenset(("managed_by", "managed-by", "managedby"))
_ORIGIN_KEYS = frozenset(("created_by", "created-by", "provisioner", "provisioned_by"))
_TOOLS = frozenset(
    ("terraform", "opentofu", "pulumi", "kennel", "datadog-sync", "crossplane", "ansible", "cloudformation")
)
_OWNER_TAGS = {
    "generated:kubernetes": "datadog-operator",
    "terraform:true": "terraform",
    "terraform:managed": "terraform",
    "terraform": "terraform",
    "pulumi:true": "pulumi",
}
_OWNER_TEXTS = {"-- Managed by kennel": "kennel"}


def owner_in_tags(tags: object) -> str | None:
    """Name who a tag such as `managed_by:terraform` says manages this; `created_by:` counts where it names a tool."""
    for tag in tags if isinstance(tags, list) else ():
        if not isinstance(tag, str):
            continue
        lowered = tag.lower()
        key, _, value = lowered.partition(":")
        if lowered in _OWNER_TAGS:
            return _OWNER_TAGS[lowered]
        if lowered == OWNER_TAG:
            continue
        if key in _OWNER_KEYS or (key in _ORIGIN_KEYS and value in _TOOLS):
            return value or key
    return None


def owner_in_text(text: object) -> str | None:
    if not isinstance(text, str):
        return None
    return next((tool for marker, tool in _OWNER_TEXTS.items() if marker in text), None)

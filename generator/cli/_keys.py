"""Where the keys come from: the environment itself, a file, or AWS."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from generator.cli._exits import USAGE, Stop
from generator.cli._secrets import LONGEST_FILE, NAMES, remember
from generator.datadog.blotting import BLOT, without_likely_keys


def keys() -> tuple[str, str] | None:
    """API key and application key; None where neither is set in any way."""
    given = {name: _source(name) for name in NAMES}
    missing = [name for name, source in given.items() if source is None]
    if len(missing) == len(NAMES):
        return None
    if missing:
        raise Stop(f"{missing[0]} is not set, but the other key is", hint="set both keys, or neither", code=USAGE)
    api_key, application_key = (source() for source in given.values() if source is not None)
    remember(api_key, application_key)
    return api_key, application_key


def _source(name: str) -> Callable[[], str] | None:
    ways = {suffix: os.environ.get(f"{name}{suffix}", "").strip() for suffix in ("", "_FILE", "_FROM")}
    used = [f"{name}{suffix}" for suffix, text in ways.items() if text]
    if len(used) > 1:
        raise Stop(f"{' and '.join(used)} are both set", hint="keep one of them", code=USAGE)
    if ways["_FILE"]:
        return lambda: _of_file(f"{name}_FILE", Path(ways["_FILE"]))
    if ways["_FROM"]:
        return lambda: _of_aws(f"{name}_FROM", ways["_FROM"])
    return (lambda: ways[""]) if used else None


def _of_file(variable: str, path: Path) -> str:
    shown = _shown(str(path))
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(LONGEST_FILE + 1).strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise Stop(f"{variable}: `{shown}` cannot be read: {reason}", hint=_hint(variable, shown), code=USAGE) from None
    if not text or len(text) > LONGEST_FILE or "\0" in text:
        raise Stop(f"{variable}: `{shown}` holds no key", hint="write the key alone into it", code=USAGE)
    return text


def _of_aws(variable: str, reference: str) -> str:
    from generator.aws.secrets import SecretUnreadable, secret

    try:
        return secret(reference).strip()
    except SecretUnreadable as error:
        hint = _hint(variable, _shown(reference)) or error.hint
        raise Stop(f"{variable}: {_shown(str(error))}", hint=hint, code=USAGE) from None


def _shown(text: str) -> str:
    """A key may have been put where its place is to be told."""
    return without_likely_keys(text, *(os.environ.get(name, "").strip() for name in NAMES))


def _hint(variable: str, shown: str) -> str:
    name = variable.rpartition("_")[0]
    return f"a key itself belongs into {name}; {variable} says where one is" if BLOT in shown else ""

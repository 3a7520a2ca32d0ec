"""Which Datadog a command speaks to."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from generator.cli._console import somebody_is_there
from generator.cli._exits import USAGE, Stop
from generator.cli._files import STATE, state_folder
from generator.cli._keys import keys
from generator.datadog.surroundings import certificates, proxy_for
from generator.datadog.target import Target, site_url

_LOCAL_KEY = "no-key"
"""Too short to be blotted out of what a monitor says."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@contextlib.contextmanager
def opened_target(root: Path, api_url: str | None, *, local: bool) -> Iterator[Target]:
    """`--api-url`, else the keys of the environment, else, at a terminal only, the embedded local Datadog."""
    if local and api_url:
        raise Stop("`--local` and `--api-url` are two targets", hint="give one of them", code=USAGE)
    given = None if local else keys()
    if api_url:
        yield _at_url(api_url, given)
    elif given:
        yield _reached(site_url(os.environ.get("DD_SITE") or "datadoghq.com", *given), given)
    elif local or somebody_is_there():
        with _embedded(root) as target:
            yield target
    else:
        raise Stop(
            "no Datadog to speak to: neither DD_API_KEY nor DD_APP_KEY is set, and nobody is at a terminal",
            hint="set both keys (and DD_SITE), or give --local for the embedded local Datadog",
            code=USAGE,
        )


def _at_url(api_url: str, given: tuple[str, str] | None) -> Target:
    if given is None and _host(api_url) not in (*_LOOPBACK, None):
        raise Stop("DD_API_KEY and DD_APP_KEY are not set", hint="set both keys", code=USAGE)
    return _reached(api_url.rstrip("/"), given or (_LOCAL_KEY, _LOCAL_KEY))


def _reached(url: str, given: tuple[str, str]) -> Target:
    """By the way that the surroundings name; there is none to this machine itself."""
    is_encrypted = url.startswith("https:")
    return Target(
        url,
        *given,
        proxy=proxy_for(url, os.environ),
        certificates=certificates(os.environ) if is_encrypted else None,
    )


def _host(api_url: str) -> str | None:
    """None where there is none, or the address cannot be read: Target says what is wrong with it."""
    try:
        return urlsplit(api_url).hostname
    except ValueError:
        return None


@contextlib.contextmanager
def _embedded(root: Path) -> Iterator[Target]:
    from generator.localdog.server import embedded
    from generator.localdog.store import DatabaseUnusable

    state = state_folder(root)
    try:
        with embedded(state / "local.db") as url:
            yield Target(url, _LOCAL_KEY, _LOCAL_KEY, is_local=True)
    except DatabaseUnusable as error:
        raise Stop(str(error)) from error


def described(target: Target) -> str:
    """Where a plan was made, for people."""
    return f"local Datadog ({STATE}/local.db)" if target.is_local else target.url

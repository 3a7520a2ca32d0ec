"""Where a new repository's toban comes from: never a name, which anybody may register at an index, but a content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from generator.source.wording import shown

CHOICES = """it is one of
    git+https://HOST/OWNER/toban@COMMIT, with the whole commit
    https://HOST/…/toban-VERSION-py3-none-any.whl#sha256=DIGEST, as SHA256SUMS of a release has it
    the path of such a wheel, which is then copied into the repository"""
FOLDER = "vendor"
"""Where a repository keeps the wheel that it was given as a file."""

# Neither blanks nor `#`, which end a line of requirements; nor `$`, which pip replaces; nor `@`, before which stand
# passwords and after which stand revisions.
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~+%-]+)+")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WHEEL = re.compile(r"toban-[0-9][A-Za-z0-9.!+_]*-py3-none-any\.whl")
_SSH = re.compile(r"(?:ssh://)?git@([A-Za-z0-9.-]+)[:/]([A-Za-z0-9._~/-]+)")


@dataclass(frozen=True, slots=True)
class Source:
    """`requirement` is a line for pip."""

    requirement: str
    words: str


@dataclass(frozen=True, slots=True)
class Unpinned:
    """Why there is nothing that could be installed without trusting a name."""

    message: str


def written_source(text: str) -> Source | Unpinned:
    """What a person named, unless it is a file."""
    if text.startswith("git+"):
        repository, _, commit = text.removeprefix("git+").rpartition("@")
        return of_commit(repository, commit)
    address, _, fragment = text.partition("#")
    return of_address(address, fragment.removeprefix("sha256="))


def of_commit(repository: str, commit: str) -> Source | Unpinned:
    """A branch or a tag may become another commit, so only a whole commit counts."""
    address = over_https(repository)
    if not _COMMIT.fullmatch(commit):
        return Unpinned(f"{shown(commit)} is no whole git commit, and what is shorter or has a name can change")
    if not _ADDRESS.fullmatch(address):
        return Unpinned(f"{_told(repository)} is no address of a git repository by https:// and without a password")
    return Source(f"toban @ git+{address}@{commit}", f"commit {commit[:12]} of {address}")


def of_address(address: str, sha256: str) -> Source | Unpinned:
    """A wheel that anybody can fetch; its digest makes it the one that was meant."""
    name = wheel_name(address)
    if not _ADDRESS.fullmatch(address) or not name:
        return Unpinned(f"{_told(address)} is no address of a wheel of toban by https:// and without a password")
    if not _DIGEST.fullmatch(sha256):
        return Unpinned(
            f"the SHA-256 of {_told(address)} is not known, and without it another file could take its place"
        )
    return Source(f"toban @ {address} --hash=sha256:{sha256}", f"{name} of {address.rpartition('/')[0]}/")


def of_file(name: str, sha256: str) -> Source | Unpinned:
    """A wheel that the repository keeps itself."""
    if not wheel_name(name):
        return Unpinned(f"{shown(name)} is no wheel of toban")
    return Source(f"./{FOLDER}/{name} --hash=sha256:{sha256}", f"{FOLDER}/{name}, a copy that is committed")


def wheel_name(address: str) -> str:
    """Its last part; empty where it is no wheel of toban."""
    last = unquote(address.rpartition("/")[2])
    return last if _WHEEL.fullmatch(last) else ""


def over_https(repository: str) -> str:
    """A runner has no key for SSH; a commit is the same one by either way."""
    ssh = _SSH.fullmatch(repository)
    return f"https://{ssh[1]}/{ssh[2].lstrip('/')}" if ssh else repository


def _told(address: str) -> str:
    """Without a password."""
    scheme, separator, rest = address.rpartition("://")
    return shown(f"{scheme}{separator}{rest.rpartition('@')[2]}", 100)

"""GitHub's REST API, as far as comments, issues and code scanning need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
import urllib3

SECONDS = 30.0
PAGE = 100
MOST_PAGES = 50
LONGEST_REASON = 300
_LOOPBACK = ("127.0.0.1", "localhost")


class GitHubRefused(Exception):  # noqa: N818  it says what is known
    """GitHub could not be asked, or has refused with an HTTP `status`. Its text never holds the token."""

    def __init__(self, why: str, status: int | None = None) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository, and the token to write to it."""

    api_url: str
    name: str
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.api_url)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise GitHubRefused(f"`{self.api_url}` would send the token unencrypted; GITHUB_API_URL begins https://")
        owner, _, name = self.name.partition("/")
        if not _is_name(owner) or not _is_name(name):
            raise GitHubRefused("GITHUB_REPOSITORY is no name of a repository; it is OWNER/NAME")
        if not self.token.isascii() or not self.token.isprintable() or " " in self.token:
            raise GitHubRefused("GITHUB_TOKEN has a character that no token has; copy it again")

    def read(self, path: str, **parameters: str) -> Any:
        query = f"?{urlencode(parameters)}" if parameters else ""
        return self._asked("GET", f"{path}{query}")

    def rows(self, path: str, **parameters: str) -> Iterator[Mapping[str, Any]]:
        """Every row of a list, page by page."""
        for page in range(1, MOST_PAGES + 1):
            found = self.read(path, **parameters, per_page=str(PAGE), page=str(page))
            if not isinstance(found, list):
                raise GitHubRefused(f"GET {path} was answered without a list")
            yield from (each for each in found if isinstance(each, dict))
            if len(found) < PAGE:
                return
        raise GitHubRefused(f"GET {path} has more than {MOST_PAGES * PAGE:,} rows")

    def write(self, method: str, path: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send once: a write that may have happened is not repeated."""
        found = self._asked(method, path, msgspec.json.encode(content))
        return found if isinstance(found, dict) else {}

    def _asked(self, method: str, path: str, body: bytes | None = None) -> Any:
        call = f"{method} {path.partition('?')[0]}"
        try:
            answer = urllib3.request(
                method, f"{self.api_url.rstrip('/')}/repos/{self.name}{path}", body=body, headers=self._headers(),
                timeout=SECONDS, retries=False, redirect=False,
            )  # fmt: skip
        except urllib3.exceptions.HTTPError as error:
            reason, status = f"{call} got no answer: {type(error).__name__}", None
        else:
            if 200 <= answer.status < 300:
                return _decoded(answer.data, call)
            reason, status = f"{call} was refused with {answer.status}: {_reason(answer.data)}", answer.status
        # Raised out here without a context: the frames of urllib3 hold the headers, and with them the token.
        raise GitHubRefused(reason.replace(self.token, "***") if self.token else reason, status)

    def _headers(self) -> dict[str, str]:
        return {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "User-Agent": "toban",
            "X-GitHub-Api-Version": "2022-11-28",
        }


def _is_name(text: str) -> bool:
    return bool(text) and text.isascii() and text.replace("-", "").replace("_", "").replace(".", "").isalnum()


def _decoded(content: bytes, call: str) -> Any:
    try:
        return msgspec.json.decode(content) if content else None
    except msgspec.DecodeError as error:
        raise GitHubRefused(f"{call} was answered, but not in JSON") from error


def _reason(content: bytes) -> str:
    try:
        found = msgspec.json.decode(content)
    except msgspec.DecodeError:
        found = None
    told = str(found.get("message", "")) if isinstance(found, dict) else ""
    return "".join(each if each.isprintable() else " " for each in told[:LONGEST_REASON]) or "no reason given"

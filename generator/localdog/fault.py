"""What can go wrong on request: scenarios as people write them in YAML, and as the admin endpoint takes them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import yaml
from msgspec import Meta

Read = TypeVar("Read")
MAX_TEXT = 256 * 1024
Seconds = Annotated[float, Meta(ge=0, le=600)]
Count = Annotated[int, Meta(ge=1)]
Share = Annotated[float, Meta(ge=0, le=1)]
# What comes of a time-out before the gateway's own: Datadog's edge answers 512 when writes queue up.
Status = Annotated[int, Meta(ge=200, le=599)]


class ScenarioUnreadable(Exception):  # noqa: N818 reads as what it says
    """The text is no scenario; the words tell a person where and why."""


class Delay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One of: any time between two alike; a mean and a deviation; mostly short and now and then long, by its mean."""

    uniform: tuple[Seconds, Seconds] | None = None
    normal: tuple[Seconds, Seconds] | None = None
    exponential: Seconds | None = None

    def __post_init__(self) -> None:
        given = [name for name in self.__struct_fields__ if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("a delay is a number of seconds or one of uniform, normal, exponential")
        if self.uniform is not None and self.uniform[0] > self.uniform[1]:
            raise ValueError(f"uniform is [shortest, longest], found {list(self.uniform)}")


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which requests are meant, and which of those that match: all, the nth, the first few, each so many, a share."""

    method: str | None = None
    path: str | None = None
    query: str | None = None
    body: str | dict[str, Any] | None = None
    nth: Count | list[Count] | None = None
    first: Count | None = None
    every: Count | None = None
    share: Share | None = None

    def __post_init__(self) -> None:
        if sum(choice is not None for choice in (self.nth, self.first, self.every, self.share)) > 1:
            raise ValueError("give one of nth, first, every, share")

    def matches(self, method: str, path: str, query: str, body: bytes) -> bool:
        if self.method is not None and self.method.upper() != method:
            return False
        if self.path is not None and not fnmatchcase(path, self.path):
            return False
        if self.query is not None and self.query not in query:
            return False
        return self.body is None or self._matches_body(body)

    def _matches_body(self, body: bytes) -> bool:
        if isinstance(self.body, str):
            return self.body.encode() in body
        try:
            sent = msgspec.json.decode(body)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return False
        fields = self.body or {}
        return isinstance(sent, dict) and all(name in sent and sent[name] == fields[name] for name in fields)

    def chooses(self, count: int, drawn: float) -> bool:
        """Tell whether the match of this number, counted from one, is one of those meant."""
        if isinstance(self.nth, int):
            return count == self.nth
        if self.nth is not None:
            return count in self.nth
        if self.first is not None:
            return count <= self.first
        if self.every is not None:
            return count % self.every == 0
        return self.share is None or drawn < self.share


class Deed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What happens. `after_write` lets the request be carried out before its answer is spoilt."""

    delay: Seconds | Delay | None = None
    status: Status | None = None
    headers: dict[str, str] = {}
    body: Any = None
    content_type: str | None = None
    after_write: bool = False
    reset: Literal["before_write", "after_write"] | None = None
    refuse_seconds: Seconds | None = None
    half: bool = False
    stale: bool = False

    def __post_init__(self) -> None:
        answers = self.status is not None or self.content_type is not None
        given = [answers, self.reset is not None, self.refuse_seconds is not None, self.half, self.stale]
        if sum(given) > 1:
            raise ValueError("give one of status or content_type, reset, refuse_seconds, half, stale")
        if sum(given) == 0 and self.delay is None:
            raise ValueError("give one of delay, status, content_type, reset, refuse_seconds, half, stale")
        if self.content_type is not None and not (self.content_type.isascii() and self.content_type.isprintable()):
            raise ValueError(f"`{self.content_type}` cannot be a content_type")
        for name, text in self.headers.items():
            if not (name + text).isascii() or not (name + text).isprintable() or not name or set(name) & set(" :"):
                raise ValueError(f"`{name}` cannot be a header")

    @property
    def spoils(self) -> bool:
        """Tell whether it does more than delay."""
        return self != Deed(delay=self.delay) if self.delay is not None else True


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    do: Deed
    when: When = When()


class RateLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How many requests a bucket takes in each period; periods start at multiples of their length since 1970."""

    limit: Count
    period_seconds: Count


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Faults and rate limits that hold together. The seed makes what is drawn by chance the same each time."""

    name: str = ""
    seed: int = 0
    faults: tuple[Fault, ...] = ()
    rate_limits: dict[str, RateLimit] = {}


def read_scenario(text: str | bytes) -> Scenario:
    """Read YAML, of which JSON is a part."""
    return _read(text, Scenario)


def read_deed(text: str) -> Deed:
    """Read what a header asks for: one line of YAML."""
    return _read(text, Deed)


def _read(text: str | bytes, type_: type[Read]) -> Read:
    if len(text) > MAX_TEXT:
        raise ScenarioUnreadable(f"a scenario has at most {MAX_TEXT} bytes, this one {len(text)}")
    try:
        return msgspec.convert(yaml.safe_load(text) or {}, type_)
    except yaml.YAMLError as error:
        raise ScenarioUnreadable(f"no YAML: {' '.join(str(error).split())}") from error
    except (msgspec.ValidationError, RecursionError, ValueError, TypeError) as error:
        raise ScenarioUnreadable(str(error)) from error

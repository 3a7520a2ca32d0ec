"""Public holidays of a country, or of a part of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import holidays
import msgspec

# The package knows no later year.
_LAST_YEAR = 2100
_YEARS = 2


class Holiday(msgspec.Struct, frozen=True):
    """A day on which most people do not work."""

    day: date
    name: str


class UnknownCountry(msgspec.Struct, frozen=True):
    """A country, or a part of one, of which no holidays are known."""

    message: str
    hint: str


def public_holidays(place: str, *, since: date) -> tuple[Holiday, ...] | UnknownCountry:
    """Those from a day on until the end of the next year, in order; `place` is such as `JP` or `DE-BY`."""
    country, _, part = place.partition("-")
    parts = holidays.list_supported_countries().get(country)
    if parts is None:
        message = f"public holidays of `{place}` are not known"
        return UnknownCountry(message, "write a country of ISO 3166 in `business_hours.holidays`, such as `JP`")
    if part and part not in parts:
        known = ", ".join(f"`{country}-{each}`" for each in parts if each.upper() == each)
        hint = f"its parts are {known}" if known else f"write `{country}`"
        return UnknownCountry(f"`{country}` has no part `{part}` with holidays of its own", hint)
    years = range(since.year, min(since.year + _YEARS, _LAST_YEAR))
    found = holidays.country_holidays(country, subdiv=part or None, years=years, language="en_US")
    return tuple(_in_order(found, since))


def _in_order(found: holidays.HolidayBase, since: date) -> Iterator[Holiday]:
    yield from (Holiday(day, name) for day, name in sorted(found.items()) if day >= since)

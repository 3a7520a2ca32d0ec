from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from generator.schedule.zones import UnknownZone, zone, zone_names


def test_every_name_of_the_database_is_a_zone() -> None:
    assert [name for name in zone_names() if not isinstance(zone(name), ZoneInfo)] == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Asia/Tokio", "did you mean `Asia/Tokyo`?"),
        ("asia/tokyo", "did you mean `Asia/Tokyo`?"),
        ("tokyo", "did you mean `Asia/Tokyo`?"),
        ("New York", "did you mean `America/New_York`?"),
        ("JST", "write a name of the tz database, such as `Asia/Tokyo` or `UTC`"),
        ("../../../../etc/passwd", "write a name of the tz database, such as `Asia/Tokyo` or `UTC`"),
        ("", "write a name of the tz database, such as `Asia/Tokyo` or `UTC`"),
    ],
)
def test_an_unknown_zone_names_the_nearest(name: str, hint: str) -> None:
    assert zone(name) == UnknownZone(f"time zone `{name}` is not known", hint)


def test_a_huge_name_is_cut_short() -> None:
    found = zone("x" * 1_000_000)

    assert isinstance(found, UnknownZone)
    assert len(found.message) < 100

"""What was used of each rate limit in the present periods."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.localdog.fault import RateLimit

MOST_BUCKETS = 500


@dataclass
class Bucket:
    period: int = 0
    used: int = 0


@dataclass
class Buckets:
    """Counts by the name of a bucket; periods start at multiples of their length since 1970."""

    buckets: dict[str, Bucket] = field(default_factory=dict)

    def use(self, name: str, limit: RateLimit, now_seconds: int) -> int:
        """Count a request and return how many were used in its period, this one included."""
        if name not in self.buckets and len(self.buckets) >= MOST_BUCKETS:
            self.buckets.clear()
        bucket = self.buckets.setdefault(name, Bucket())
        period = now_seconds // limit.period_seconds
        if bucket.period != period:
            bucket.period, bucket.used = period, 0
        bucket.used += 1
        return bucket.used

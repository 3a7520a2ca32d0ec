"""What Datadog's documentation leaves open, each as a named choice: run under another to see whether it matters."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

_DAY = 86_400


class Settings(Struct, frozen=True, kw_only=True):
    """The choices of a simulation.

    - `bucket_seconds`: how long the buckets of a query without `.rollup()` are; None takes one for each evaluation,
      60 s for windows under a day. Datadog picks them by rules of its own.
    - `edge_buckets`: of a query without `.rollup()`, which buckets a window holds: those that `started` in it, each
      that it `touched`, or only `complete` ones.
    - `evaluation_second`: at which second of its interval a monitor is evaluated ("always at the same second").
    - `cumulative_evaluations`: how often a `current_…` window is evaluated: as often as one `by_length`, or
      `every_minute`.
    - `scheduled_delay`: whether `evaluation_delay` moves the window of a monitor with a custom schedule (`earlier`) or
      is `ignored`.
    - `first_difference`: what `diff` and its like compare a window's first point with: the last point `before` the
      window, or `nothing`.
    - `first_points`: what a smoothing function makes of a window's first points: it takes points from `before` the
      window too, only those of the `window`, or gives `nothing` until there are as many as its span.
    - `falling_rates`: whether `per_second` and its like show a fall as a `negative` rate or as `nothing`.
    - `unchanged`: whether `monotonic_diff` shows no change as `zero` or as `nothing`.
    - `interpolated`: where gaps are closed of a query without `.fill()`: in `groups` of several sources, or in all
      groups of `queries` that read several sources.
    - `last_point`: whether what closes gaps along a line `goes_on` with the last point where no later one came, or
      puts `nothing`.
    - `default_zero_alone`: whether `default_zero()` and `default()` put their `value` into a window without any point,
      which resolves a monitor before it is without data, or `nothing`, as they "have no effect" there
      (https://docs.datadoghq.com/dashboards/functions/interpolation/#default-zero says both).
    - `unaligned_shift`: what a shift that is no multiple of the buckets reads: it is `refused`, the bucket that began
      `earlier`, or `nothing`, because no points pair up.
    - `short_months`: what `calendar_shift` by months reads where a month has no such day: its `last_day`, or the days
      `after` it.
    - `rates_as_rate`: whether `.as_rate()` takes the `sum` of a rate's points in a bucket, as the page says
      (https://docs.datadoghq.com/metrics/custom_metrics/type_modifiers/), or their `avg`, which alone is the rate of
      the bucket where it holds several.
    - `mixed_counts`: in arithmetic with `.as_count()`, of operands that are no counts or stand in functions: each is
      aggregated in time before the arithmetic (`totals`), or the results after it (`points`).
    - `formulas`: of a formula over `options.variables`, whether each of its queries is aggregated in time before the
      formula (`queries_first`), or its points after it (`points_first`).
    - `ungrouped_operand`: what a grouped series combined with an ungrouped one becomes: `each` group with it, or
      `nothing`.
    - `full_window_of`: what must fill a window that `require_full_window` asks for: the `result`, or each of the
      `metrics` that it is computed of.
    - `new_group_delay`: seconds without evaluation for a group first seen, where the options name none
      (https://docs.datadoghq.com/monitors/configuration/#new-group-delay).
    - `older_missing_data`: what missing data means to a monitor without `on_missing_data` that does not notify of it:
      it `keep`s its status ("skips evaluations"), counts are evaluated as `zero` as by `on_missing_data: default`, or
      it `show`s No Data, which is what the guide of the migration says
      (https://docs.datadoghq.com/monitors/guide/on_missing_data/).
    - `no_data_windows`: how many windows long `no_data_timeframe` is where it is left out: 2 in the options' reference
      (https://docs.datadoghq.com/monitors/guide/monitor_api_options/), 1 in the guide to missing data
      (https://docs.datadoghq.com/monitors/guide/troubleshooting-no-data/).
    - `sums_without_data`: whether sums over sources that do not say `.as_count()` are evaluated as `zero` as counts
      are, or `keep` their status.
    - `shifted_counts`: whether counts read from an earlier time are evaluated as `zero` without data as counts are, or
      `keep` their status.
    - `auto_resolve`: whether `timeout_h` ends `alerts` only or No Data too (`any_state`).
    - `alert_after_silent_gap`: whether an alert that comes back from No Data nobody was told of is `told` again or, as
      it was told already, `not_told`.
    - `merged_notifications`: with `notify_by`, who is told when another group of several joins an alert: nobody, as the
      `worst` state of them stays, or `each` change is told.
    - `renotify_for_hours`: when renotification stops by itself, counted from the first alert; None is never.
    """

    bucket_seconds: int | None = None
    edge_buckets: Literal["started", "touched", "complete"] = "started"
    evaluation_second: int = 0
    cumulative_evaluations: Literal["by_length", "every_minute"] = "by_length"
    scheduled_delay: Literal["earlier", "ignored"] = "earlier"
    first_difference: Literal["before", "nothing"] = "before"
    first_points: Literal["before", "window", "nothing"] = "before"
    falling_rates: Literal["negative", "nothing"] = "negative"
    unchanged: Literal["zero", "nothing"] = "zero"
    interpolated: Literal["groups", "queries"] = "groups"
    last_point: Literal["goes_on", "nothing"] = "goes_on"
    default_zero_alone: Literal["value", "nothing"] = "value"
    unaligned_shift: Literal["refused", "earlier", "nothing"] = "refused"
    short_months: Literal["last_day", "after"] = "last_day"
    rates_as_rate: Literal["sum", "avg"] = "sum"
    mixed_counts: Literal["totals", "points"] = "totals"
    formulas: Literal["queries_first", "points_first"] = "queries_first"
    ungrouped_operand: Literal["each", "nothing"] = "each"
    full_window_of: Literal["result", "metrics"] = "result"
    new_group_delay: int = 60
    older_missing_data: Literal["keep", "zero", "show"] = "keep"
    no_data_windows: Literal[1, 2] = 2
    sums_without_data: Literal["zero", "keep"] = "zero"
    shifted_counts: Literal["zero", "keep"] = "zero"
    auto_resolve: Literal["alerts", "any_state"] = "alerts"
    alert_after_silent_gap: Literal["told", "not_told"] = "told"
    merged_notifications: Literal["worst", "each"] = "worst"
    renotify_for_hours: int | None = 30


DEFAULT = Settings()


def evaluation_seconds(window_seconds: int) -> int:
    """How often a monitor with such a window is evaluated (https://docs.datadoghq.com/monitors/configuration/)."""
    if window_seconds < _DAY:
        return 60
    return 600 if window_seconds < 2 * _DAY else 1800

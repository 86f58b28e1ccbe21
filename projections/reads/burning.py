"""How fast error budgets burn: what each measure spent in the windows that are judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from projections.reads.rows import from_json
from schemas.slo import BURNS, LIMITS, Measure


@dataclass(frozen=True, slots=True)
class Burning:
    """What a measure spent of its error budget in some clock hours. `last_bad_s`: seconds since its last miss."""

    total: int
    bad: int
    last_bad_s: float | None


#: Measure -> hours of a window -> what was spent in it.
Burnings = Mapping[str, Mapping[int, Burning]]

_LIMITS: Final = ", ".join(f"('{measure}', {limit})" for measure, limit in LIMITS.items())
#: Each read is bounded by it, too: by the windows alone, two years of hours would be looked through every second.
_LONGEST_H: Final = max(burn.hours for burn in BURNS)
_WINDOWS: Final = ", ".join(f"({burn.hours})" for burn in BURNS)
#: The seconds in which somebody looked, rounded as on the page of objectives. A minute in which the
#: system could not be used may have ended with that: the last bad moment is its end.
_UPTIME: Final = f"""
    select '{Measure.SEEN}', w.hours, sum(round(m.seen_s)), sum(ceil(m.down_s)),
           extract(epoch from now() - (select max(at) + interval '1 minute' from flow.marketplace_metrics
                                        where step = 'minute' and down_s > 0
                                          and at >= now() - interval '{max(burn.still_s for burn in BURNS) + 60} s'))
      from flow.marketplace_metrics m
      join (values {_WINDOWS}) w (hours) on m.at >= date_trunc('hour', now(), 'UTC') - make_interval(hours => w.hours)
     where m.step = 'hour' and m.at >= date_trunc('hour', now(), 'UTC') - interval '{_LONGEST_H} hours'
     group by w.hours"""  # noqa: S608 - constants
#: One subselect for the snapshot that the verdict judges: a few hundred rows of three days.
BURNING: Final = f"""
    select jsonb_agg(jsonb_build_array(measure, hours, total, bad, last_bad)) from (
        select h.measure, w.hours, sum(h.n) as total, coalesce(sum(h.n) filter (where h.le_ms > l.limit_ms), 0) as bad,
               extract(epoch from now() - max(h.last_at) filter (where h.le_ms > l.limit_ms)) as last_bad
          from rm.slo_hour h join (values {_LIMITS}) l (measure, limit_ms) using (measure)
          join (values {_WINDOWS}) w (hours)
            on h.hour >= date_trunc('hour', now(), 'UTC') - make_interval(hours => w.hours)
         where h.hour >= date_trunc('hour', now(), 'UTC') - interval '{_LONGEST_H} hours'
         group by h.measure, w.hours
        union all {_UPTIME}) s"""  # noqa: S608 - constants


def burnings(data: Any) -> Burnings:
    """Return the burn of each objective from the rows of `BURNING`."""
    found: dict[str, dict[int, Burning]] = {}
    for measure, hours, total, bad, last in from_json(data) or ():
        seconds = None if last is None else max(0.0, float(last))
        found.setdefault(measure, {})[hours] = Burning(int(total), int(bad), seconds)
    return found

"""The database's memory, session by session.

Each session is a process of its own. Their sum says little: while workers come and go so do their sessions, of some
4 MiB each, and a storm of them in one half of a short soak is a slope of the sum although nothing has grown. So two
things are asked, and a leak is one or the other.

Does what a session takes go on growing? A session's caches (plans, catalogue) grow in a few steps and then stand
still, wherever in its life a step falls; a leak goes on. So of each life the smaller growth of its two halves counts,
for both of them: next to nothing for caches, all of it for a leak. What the sessions grow by is added up, so that one
that leaks is not lost among forty that do not.

Do the sessions become more? The slope of their number is the median over all pairs of moments, which a storm of less
than a quarter of the time does not move.

The figure is RssAnon, as for all processes: shared buffers are not in it (the kernel has those under RssShmem, also
where a session touches one for the first time), nor are files. Pages that a session has from its parent since it was
forked are, before and after it writes to them, so that changes nothing. The private pages of smaps_rollup would be
no better: a shared buffer that only one process has touched so far is private there, and to read it walks the page
tables of the shared buffers for each session, at a seventh of a core.
"""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Final

from local.chaos.memory import GROWTH_MIB, GROWTH_SHARE, Sample, Trend

#: Sessions more over the whole soak: pools begin empty, and fill and shrink with what is asked of them.
MORE: Final = 10.0
#: Looks at a life that is judged. A shorter one has given back whatever it took.
LEAST: Final = 10
#: Of so many moments at most every pair is compared.
MOMENTS: Final = 300


def sessions_trend(name: str, samples: Sequence[Sample], *, warm_s: float, whole_s: float) -> Trend:
    """Judge a process that has a process for each session. At least one sample; those of one look have the same time.

    `mean_mib` and `most_mib` are of the sum at each look.
    """
    sums: dict[float, float] = {}
    lives: dict[int, list[Sample]] = {}
    for sample in samples:
        sums[sample.at] = sums.get(sample.at, 0.0) + sample.mib
        if sample.age >= warm_s:
            lives.setdefault(sample.pid, []).append(sample)
    long = [life for life in lives.values() if len(life) >= LEAST]
    lived_s = sum(life[-1].at - life[0].at for life in long)
    at_once = len(samples) / len(sums)
    growth = sum(_grown(life) for life in long) / lived_s * at_once * whole_s if lived_s > 0 else None
    more = _slope(Counter(s.at for s in samples)) * whole_s
    mean = sum(sums.values()) / len(sums)
    flat = (growth is None or growth <= max(GROWTH_MIB, GROWTH_SHARE * mean)) and more <= MORE
    return Trend(name, len({s.pid for s in samples}), mean, max(sums.values()), growth, flat, more)


def _grown(life: Sequence[Sample]) -> float:
    """Return how much a session has grown, in MiB, if it grows all the time; 0 if it stood still in between."""
    mib = [s.mib for s in life]
    few = len(mib) // 10
    middle = (len(mib) - few) // 2
    began, half, ended = (statistics.median(part) for part in (mib[:few], mib[middle : middle + few], mib[-few:]))
    apart = 1 - few / len(mib)  # from the middle of the first few to that of the last
    return max(0.0, 2 * min(half - began, ended - half)) / apart


def _slope(counts: Counter[float]) -> float:
    looks = sorted(counts.items())
    pairs = itertools.combinations(looks[:: 1 + len(looks) // MOMENTS], 2)
    return statistics.median([(n2 - n1) / (at2 - at1) for (at1, n1), (at2, n2) in pairs] or [0.0])

"""`make bench` and `python -m bench [NAME | PART ...]`; NAME is one of BENCHMARKS.

See docs/performance.md. All of them start systems of their own in temporary folders, measure them and end them: one
that runs here is left alone. `foresight`, `reading` and `size` need none.
"""

from __future__ import annotations

import signal
import sys

from bench import priority, reading, speed, telling, webhooks, where
from bench.crowd import crowd
from bench.dashboard import open as left_open
from bench.dashboard import pages
from bench.disk import leaves
from bench.foresight import foresee
from bench.sizing import size

BENCHMARKS = {
    "crowd": crowd.main,
    "disk": leaves.main,
    "foresight": foresee.main,
    "pages": pages.main,
    "priority": priority.main,
    "reading": reading.main,
    "size": size.main,
    "tabs": left_open.main,
    "telling": telling.main,
    "webhooks": webhooks.main,
    "where": where.main,
}


def main() -> None:
    """Run the benchmark that is named first; without such a name it is that of speed.

    Ended by SIGTERM it ends its systems and removes its folders, as with Ctrl-C.
    """
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    if len(sys.argv) > 1 and sys.argv[1] in BENCHMARKS:
        chosen = sys.argv.pop(1)
        sys.argv[0] = f"python -m bench {chosen}"
        BENCHMARKS[chosen]()
    else:
        sys.argv[0] = "python -m bench"
        speed.main()


if __name__ == "__main__":
    main()

"""`make bench` and `python -m bench [approve | priority | reading] ...`; see docs/performance.md.

`approve` and `priority` start a system of their own in a temporary folder, measure it and end it: one that runs here is
left alone. `reading` needs none.
"""

from __future__ import annotations

import sys

from bench import approve, priority, reading

BENCHMARKS = {"approve": approve.main, "priority": priority.main, "reading": reading.main}


def main() -> None:
    """Run the benchmark that is named first; without a name it is `approve`."""
    chosen = sys.argv.pop(1) if len(sys.argv) > 1 and sys.argv[1] in BENCHMARKS else "approve"
    sys.argv[0] = f"python -m bench {chosen}"
    BENCHMARKS[chosen]()


if __name__ == "__main__":
    main()

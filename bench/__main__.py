"""`make bench` and `python -m bench [approve | priority] ...`; see docs/performance.md.

Each starts a system of its own in a temporary folder, measures it and ends it: one that runs here is left alone.
"""

from __future__ import annotations

import sys

from bench import approve, priority

BENCHMARKS = {"approve": approve.main, "priority": priority.main}


def main() -> None:
    """Run the benchmark that is named first; without a name it is `approve`."""
    chosen = sys.argv.pop(1) if len(sys.argv) > 1 and sys.argv[1] in BENCHMARKS else "approve"
    sys.argv[0] = f"python -m bench {chosen}"
    BENCHMARKS[chosen]()


if __name__ == "__main__":
    main()

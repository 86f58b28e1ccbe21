"""`python -m projections.verify [--json]`: compares the log with the read models."""

from __future__ import annotations

import sys

from projections.verify.verify import main

if __name__ == "__main__":
    sys.exit(main())

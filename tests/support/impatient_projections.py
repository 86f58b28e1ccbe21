"""The projections, with sessions that the server ends after seconds in which nothing is asked, not half a minute."""

from __future__ import annotations

import sys

from projections.__main__ import main
from schemas.process import sessions

sessions.FROZEN_S = 4.0  # type: ignore[misc] # a constant of the system

if __name__ == "__main__":
    sys.exit(main())

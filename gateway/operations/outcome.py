"""The outcome of an operator's request that was not refused."""

from __future__ import annotations

from typing import Literal

#: unchanged: it was so before.
Outcome = Literal["accepted", "unchanged"]

"""Retention times that several packages use."""

from __future__ import annotations

from typing import Final

#: Reports of advertising, from their last day on: sales of two years can be joined with them.
AD_REPORT_DAYS: Final = 731

"""Retention times that several packages use."""

from __future__ import annotations

from typing import Final

#: Reports of advertising, from their last day on: sales of two years can be joined with them.
AD_REPORT_DAYS: Final = 731
#: A published event stays in the outbox for so long, where MARKETPLACE_OUTBOX_HOURS does not say otherwise: what a log
#: lost at its end is sent again from there (ADR 52).
OUTBOX_HOURS: Final = 24

"""Retention times that several packages use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Reports of advertising, from their last day on: sales of two years can be joined with them.
AD_REPORT_DAYS: Final = 731
#: Documents are kept for ever where MARKETPLACE_DOCUMENT_DAYS says nothing (0), else at least so long: the next one of
#: a channel is compared with them, and tells what became of their opportunities.
LEAST_DOCUMENT_DAYS: Final = 30
#: Who deletes the documents whose time is over, as the history says.
BY_RETENTION: Final = "system:retention"
#: A published event stays in the outbox for so long, where MARKETPLACE_OUTBOX_HOURS does not say otherwise: what a log
#: lost at its end is sent again from there (ADR 52).
OUTBOX_HOURS: Final = 24
#: Dead letters on which somebody has decided, by what was decided, where MARKETPLACE_REPLAYED_LETTER_DAYS and
#: MARKETPLACE_DISCARDED_LETTER_DAYS do not say otherwise. One that waits for a decision is kept for ever.
LETTER_DAYS: Final[Mapping[str, int]] = {"replayed": 400, "discarded": 400}
#: The fewest days for letters: the log keeps its record for 90, and in whole segments, so somewhat longer. What goes
#: before it would come back with a rebuild.
LEAST_LETTER_DAYS: Final = 120

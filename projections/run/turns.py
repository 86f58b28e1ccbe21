"""How many records one turn of the projections takes: one transaction. Pure."""

from __future__ import annotations

from typing import Final

from schemas.process.portions import Portions

#: Records in one transaction at most.
BATCH: Final = 2000
#: Records that are shown before their turn, in one transaction at most.
AHEAD: Final = 200
#: How long nothing is tried to be shown before its turn where that is held back.
HELD_BACK_S: Final = 1.0
#: Records that are read at once where as many wait: what is urgent waits for the process, which does nothing else then.
READ_ON: Final = 1000
#: On a slow machine it is fewer: whoever looks whether this moves sees it after each transaction.
GO_S: Final = 1.0
#: Where something was shown before its turn a moment ago, it is as many as take so long, but no less than this: what
#: is urgent waits for the turn under way. Small turns cost more for each record.
TURN_S: Final = 0.05
TURN: Final = 64
TURNS_FOR_S: Final = 2.0


def portions(*, live: bool) -> Portions:
    """Return what sizes the turns of the tables that people see, or of those that a rebuild fills beside them."""
    return Portions(limit=BATCH, least=TURN, quick_s=TURN_S, quick_for_s=TURNS_FOR_S, usual_s=GO_S if live else None)

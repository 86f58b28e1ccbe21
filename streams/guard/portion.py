"""How many records the guard handles at once, and its host hands over: what is urgent waits for those under way."""

from __future__ import annotations

from typing import Final, Literal

from schemas.process.portions import Portions

#: Records handled in one go at most; what they lead to is sent together.
BATCH: Final = 500
#: On a slow machine it is fewer: what comes meanwhile, however urgent, waits for the go under way.
GO_S: Final = 0.2
#: Where something urgent was among others a moment ago, it is so much: small goes cost more for each record.
QUICK_S: Final = 0.05
QUICK_FOR_S: Final = 2.0
#: Records in one go that are a load.
BUSY: Final = 16
#: What the guard wants of its host: all that there is; few at once, for something urgent is among what it has; few, and
#: nothing that is in partitions for low plans, for it has enough of those; only what is in partitions for urgent plans,
#: for it has enough of all others.
Wants = Literal["all", "few", "usual", "urgent"]
#: Records of one portion: to hand them over takes some 50 ms, and some 3 where the guard wants few.
PORTION: Final = 500
FEW: Final = 25
#: After so many records of a go, what is urgent has the loop: they take some 5 ms.
GIVE_WAY: Final = 16
#: How long the guard has the process for itself before each few more.
FEW_S: Final = 0.005
#: Bytes of one partition in one fetch, as large as a portion is: what is urgent waits for the answer under way.
PORTION_BYTES: Final = 256 * 1024
#: How soon a guard that has enough is asked again.
ENOUGH_S: Final = 0.05


def goes() -> Portions:
    """Return what sizes the goes of a guard."""
    return Portions(limit=BATCH, least=BUSY, quick_s=QUICK_S, quick_for_s=QUICK_FOR_S, usual_s=GO_S)

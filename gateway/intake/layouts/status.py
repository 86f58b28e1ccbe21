"""What an order's status text means. The texts change with the month and the program; their words do not."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD, UNPAID
from gateway.intake.values import classify

#: First match wins; texts are folded (lower case, no accents).
RULES: Final[list[tuple[str, str]]] = [
    (r"(devolucao|reembolso|return|refund).{0,20}(cancelad|recusad|cancel?led|rejected)\w*$", SOLD),
    (r"pode pedir|pode solicitar|may request", SOLD),  # Shopee: "O comprador pode pedir devolução até ..."
    (r"cancel|estornad|anulad", CANCELLED),
    (r"nao pag|aguardando pagamento|pagamento pendente|unpaid|pending payment|awaiting payment", UNPAID),
    (r"devol|reembols|return|refund|rejected|lost in transit|damaged|chargeback|mediacao.*comprador", RETURNED),
]


def status_of(first: pl.Series | None, second: pl.Series | None, height: int) -> pl.Series:
    """Return the status class of each row: the second text decides only where the first says just "sold"."""
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, height)
    frame = pl.DataFrame({"first": empty if first is None else first, "second": empty if second is None else second})
    one, two = classify(pl.col("first"), RULES, SOLD), classify(pl.col("second"), RULES, SOLD)
    return frame.select(pl.when(one == SOLD).then(two).otherwise(one).alias("status")).to_series()

"""Figures that a text states stand in the summary where nothing was computed for them, each in its unit."""

from schemas.facts import DocumentFacts
from schemas.stated import StatedFigure
from streams.analysis.rules.stated import with_stated


def test_a_share_a_count_and_an_amount_are_told_each_in_its_unit() -> None:
    stated = [
        StatedFigure("cancellation_rate", 0.125, "ratio", "página 1", "12,5% de cancelamento"),
        StatedFigure("orders", 1200.0, "count", "página 1", "1.200 pedidos"),
        StatedFigure("revenue", 4500.5, "BRL", "página 2", "R$ 4.500,50"),
    ]
    told = with_stated("Resumo.", "magalu", DocumentFacts("application/pdf", "x", stated=stated)).replace("\xa0", " ")
    assert told.startswith("Resumo. ")
    for part in ("12,5", "1.200", "R$ 4.500,50"):
        assert part in told, told

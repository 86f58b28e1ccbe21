"""Figures that a document's text states are read as any version stored them, and the one that counts is chosen."""

from __future__ import annotations

from dataclasses import asdict

from schemas.stated import StatedFigure, of_channel

REVENUE = StatedFigure("revenue", 48_200.0, "BRL", "página 2", "receita de R$ 48,2 mil", "shopee")


def test_what_was_stored_is_read_whatever_the_version() -> None:
    assert StatedFigure.from_dict(asdict(REVENUE)) == REVENUE
    assert StatedFigure.from_dict({**asdict(REVENUE), "sure": True}) == REVENUE, "a later version tells more"
    early = {name: value for name, value in asdict(REVENUE).items() if name != "channel"}
    assert StatedFigure.from_dict(early).channel == ""


def test_of_two_values_that_rounding_parts_the_exact_one_counts_and_of_others_none() -> None:
    exact = StatedFigure("revenue", 48_213.42, "BRL", "página 3", "R$ 48.213,42", "shopee")
    other = StatedFigure("revenue", 51_000.0, "BRL", "página 4", "R$ 51.000,00", "shopee")
    orders = StatedFigure("orders", 310.0, "count", "página 1", "310 pedidos")
    assert of_channel([REVENUE, exact, orders], "shopee") == [exact, orders]
    assert of_channel([REVENUE, other, orders], "shopee") == [orders]
    assert of_channel([REVENUE, orders], "amazon") == [orders]

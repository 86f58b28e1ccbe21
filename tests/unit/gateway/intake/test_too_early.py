"""Of a few days of which nothing came back nobody knows the share of returns: it is too early."""

from __future__ import annotations

import pytest

from gateway.figures import words
from gateway.figures.unknown import asked_and_unknown
from gateway.intake.figures import channel_facts
from schemas.facts import ChannelFacts, TableRead
from streams.analysis.rules.blind import blind_spots
from streams.analysis.rules.view import View
from tests.unit.gateway.intake.tables import reading, sold

HEAD = "Pedido;Data;SKU;Quantidade;Unidades devolvidas;Valor total"


def read(days: int, returned: int = 0) -> tuple[ChannelFacts, list[TableRead]]:
    """Read sales of so many days in a row, of which so many units came back."""
    rows = [f"P{n};{n % days + 1:02d}/03/2026;A-1;2;{returned if n == 0 else 0};50,00" for n in range(24)]
    found = reading("\n".join([HEAD, *rows]))
    (own,) = channel_facts(sold(found), None)
    return own, [found.report]


def rate(own: ChannelFacts) -> float | None:
    return View(own).value("return_rate")


@pytest.mark.parametrize("days", [1, 2, 6])
def test_the_rate_of_a_few_days_is_unknown_and_the_reason_is_said(days: int) -> None:
    own, tables = read(days)
    (told,) = (one for one in asked_and_unknown(own, tables) if one.metric == "return_rate")

    assert rate(own) is None
    assert View(own).value("returned_units") == 0  # as the document says
    assert told.reason == "too_early"
    assert words.unknown(told).text.startswith("Too early: the sales are of less than a week")
    assert words.unknown(told).place == "upload"
    spots = blind_spots(View(own))
    assert any(one.startswith("É cedo para devoluções") for one in spots)
    assert not any(one.startswith("Sem informação de devoluções") for one in spots)


@pytest.mark.parametrize("days", [7, 20])
def test_a_week_without_a_return_is_zero(days: int) -> None:
    own, tables = read(days)

    assert rate(own) == 0
    assert "return_rate" not in [one.metric for one in asked_and_unknown(own, tables)]


def test_what_came_back_already_is_told() -> None:
    assert rate(read(2, returned=1)[0]) == pytest.approx(1 / 48, abs=1e-4)


def test_a_document_that_tells_no_returns_lacks_their_column() -> None:
    text = "\n".join(["Pedido;Data;SKU;Quantidade;Valor total", *(f"P{n};01/03/2026;A;1;9,00" for n in range(9))])
    found = reading(text)
    (own,) = channel_facts(sold(found), None)
    (told,) = (one for one in asked_and_unknown(own, [found.report]) if one.metric == "return_rate")

    assert told.reason == "no_column"
    assert any(one.startswith("Sem informação de devoluções") for one in blind_spots(View(own)))

"""What advertising cost by months alone: joined with months whose sales are whole, and told why it is not elsewhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gateway.intake.ads import AdReport
from gateway.intake.document import _frames
from gateway.intake.figures import channel_facts
from gateway.intake.figures.ad_rows import AdsRead, reports_of
from gateway.intake.goods import Goods
from gateway.intake.settling import settled
from schemas.facts import ChannelFacts
from tests.unit.gateway.intake.tables import cells, raw

TODAY = "2026-07-01"
HEAD = "Pedido;Data;SKU;Quantidade;Valor total (R$);Comissão (R$)\n"
BY_MONTH = (
    "Mês;Investimento (R$);Receita por publicidade (R$)\n"
    "02/2026;28,00;140,00\n03/2026;31,00;155,00\n04/2026;30,00;150,00"
)


def told(text: str, today: str = TODAY) -> AdsRead:
    reading = settled(raw(cells(text), "arquivo"), ["shopee"])
    assert reading.report.kind == "advertising", reading.report
    return reports_of(_frames([reading], "ads"), None, "", today)


def report(text: str = BY_MONTH) -> AdReport:
    (one,) = told(text).reports
    return one


def sales(first: str, last: str) -> str:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    return HEAD + "\n".join(f"{n};{day:%d/%m/%Y};A;1;100,00;10,00" for n, day in enumerate(days))


def facts(sold: str, *kept: AdReport, own: str | None = None) -> ChannelFacts:
    tables = [("Vendas", sold), *([("Anúncios", own)] if own else [])]
    readings = [settled(raw(cells(text), where), ["shopee"]) for where, text in tables]
    return channel_facts(_frames(readings, "lines"), None, goods=Goods(ads=[*kept]), ads=_frames(readings, "ads"))[0]


def costs(found: ChannelFacts) -> dict[str, float | None]:
    return {one.month: one.advertising for one in found.months}


def total(found: ChannelFacts) -> dict[str, float]:
    return {one.metric: one.value for one in found.figures if one.metric in ("advertising_cost", "acos", "tacos")}


@pytest.mark.parametrize(
    "text",
    [
        BY_MONTH,
        BY_MONTH.replace("02/2026", "fevereiro de 2026").replace("03/2026", "mar/26").replace("04/2026", "abr. 2026"),
        BY_MONTH.replace("02/2026", "2026-02").replace("03/2026", "2026-03").replace("04/2026", "2026-04"),
        BY_MONTH.replace("02/2026", "01/02/2026").replace("03/2026", "01/03/2026").replace("04/2026", "01/04/2026"),
        BY_MONTH.replace("Mês", "Ano;Mês").replace("02/2026", "2026;2").replace("03/2026", "2026;3")
        .replace("04/2026", "2026;4"),
    ],
    ids=["number", "name", "ISO", "first day", "year and month"],
)  # fmt: skip
def test_a_report_by_month_is_kept_with_all_days_of_its_months(text: str) -> None:
    one = report(text)

    assert [(s.first, s.last, s.amount, s.sales) for s in one.spans] == [
        ("2026-02-01", "2026-02-28", 28.0, 140.0),
        ("2026-03-01", "2026-03-31", 31.0, 155.0),
        ("2026-04-01", "2026-04-30", 30.0, 150.0),
    ]
    assert AdReport.from_dict(one.to_dict()) == one


def test_a_month_that_is_not_over_is_none_of_the_report() -> None:
    assert told(BY_MONTH, today="2026-04-20").unusable == ["future"]


def test_whole_months_are_joined_and_give_the_shares() -> None:
    found = facts(sales("2026-03-01", "2026-04-30"), report())

    assert costs(found) == {"2026-03": 31.0, "2026-04": 30.0}
    assert total(found) == {"advertising_cost": 61.0, "acos": 0.2, "tacos": 0.01}
    assert not any("publicidade" in text for text in found.warnings)


@pytest.mark.parametrize("own", [False, True])
def test_a_month_of_which_only_a_part_was_sold_has_no_cost_and_says_why(own: bool) -> None:
    sold = sales("2026-03-01", "2026-04-20")
    found = facts(sold, own=BY_MONTH) if own else facts(sold, report())

    assert costs(found) == {"2026-03": 31.0, "2026-04": None}
    assert total(found) == {}
    (said,) = [text for text in found.warnings if "publicidade" in text]
    assert "não cobrem 04/2026 por inteiro" in said


def test_a_month_that_the_report_does_not_tell_is_unknown() -> None:
    later = facts(sales("2026-03-01", "2026-05-31"), report())
    between = facts(sales("2026-02-01", "2026-04-30"), report(BY_MONTH.replace("03/2026;31,00;155,00\n", "")))

    assert costs(later) == {"2026-03": 31.0, "2026-04": 30.0, "2026-05": None}
    assert costs(between) == {"2026-02": 28.0, "2026-03": None, "2026-04": 30.0}
    for found, month in ((later, "05/2026"), (between, "03/2026")):
        assert total(found) == {}
        assert any(f"não cobre todos os dias com vendas de {month}" in text for text in found.warnings)


def test_sales_by_month_are_joined_with_costs_by_month() -> None:
    sold = HEAD + "\n".join(f"{n};01/0{n}/2026;A;9;900,00;90,00" for n in (2, 3, 4))

    assert costs(facts(sold, report())) == {"2026-02": 28.0, "2026-03": 31.0, "2026-04": 30.0}

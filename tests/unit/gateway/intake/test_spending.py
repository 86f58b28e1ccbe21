"""Reports of advertising that are kept: joined with the sales of their channel and days, or told why they are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from gateway.intake.ads import AdReport, Advertised, Span
from gateway.intake.document import _frames
from gateway.intake.figures import channel_facts
from gateway.intake.goods import Goods
from gateway.intake.settling import settled
from schemas.facts import ChannelFacts
from tests.unit.gateway.intake.tables import cells, raw

HEAD = "Pedido;Data;SKU;Produto;Quantidade;Valor total (R$);Comissão (R$)\n"


def days(first: str, last: str) -> list[date]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


def report(first: str, last: str, amount: float = 60.0, *, daily: bool = False, **more: Any) -> AdReport:
    parts = [(str(day), str(day)) for day in days(first, last)] if daily else [(first, last)]
    spans = [Span(a, b, round(amount / len(parts), 2), 300.0 / len(parts)) for a, b in parts]
    given = {"currency": "BRL", "document": "ads.csv", **more}
    return AdReport("shopee", first, last, columns="c", spans=spans, **given)


def facts(*reports: AdReport, sold: list[date] | None = None, more: tuple[str, str] | None = None) -> ChannelFacts:
    """Read sales of 100.00 a day, with these reports kept and this table beside them."""
    rows = [
        f"{n};{day:%d/%m/%Y};CAN-{n % 3 + 1};Caneca {n % 3 + 1};1;100,00;10,00" for n, day in enumerate(sold or MARCH)
    ]
    tables = [("Vendas", HEAD + "\n".join(rows)), *([more] if more else [])]
    readings = [settled(raw(cells(text), where), ["shopee"]) for where, text in tables]
    known = Goods(ads=list(reports))
    return channel_facts(_frames(readings, "lines"), None, goods=known, ads=_frames(readings, "ads"))[0]


def figures(found: ChannelFacts) -> dict[str, float]:
    names = ("advertising_cost", "advertising_sales", "acos", "tacos")
    return {one.metric: one.value for one in found.figures if one.metric in names}


MARCH = days("2026-03-01", "2026-03-31")
WHOLE = {"advertising_cost": 60.0, "advertising_sales": 300.0, "acos": 0.2, "tacos": 0.0194}


@pytest.mark.parametrize("daily", [False, True])
def test_a_report_of_the_same_days_gives_the_cost_and_its_shares(daily: bool) -> None:
    found = facts(report("2026-03-01", "2026-03-31", 62.0, daily=daily))

    assert figures(found) == {"advertising_cost": 62.0, "advertising_sales": 300.0, "acos": 0.2067, "tacos": 0.02}
    assert [(one.month, one.advertising, one.after_ads) for one in found.months] == [("2026-03", 62.0, 2728.0)]
    (cost,) = [one for one in found.figures if one.metric == "advertising_cost"]
    assert cost.detail == {"from": "2026-03-01", "to": "2026-03-31", "documents": ["ads.csv"]}
    assert not any("publicidade" in text for text in found.warnings)


def test_of_a_longer_report_by_day_only_the_days_of_the_sales_count() -> None:
    found = facts(report("2026-02-15", "2026-04-15", 60.0, daily=True))

    assert figures(found)["advertising_cost"] == 31.0
    assert found.months[0].advertising == 31.0


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-02-15", "2026-03-31"), ("2026-03-01", "2026-04-15"), ("2026-03-10", "2026-03-31")],
)
def test_a_sum_of_other_days_is_told_and_not_used(first: str, last: str) -> None:
    found = facts(report(first, last))

    assert figures(found) == {}
    assert found.months[0].advertising is None
    assert any("não cobre os mesmos dias" in text and "ads.csv" in text for text in found.warnings)


def test_days_without_a_sale_at_the_ends_are_days_of_the_report_as_far_as_sales_pause() -> None:
    dense, sparse = days("2026-03-03", "2026-03-30"), days("2026-03-03", "2026-03-30")[::3]

    assert figures(facts(report("2026-03-01", "2026-03-31"), sold=sparse))["advertising_cost"] == 60.0
    assert figures(facts(report("2026-03-01", "2026-03-31"), sold=dense)) == {}


def test_a_report_of_other_months_says_nothing() -> None:
    found = facts(report("2026-02-01", "2026-02-28"))

    assert (figures(found), found.months[0].advertising) == ({}, None)
    assert not any("publicidade" in text for text in found.warnings)


def test_a_sum_of_two_months_is_the_documents_and_of_neither_month() -> None:
    found = facts(report("2026-03-01", "2026-04-30"), sold=days("2026-03-01", "2026-04-30"))

    assert figures(found)["advertising_cost"] == 60.0
    assert [one.advertising for one in found.months] == [None, None]
    assert any("nesses meses ele é desconhecido" in text for text in found.warnings)


def test_two_reports_one_after_the_other_are_added() -> None:
    found = facts(report("2026-03-01", "2026-03-15", 20.0), report("2026-03-16", "2026-03-31", 40.0))

    assert figures(found)["advertising_cost"] == 60.0


def test_what_two_reports_tell_alike_counts_once() -> None:
    by_campaign = replace(report("2026-03-01", "2026-03-31"), columns="d", campaigns=["x"])

    assert figures(facts(report("2026-03-01", "2026-03-31"), by_campaign)) == WHOLE


def test_reports_of_the_same_days_are_added_where_their_campaigns_differ() -> None:
    first = replace(report("2026-03-01", "2026-03-31", 60.0), campaigns=["x"])
    second = replace(report("2026-03-01", "2026-03-31", 40.0), campaigns=["y"], document="b.csv")

    assert figures(facts(first, second))["advertising_cost"] == 100.0
    shared = replace(second, campaigns=["x", "y"])
    unsure = facts(first, shared)
    assert figures(unsure) == {}
    assert any("mais de um relatório" in text and "b.csv" in text for text in unsure.warnings)


def test_a_report_whose_document_plans_do_not_name_is_told_by_its_days() -> None:
    found = facts(report("2026-03-01", "2026-03-31", document=""))
    cost = next(one for one in found.figures if one.metric == "advertising_cost")
    assert cost.detail["documents"] == []
    said = facts(report("2026-03-01", "2026-03-31", document="", currency="USD")).warnings
    assert any("publicidade de 01/03/2026 a 31/03/2026 está em USD" in text for text in said), said


def test_another_currency_is_told_and_not_used() -> None:
    found = facts(report("2026-03-01", "2026-03-31", currency="USD"))

    assert (figures(found), found.months[0].advertising) == ({}, None)
    assert any("está em USD, e as vendas em BRL" in text for text in found.warnings)


def test_the_documents_own_cost_stands_above_a_report_and_is_not_added_to_it() -> None:
    own = "\n".join(f"{day:%d/%m/%Y};V;10;1;1,00;10,00" for day in MARCH)
    more = ("Anúncios", f"Data;Campanha;Impressões;Cliques;Investimento (R$);Receita (R$)\n{own}")
    found = facts(report("2026-03-01", "2026-03-31"), more=more)

    assert figures(found) == {"advertising_cost": 31.0, "advertising_sales": 310.0, "acos": 0.1, "tacos": 0.01}
    assert any("não foi somado" in text for text in found.warnings)


def test_without_attributed_sales_there_is_no_acos() -> None:
    unknown = replace(report("2026-03-01", "2026-03-31"), spans=[Span("2026-03-01", "2026-03-31", 60.0)])

    assert figures(facts(unknown)) == {"advertising_cost": 60.0, "tacos": 0.0194}


def test_products_are_told_with_what_their_advertising_cost_by_sku_or_title() -> None:
    products = [
        Advertised("can-1", "", 30.0, 200.0),
        Advertised("MLB9", "caneca 1", 20.0, None),
        Advertised("Z", "", 5.0),
    ]
    found = facts(replace(report("2026-03-01", "2026-03-31"), products=products[:1]))
    (cost,) = [one for one in found.figures if one.metric == "advertising_cost"]
    assert cost.detail["by_sku"] == {
        "CAN-1": {"ad_cost": 30.0, "ad_sales": 200.0, "acos": 0.15, "revenue": 1100.0, "tacos": 0.0273}
    }

    found = facts(replace(report("2026-03-01", "2026-03-31"), products=products))
    (cost,) = [one for one in found.figures if one.metric == "advertising_cost"]
    assert cost.detail["by_sku"] == {"CAN-1": {"ad_cost": 50.0, "revenue": 1100.0, "tacos": 0.0455}}

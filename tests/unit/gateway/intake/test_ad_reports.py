"""Reports of advertising as marketplaces write them: days, cost and sales are read, or it is told why not."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.intake.ads import AdReport
from gateway.intake.document import _frames
from gateway.intake.figures.ad_rows import AdsRead, reports_of
from gateway.intake.layouts.advertising_columns import marketplace_in, period_in
from gateway.intake.settling import settled
from tests.unit.gateway.intake.tables import cells, raw

TODAY = "2026-05-01"
MERCADO = (
    "Relatório de anúncios patrocinados;;;;;;;;;\n"
    "Desde;Até;Campanha;Título do anúncio patrocinado;Código do anúncio;Status;Impressões;Cliques;"
    "Receita (Moeda local);Investimento (Moeda local);ACOS (Investimento / Receitas);Vendas diretas\n"
    "01/03/2026;31/03/2026;Verão;Tênis;MLB1;Ativo;1000;20;400,00;80,00;20%;4\n"
    "01/03/2026;31/03/2026;Verão;Meia;MLB2;Ativo;500;5;-;20,50;-;0\n"
    "Total;;;;;;1500;25;400,00;100,50;25%;4"
)
SHOPEE = (
    "Relatório de Dados de Todos os Anúncios CPC - Shopee Brasil;;;;;;;;\n"
    "Nome da loja;Loja;;;;;;;\n"
    "Período;01/03/2026 - 31/03/2026;;;;;;;\n"
    ";;;;;;;;\n"
    "Nome do Anúncio;Status;ID do produto;Data de Início;Data de Encerramento;Impressões;Cliques;GMV;Despesas\n"
    "Tênis 42;Em andamento;991;15/11/2025 00:00:00;Ilimitado;1000;20;400,00;80,00\n"
    "Meia;Pausado;992;02/03/2026 00:00:00;Ilimitado;500;5;0,00;20,50"
)
AMAZON = (
    "Date\tCampaign Name\tCurrency\tAdvertised SKU\tAdvertised ASIN\tImpressions\tClicks\tSpend\t7 Day Total Sales \n"
    "2026-03-01\tSummer\tUSD\tA-1\tB01\t1000\t20\t$80.00\t$400.00\n"
    "2026-03-31\tSummer\tUSD\tA-2\tB02\t500\t5\t$20.50\t"
)


def told(text: str, filename: str = "anuncios.csv", channels: tuple[str, ...] = ("shopee", "amazon")) -> AdsRead:
    separator = "\t" if "\t" in text else ";"
    reading = settled(raw(cells(text.replace(separator, ";")), "arquivo"), list(channels))
    assert reading.report.kind == "advertising", reading.report
    return reports_of(_frames([reading], "ads"), period_in([filename]), marketplace_in([filename]), TODAY)


def only(text: str, filename: str = "anuncios.csv") -> AdReport:
    (report,) = told(text, filename).reports
    return report


@pytest.mark.parametrize(
    ("text", "channel", "currency"),
    [(MERCADO, "mercado_livre", "BRL"), (SHOPEE, "shopee", "BRL"), (AMAZON, "amazon", "USD")],
    ids=["Mercado Ads", "Shopee Ads", "Amazon Sponsored"],
)
def test_a_marketplaces_report_is_read_with_its_days_and_its_sums(text: str, channel: str, currency: str) -> None:
    report = only(text)

    assert (report.channel, report.currency) == (channel, currency)
    assert (report.first, report.last) == ("2026-03-01", "2026-03-31")
    assert (report.amount, report.sales, report.impressions, report.clicks) == (100.5, 400.0, 1500.0, 25.0)
    assert [(one.amount, one.sales) for one in report.products] == [(80.0, 400.0), (20.5, 0.0)]


def test_the_days_on_which_campaigns_began_are_none_of_the_costs() -> None:
    alone = "\n".join(SHOPEE.split("\n")[4:])

    assert told(alone, channels=("shopee",)).unusable == ["no_days"]
    named = only(alone, filename="Dados+Gerais+de+Anuncios+Shopee-01_03_2026-31_03_2026.csv")
    assert (named.channel, named.first, named.last, named.amount) == ("shopee", "2026-03-01", "2026-03-31", 100.5)


def test_days_to_come_are_those_of_campaigns() -> None:
    assert told(MERCADO.replace("31/03/2026", "31/12/2026")).unusable == ["future"]


def test_what_is_no_longer_kept_is_told_so_where_it_comes() -> None:
    assert told(MERCADO.replace("2026", "2023")).unusable == ["too_old"]
    assert told(MERCADO.replace("2026", "2025")).unusable == []


def test_what_names_no_channel_is_that_of_the_only_one_or_of_nobody() -> None:
    text = AMAZON.replace("Advertised ASIN", "Produto anunciado")

    assert told(text).unusable == ["no_channel"]
    assert only(text, filename="Sponsored Products.csv").channel == "amazon"
    assert told(text, channels=("shopee",)).reports[0].channel == "shopee"


def test_rows_of_searched_words_beside_those_of_their_advertisement_are_not_summed() -> None:
    text = AMAZON.replace("Advertised ASIN", "Keyword").replace("B02", "").replace("B01", "shoes")

    assert told(text) == AdsRead()


def test_the_same_report_told_again_has_the_same_key_and_another_campaign_another_one() -> None:
    later = only(MERCADO.replace("80,00;20%", "81,00;20%"))
    other = only(MERCADO.replace("Verão", "Inverno"))

    assert later.key == only(MERCADO).key != other.key
    assert AdReport.from_dict(later.to_dict()) == later


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Período: 01/03/2026 a 31/03/2026", (date(2026, 3, 1), date(2026, 3, 31))),
        ("report_20260301-20260331", (date(2026, 3, 1), date(2026, 3, 31))),
        ("criado em 05/04/2026", None),
        ("31/03/2026 a 01/03/2026", None),
        ("99/03/2026 a 31/03/2026", None),
    ],
)
def test_a_text_names_just_two_days_in_order(text: str, days: tuple[date, date] | None) -> None:
    assert period_in([text]) == days

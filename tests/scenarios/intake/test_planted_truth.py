"""What was planted in the sample documents is found by the real reading and the real rules."""

import json

import pytest

from local.samples import ChannelTruth
from schemas.facts import ChannelFacts
from streams.analysis.rules import BRIEF_CHARS, analyse, facts_brief

from .conftest import Read

DOCUMENTS = [
    "vendas_mercado_livre.xlsx",
    "Order.all.shopee.xlsx",
    "amazon_todos_os_pedidos.txt",
    "amazon_sale_report.csv",
    "tiktok_shop_pedidos.csv",
    "vendas_outros_canais.csv",
    "relatorio_trimestral.pdf",
    "relatorio_loja.docx",
    "resumo_shein.md",
    "painel_americanas.html",
]
WITH_TABLES = [name for name in DOCUMENTS if not name.endswith(".pdf")]


def test_every_sample_is_tested(read_samples: dict[str, Read]) -> None:
    """A sample that is added later cannot be forgotten here."""
    assert set(DOCUMENTS) == set(read_samples)


@pytest.mark.parametrize("name", WITH_TABLES)
def test_the_sums_are_the_planted_sums_to_the_cent(read_samples: dict[str, Read], name: str) -> None:
    read = read_samples[name]
    for channel, truth in read.sample.truth.channels.items():
        own = read.facts.for_channel(channel)
        assert own is not None
        assert_sums(own, truth)


def assert_sums(own: ChannelFacts, truth: ChannelTruth) -> None:
    figures = {figure.metric: figure.value for figure in own.figures}
    expected = {
        "revenue": truth.revenue,
        "orders": truth.orders,
        "units": truth.units,
        "returned_units": truth.returned_units,
        "refunds": truth.refunds,
        "fees": truth.fees,
        "shipping_cost": truth.shipping,
    }
    known = {metric: pytest.approx(value, abs=0.005) for metric, value in expected.items() if value is not None}
    assert {metric: figures.get(metric) for metric in known} == known
    if truth.cancelled_orders is not None and truth.orders is not None:
        rate = truth.cancelled_orders / (truth.cancelled_orders + truth.orders)
        assert figures["cancellation_rate"] == pytest.approx(rate, abs=0.0001)


@pytest.mark.parametrize("name", WITH_TABLES)
def test_the_layout_is_recognised_and_no_column_is_missing(read_samples: dict[str, Read], name: str) -> None:
    read = read_samples[name]
    layouts = [table.layout for table in read.facts.tables if table.layout != "unknown"]

    assert layouts == [read.sample.truth.layout]
    if read.sample.truth.layout != "plain":
        table = next(table for table in read.facts.tables if table.layout == layouts[0])
        assert table.columns_missing == []


@pytest.mark.parametrize("name", WITH_TABLES)
def test_the_planted_products_are_found_by_the_rules(read_samples: dict[str, Read], name: str) -> None:
    read = read_samples[name]
    for channel, truth in read.sample.truth.channels.items():
        analysis = analyse(channel, read.facts)
        found = {opportunity.id: opportunity for opportunity in analysis.opportunities}
        everywhere = all("stock-out" in other.planted for other in read.sample.truth.channels.values())
        for planted, sku in truth.planted.items():
            is_shared = planted == "stock-out" and everywhere and len(read.sample.truth.channels) > 1
            rule = "stopped-everywhere" if is_shared else planted
            opportunity = found.get(f"{channel}-{rule}")
            assert opportunity is not None, f"{channel}: {rule} not among {sorted(found)}"
            named = [named for evidence in opportunity.evidence for named in evidence.skus]
            assert not sku or named[0] == sku, f"{channel}: {rule} names {named}"
        assert analysis.phases[0].number == 1
        assert 1 <= len(analysis.phases[0].tasks) <= 5


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_buyer_is_in_any_output(read_samples: dict[str, Read], name: str) -> None:
    read = read_samples[name]
    outputs = [json.dumps(read.facts.to_dict(), ensure_ascii=False)]
    for channel in read.sample.channels:
        outputs.append(json.dumps(analyse(channel, read.facts).to_dict(), ensure_ascii=False))
        outputs.append(facts_brief(channel, read.facts))
    text = "\n".join(outputs).lower()

    assert read.sample.truth.personal
    assert [secret for secret in read.sample.truth.personal if secret.lower() in text] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_brief_is_json_within_its_cap(read_samples: dict[str, Read], name: str) -> None:
    read = read_samples[name]
    for channel in read.sample.channels:
        brief = facts_brief(channel, read.facts)
        assert len(brief) <= BRIEF_CHARS
        assert json.loads(brief)["channel"] == channel


def test_a_report_in_prose_gets_an_honest_plan(read_samples: dict[str, Read]) -> None:
    """No table, so no figure and no opportunity, but a task that says what to send."""
    read = read_samples["relatorio_trimestral.pdf"]
    analysis = analyse("magalu", read.facts)

    assert "concorrente principal" in read.facts.text
    assert analysis.opportunities == []
    assert analysis.limits
    assert [len(phase.tasks) for phase in analysis.phases] == [1]
    assert "Magalu" in analysis.phases[0].tasks[0].title


def test_small_tables_of_indicators_are_quoted(read_samples: dict[str, Read]) -> None:
    assert "Nota média | 4,6" in read_samples["relatorio_loja.docx"].facts.text

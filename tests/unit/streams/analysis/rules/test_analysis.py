"""The analysis as a whole: phases, honesty, the brief, and that it is pure."""

import ast
import json
from pathlib import Path

import pytest

from schemas.facts import (
    ChannelFacts,
    DocumentFacts,
    Figure,
    Month,
    Product,
    Reconciliation,
    RowDifference,
    TableRead,
)
from schemas.plan import ChannelAnalysis
from streams.analysis.rules import BRIEF_CHARS, MODEL, analyse, facts_brief
from streams.analysis.rules.formats import agree, day, listing, money, number, percent, plural

MANY = [
    Figure("revenue", 10_000.0, "BRL"),
    Figure("orders", 200.0, "count"),
    Figure("period_days", 30.0, "days"),
    *(Figure(metric, 0.9, "ratio", ["A"], {"top": 1, "products": 10}) for metric in (
        "fee_share", "shipping_share", "cancellation_rate", "discount_depth", "unpaid_share", "concentration_top10",
        "advertising_share", "missing_sku_share", "slow_shipping_share",
    )),
    Figure("dispatch_days", 4.0, "days"),
]  # fmt: skip


def document(*channels: ChannelFacts, tables: list[TableRead] | None = None, text: str = "") -> DocumentFacts:
    return DocumentFacts("text/csv", "vendas", tables or [], list(channels), text)


def shopee(figures: list[Figure], products: list[Product] | None = None) -> ChannelFacts:
    return ChannelFacts("shopee", ["2026-01-01", "2026-01-30"], "BRL", figures, products or [])


def test_phase_one_has_at_most_five_quick_wins_and_more_phases_follow() -> None:
    found = analyse("shopee", document(shopee(MANY)))

    assert len(found.opportunities) == 9
    assert [phase.number for phase in found.phases] == [1, 2, 3]
    assert [len(phase.tasks) for phase in found.phases] == [5, 5, 2]
    known = {opportunity.id for opportunity in found.opportunities}
    tasks = [task for phase in found.phases for task in phase.tasks]
    assert {task.opportunity_id for task in tasks} <= known
    assert all(task.title and task.what and task.channel == "shopee" for task in tasks)
    assert found.phases[0].tasks[0].opportunity_id == found.opportunities[0].id
    assert all(phase.investment and phase.expected_impact and phase.weeks for phase in found.phases)


def test_without_a_quick_step_phase_one_takes_the_best_of_the_rest() -> None:
    found = analyse("shopee", document(shopee([Figure("missing_sku_share", 0.5, "ratio")])))

    assert found.phases[0].number == 1
    assert [task.title for task in found.phases[0].tasks] == ["Preencher os SKUs"]


def test_a_healthy_channel_gets_a_review_task_and_says_so() -> None:
    found = analyse("shopee", document(shopee([Figure("revenue", 10.0, "BRL")])))

    assert found.opportunities == []
    assert [len(phase.tasks) for phase in found.phases] == [1]
    assert "Nenhuma regra" in found.summary


@pytest.mark.parametrize(
    ("facts", "limit"),
    [
        (document(text="Vendemos bem."), "não tem tabelas"),
        (document(shopee(MANY)), "traz vendas de Shopee, mas não de Amazon"),
        (document(tables=[TableRead("planilha “X”", "unknown", 9)]), "planilha “X”: as colunas não foram reconhecidas"),
        (document(tables=[TableRead("arquivo", "plain", 9, columns_missing=["SKU"])]), "arquivo: não há a coluna SKU."),
        (
            document(tables=[TableRead("arquivo", "plain", 9, columns_missing=["SKU", "Data"])]),
            "arquivo: não há as colunas SKU e Data.",
        ),
        (document(ChannelFacts("amazon", [], "BRL")), "não tem tabelas"),
    ],
)
def test_a_document_without_the_channel_is_answered_honestly(facts: DocumentFacts, limit: str) -> None:
    found = analyse("amazon", facts)

    assert found.opportunities == []
    assert [len(phase.tasks) for phase in found.phases] == [1]
    (task,) = found.phases[0].tasks
    assert task.title == "Revisar o documento e enviar as vendas de Amazon"
    assert "“O que a análise não pôde ver” diz por quê. Se dá para mudar o arquivo, mude-o" in task.what
    assert any(limit in text for text in found.limits)
    assert not any(char.isdigit() for char in found.summary.replace("Fase 1", ""))  # no figure is made up


def test_sales_that_name_no_channel_are_told_as_such_with_what_to_do() -> None:
    nobodys = TableRead("planilha “X”", "plain", 9, kind="sales", unnamed=9)
    found = analyse("amazon", document(tables=[nobodys]))
    (task,) = found.phases[0].tasks

    assert "traz vendas, mas não diz se são de Amazon" in found.summary
    assert task.title == "Dizer se as vendas são de Amazon"
    assert "escolha esse canal na página do plano" in task.what
    elsewhere = analyse("amazon", document(shopee(MANY), tables=[nobodys]))
    assert "O documento não traz vendas de Amazon" in elsewhere.summary


def test_sales_that_were_left_out_are_told_as_such_and_nobody_is_asked_for_their_channel() -> None:
    extract = TableRead("tabela 1", "plain", 2, warnings=["é um trecho."], kind="sales")
    found = analyse("amazon", document(tables=[extract]))
    (task,) = found.phases[0].tasks

    assert found.summary.startswith("O documento traz vendas que não foram somadas como as de Amazon")
    assert task.title == "Enviar todas as vendas de Amazon"
    assert "envie o relatório inteiro: Seller Central" in task.what
    assert "tabela 1: é um trecho." in found.limits
    elsewhere = analyse("amazon", document(shopee(MANY), tables=[extract]))
    assert "O documento não traz vendas de Amazon" in elsewhere.summary


def test_a_table_whose_columns_nobody_said_is_asked_about_and_no_other_export() -> None:
    unclear = document(tables=[TableRead("arquivo", "unknown", 9, asks=True)])
    found = analyse("amazon", unclear)
    (task,) = found.phases[0].tasks

    assert "pode ser de vendas de Amazon, e ninguém disse o que são as colunas" in found.summary
    assert "a Fase 1 diz o que fazer" in found.summary
    assert task.title == "Dizer o que são as colunas do documento"
    assert "Abra “Ver as colunas” na página do plano" in task.what
    assert analyse("amazon", document(tables=[TableRead("arquivo", "unknown", 9)])).phases[0].tasks[0] != task


def test_missing_columns_are_told() -> None:
    table = TableRead("arquivo", "amazon.orders", 3, ["sku"], ["item-price"], ["2 linhas sem valor."])
    found = analyse("shopee", document(shopee([Figure("units", 3.0, "count")]), tables=[table]))

    assert "arquivo: 2 linhas sem valor." in found.limits
    assert "arquivo: não há a coluna item-price." in found.limits
    assert any("Sem coluna de tarifas" in limit for limit in found.limits)


def test_the_same_facts_give_the_same_analysis_and_it_survives_storage() -> None:
    facts = document(shopee(MANY))
    found = analyse("shopee", facts)

    assert analyse("shopee", DocumentFacts.from_dict(json.loads(json.dumps(facts.to_dict())))) == found
    assert ChannelAnalysis.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    assert (found.source, found.model, found.repairs) == ("rules", MODEL, [])


def test_the_brief_leaves_out_whole_parts_and_says_which() -> None:
    products = [Product(f"SKU-{n:04d}", "título " * 15, 1.0, 1.0, 1) for n in range(60)]
    big = [
        Figure(f"m{n}", 0.5, "ratio", ["A"], {"by_sku": {f"S{i}": {"x": 1.0} for i in range(60)}}) for n in range(40)
    ]
    facts = document(shopee(big, products), text="palavra " * 3_000)
    brief = facts_brief("shopee", facts)

    assert len(brief) <= BRIEF_CHARS
    content = json.loads(brief)
    assert set(content["left_out"]) >= {"products", "text", "details"}
    assert set(content["figures"]) == {f"m{n}" for n in range(40)}


def test_of_too_many_figures_the_brief_keeps_the_first() -> None:
    many = [Figure(f"figure_{n}", 0.5, "ratio") for n in range(500)]
    brief = facts_brief("shopee", document(shopee(many)))

    assert len(brief) <= BRIEF_CHARS
    content = json.loads(brief)
    assert content["left_out"] == ["figures"]
    assert list(content["figures"]) == [f"figure_{n}" for n in range(len(content["figures"]))]
    assert len(content["figures"]) > 100


def test_the_brief_of_a_small_document_is_whole() -> None:
    content = json.loads(facts_brief("shopee", document(shopee(MANY), text="Oi")))

    assert "left_out" not in content
    assert content["figures"]["fee_share"]["value"] == 0.9
    assert content["text"] == "Oi"
    assert json.loads(facts_brief("amazon", document(shopee(MANY))))["figures"] == {}


def test_brazilian_formats() -> None:
    assert number(1234567.891, 2) == "1.234.567,89"
    assert money(-12.9) == "-R$ 12,90"
    assert money(5, "INR") == "INR 5,00"
    assert percent(0.12345) == "12,3%"
    assert (percent(0.0215), percent(0.0225)) == ("2,2%", "2,2%")  # as the page rounds what is kept
    assert day("2026-03-31") == "31/03/2026"
    assert listing([]) == ""
    assert listing(["A", "B"]) == "A e B"
    assert listing(list("ABCDE")) == "A, B, C e mais 2"
    assert plural(1, "produto", "produtos") == "1 produto"
    assert agree(["A"], "volta", "voltam") == "volta"


def test_the_rules_are_pure() -> None:
    """They import the contract and plain parts of the standard library: no I/O, clock, chance or log."""
    allowed = {
        "__future__",
        "collections",
        "dataclasses",
        "datetime",
        "decimal",
        "json",
        "schemas",
        "streams",
        "typing",
    }
    folder = Path(__file__).parents[5] / "streams" / "analysis" / "rules"
    files = list(folder.glob("*.py"))
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in allowed, f"{path.name} imports {name}"
                assert not name.startswith("streams") or name.startswith("streams.analysis.rules")
    assert len(files) >= 10


@pytest.mark.parametrize(
    ("days", "told", "limit"),
    [
        (None, "No documento, que não tem datas, isso soma até R$ 600,00.", "Sem datas: não há valores por mês"),
        (1.0, "No dia do documento, isso soma até R$ 600,00.", "O documento cobre só 1 dia: os valores são desse"),
        (2.0, "Nos 2 dias do documento, isso soma até R$ 600,00.", "O documento cobre só 2 dias: os valores são"),
        (27.0, "Nos 27 dias do documento, isso soma até R$ 600,00.", "O documento cobre só 27 dias: os valores são"),
    ],
)
def test_a_document_without_a_month_has_no_amounts_a_month(days: float | None, told: str, limit: str) -> None:
    found = analyse("shopee", losing(days))

    assert found.opportunities[0].worth_brl is None
    assert told in found.opportunities[0].what
    assert found.opportunities[0].priority == "high"  # it is a large share of what was sold in these days
    assert "por mês)" not in found.summary
    assert "por mês" not in found.phases[0].expected_impact
    assert any(text.startswith(limit) for text in found.limits)


@pytest.mark.parametrize(("days", "worth"), [(28.0, 600.0), (30.44 * 6, 100.0), (365.25 * 11, 600 / 11 / 12)])
def test_a_long_document_is_divided_by_its_months(days: float, worth: float) -> None:
    found = analyse("shopee", losing(days)).opportunities[0]

    assert found.worth_brl == pytest.approx(worth, rel=0.001)
    assert "isso soma" not in found.what


def losing(days: float | None) -> DocumentFacts:
    period = [] if days is None else [Figure("period_days", days, "days")]
    figures = [Figure("revenue", 30_000.0, "BRL"), Figure("orders", 300.0, "count"), *period]
    by_sku = {"A": {"net": -600.0, "revenue": 100.0, "units": 10, "fees": 60.0, "shipping": 640.0}}
    losses = Figure("product_losses", 600.0, "BRL", ["A"], {"products": 1, "by_sku": by_sku})
    return DocumentFacts("text/csv", "v", [], [ChannelFacts("shopee", [], "BRL", [*figures, losses])])


def test_an_unknown_currency_is_not_told_as_reais() -> None:
    figures = [Figure("revenue", 1000.0, "money"), Figure("fee_share", 0.3, "ratio"), Figure("period_days", 60, "days")]
    own = ChannelFacts("shopee", [], "", figures, warnings=["O documento não diz a moeda."])
    found = analyse("shopee", document(own))

    assert found.opportunities[0].worth_brl is None
    assert found.summary.startswith("Shopee: 1.000,00 de receita.")
    assert "R$" not in json.dumps([found.summary, found.opportunities[0].what], ensure_ascii=False)
    assert "O documento não diz a moeda." in found.limits


def test_shipping_that_brings_money_in_is_told_as_an_income() -> None:
    own = shopee([Figure("revenue", 1000.0, "BRL"), Figure("shipping_income", 50.0, "BRL")])
    found = analyse("shopee", document(own))

    assert "O envio rendeu R$ 50,00" in found.summary
    assert not any("custo de envio pago" in limit for limit in found.limits)


def test_an_export_of_returns_alone_is_told_as_such() -> None:
    table = TableRead("planilha “a”", "mercado_livre.vendas", 400, warnings=["só há devoluções"], kind="returns")
    found = analyse("mercado_livre", document(tables=[table]))

    assert found.summary.startswith("O documento traz só devoluções e cancelamentos, e não todas as vendas")
    assert found.opportunities == []
    assert "planilha “a”: só há devoluções" in found.limits


def test_the_causes_of_an_export_of_returns_alone_are_all_that_is_judged() -> None:
    table = TableRead("planilha “a”", "unknown", 40, warnings=["São só devoluções"], kind="returns")
    causes = {"defect": {"rows": 30, "share": 0.75, "skus": ["A"]}, "other": {"rows": 10, "share": 0.25, "skus": []}}
    own = ChannelFacts("shopee", [], "", [Figure("returns_by_cause", 40.0, "count", ["A"], {"causes": causes})])
    found = analyse("shopee", document(own, tables=[table]))

    assert "Com motivo: 40 devoluções; nenhuma taxa foi calculada." in found.summary
    assert [one.id for one in found.opportunities] == ["shopee-return-causes"]
    assert found.limits == ["planilha “a”: São só devoluções"]


def test_of_a_short_document_the_larger_amount_comes_first() -> None:
    """Though neither has a worth a month."""
    figures = [Figure("revenue", 1000.0, "BRL"), Figure("period_days", 2.0, "days")]
    shares = [Figure("fee_share", 0.25, "ratio"), Figure("shipping_share", 0.30, "ratio")]
    found = analyse("shopee", document(shopee([*figures, *shares])))

    assert [(o.id, o.worth_brl) for o in found.opportunities] == [("shopee-shipping", None), ("shopee-fees", None)]


def test_units_are_told_where_orders_are_unknown() -> None:
    found = analyse("shopee", document(shopee([Figure("revenue", 10.0, "BRL"), Figure("units", 3.0, "count")])))

    assert "R$ 10,00 de receita em 3 unidades" in found.summary


def test_orders_are_told_with_their_ticket() -> None:
    figures = [Figure("revenue", 10.0, "BRL"), Figure("orders", 2.0, "count"), Figure("average_ticket", 5.0, "BRL")]

    assert "em 2 pedidos (ticket médio R$ 5,00)" in analyse("shopee", document(shopee(figures))).summary


def test_a_small_gain_can_wait_and_one_without_revenue_is_normal() -> None:
    """A price gap, of which the share of revenue decides."""
    by_sku = {"A": {"here": 9.0, "other": 10.0, "other_channel": "amazon", "gap": 0.1, "units": 10}}
    gap = Figure("price_gap", 0.1, "ratio", ["A"], {"by_sku": by_sku})
    small = analyse("shopee", document(shopee([gap, Figure("revenue", 10_000.0, "BRL")]))).opportunities
    unknown = analyse("shopee", document(shopee([gap]))).opportunities

    assert [opportunity.priority for opportunity in (*small, *unknown)] == ["low", "normal"]


def test_the_brief_tells_of_months_the_currency_and_the_check_of_totals() -> None:
    check = Reconciliation("Total (BRL)", 90.0, 100.0, 10.0, 0.1111, 3, [RowDifference("1", 0, 2, 9.0, 10.0)])
    own = ChannelFacts(
        "shopee",
        [],
        "BRL",
        [Figure("revenue", 1.0, "BRL", ["A"])],
        [],
        "assumed",
        [Month("2026-03", 10.0)],
        check,
        ["?"],
    )
    content = json.loads(facts_brief("shopee", document(own)))

    assert content["months"] == [{"month": "2026-03", "revenue": 10.0}]
    assert (content["currency"], content["currency_source"], content["doubts"]) == ("BRL", "assumed", ["?"])
    assert content["total_check"] == {"column": "Total (BRL)", "theirs": 90.0, "ours": 100.0, "share": 0.1111}
    assert content["figures"]["revenue"] == {"value": 1.0, "unit": "BRL", "skus": ["A"]}

"""Returns by cause and the distance to a reputation limit, as the plan tells them."""

from typing import Any

import pytest

from schemas.facts import ChannelFacts, DocumentFacts, Figure
from schemas.plan import ChannelAnalysis
from streams.analysis.rules import analyse


def analysis(*figures: Figure) -> ChannelAnalysis:
    base = [Figure("revenue", 30_000.0, "BRL"), Figure("orders", 300.0, "count"), Figure("period_days", 90.0, "days")]
    own = ChannelFacts("mercado_livre", ["2026-01-01", "2026-03-31"], "BRL", [*base, *figures])
    return analyse("mercado_livre", DocumentFacts("text/csv", "v", [], [own]))


def by_cause(**rows: int) -> Figure:
    total = sum(rows.values())
    causes = {cause: {"rows": n, "share": n / total, "skus": [f"S-{cause}"]} for cause, n in rows.items()}
    return Figure("returns_by_cause", total, "count", ["X"], {"causes": causes})


def test_each_cause_that_counts_has_its_step() -> None:
    found = analysis(by_cause(defect=18, other=14, size=8, late=4))
    (opportunity,) = found.opportunities

    assert opportunity.id == "mercado_livre-return-causes"
    assert opportunity.title == "Tratar a principal causa das devoluções: defeito"
    assert [evidence.text for evidence in opportunity.evidence] == [
        "Defeito: 40,9% (de 27,7% a 55,6%, 44 devoluções); mais em S-defect",
        "Tamanho: 18,2% (de 9,5% a 32,0%, 44 devoluções); mais em S-size",
    ]
    assert [task.title for task in found.phases[0].tasks] == [
        "Conferir o lote de S-defect e falar com o fornecedor",
        "Pôr a tabela de medidas no anúncio de S-size",
    ]
    assert opportunity.worth_brl is None


@pytest.mark.parametrize("figure", [by_cause(defect=4, size=4), by_cause(other=30)])
def test_few_returns_or_causes_that_nobody_can_mend_are_no_finding(figure: Figure) -> None:
    assert analysis(figure).opportunities == []


def recent(metric: str, bad: int, room: int, limit: float = 0.02, **more: Any) -> Figure:
    detail = {"successes": bad, "trials": 200, "days": 60, "limit": limit, "room": room, "source": "https://a.example"}
    return Figure(metric, bad / 200, "ratio", ["A", "B"], detail | more)


def test_near_a_limit_it_tells_how_many_more_fit() -> None:
    (found,) = analysis(recent("recent_claims", 3, 1)).opportunities

    assert (found.id, found.priority) == ("mercado_livre-reputation", "normal")
    assert found.title == "Proteger a reputação: devoluções e reclamações perto do limite de 2,0%"
    assert found.what.startswith(
        "Devoluções e reclamações: até 3 de 200 pedidos nos últimos 60 dias (1,5%, pelo acaso de 0,5% a 4,3%; "
        "limite 2,0%). Até o limite cabe mais 1. Mais em A e B."
    )


def test_above_a_limit_it_is_urgent_and_the_worst_comes_first() -> None:
    late = recent("recent_late_dispatch", 80, -600, limit=0.1)
    found = analysis(recent("recent_claims", 5, -50), recent("recent_cancellations", 9, -400, limit=0.015), late)
    (opportunity,) = found.opportunities

    assert opportunity.priority == "high"
    assert opportunity.title == "Proteger a reputação: cancelamentos podem estar acima do limite de 1,5%"
    assert "seriam precisos mais 400 pedidos sem problema" in opportunity.what
    assert [evidence.metric for evidence in opportunity.evidence] == [
        "recent_claims", "recent_cancellations", "recent_late_dispatch",
    ]  # fmt: skip
    assert len(found.phases[0].tasks) == 2


def test_far_from_a_limit_it_is_only_told() -> None:
    found = analysis(recent("recent_claims", 2, 2), recent("recent_cancellations", 0, 3, limit=0.015))

    assert found.opportunities == []
    assert any(text.startswith("Reputação: Devoluções e reclamações: até 2 de 200") for text in found.limits)
    assert any(
        "Até o limite cabem mais 3. Mais em A e B. O limite de cancelamentos foi lido em https://a.example" in text
        for text in found.limits
    )


def late(bad: int, room: int) -> Figure:
    return recent("recent_late_dispatch", bad, room, limit=0.1)


def test_late_dispatch_alone_is_a_low_finding_that_says_what_no_export_tells() -> None:
    (found,) = analysis(late(30, -100)).opportunities

    assert (found.id, found.priority, found.worth_brl) == ("mercado_livre-reputation", "low", None)
    assert found.title == "Proteger a reputação: postagens depois de 2 dias podem estar acima do limite de 10,0%"
    assert found.what == (
        "Postagens depois de 2 dias: até 30 de 200 pedidos nos últimos 60 dias (15,0%, pelo acaso de 10,7% a 20,6%; "
        "limite 10,0%). Para voltar ao limite seriam precisos mais 100 pedidos sem problema. Mais em A e B. O arquivo "
        "não diz o prazo de cada pedido: confira no painel do canal quantos atrasaram."
    )
    assert found.evidence[0].skus == ["A", "B"]


def test_late_dispatch_far_from_its_limit_is_told_with_its_products() -> None:
    told = analysis(late(8, 13))

    assert told.opportunities == []
    assert (
        "Reputação: Postagens depois de 2 dias: até 8 de 200 pedidos nos últimos 60 dias (4,0%, pelo acaso de 2,0% a "
        "7,7%; limite 10,0%). Até o limite cabem mais 13. Mais em A e B. O limite de postagens depois de 2 dias foi "
        "lido em https://a.example; confira no painel do canal. O arquivo não diz o prazo de cada pedido: confira no "
        "painel do canal quantos atrasaram." in told.limits
    )


def test_dispatch_that_is_slow_anyway_is_one_finding_and_its_distance_a_note() -> None:
    slow = [Figure("slow_shipping_share", 0.4, "ratio"), Figure("dispatch_days", 2.5, "days")]
    told = analysis(late(80, -600), *slow)

    assert [one.id for one in told.opportunities] == ["mercado_livre-slow-dispatch"]
    assert any("seriam precisos mais 600 pedidos sem problema" in text for text in told.limits)


def test_a_full_limit_leaves_no_room() -> None:
    (found,) = analysis(recent("recent_claims", 4, 0)).opportunities
    assert "Não cabe mais nenhum até o limite." in found.what


@pytest.mark.parametrize(
    ("channel", "figures", "is_said"),
    [
        ("shopee", [Figure("cancellation_rate", 0.01, "ratio")], True),
        ("shopee", [], False),  # nothing tells of orders' statuses: that is said already
        ("own_store", [Figure("cancellation_rate", 0.01, "ratio")], False),
        ("mercado_livre", [Figure("cancellation_rate", 0.01, "ratio"), recent("recent_claims", 2, 2)], False),
    ],
)
def test_a_channel_whose_limits_nobody_knows_is_said_to_be_so(
    channel: str, figures: list[Figure], is_said: bool
) -> None:
    own = ChannelFacts(channel, ["2026-01-01", "2026-03-31"], "BRL", [Figure("revenue", 1.0, "BRL"), *figures])
    limits = analyse(channel, DocumentFacts("text/csv", "v", [], [own])).limits

    assert any("Reputação: nenhum limite foi conferido" in text for text in limits) == is_said

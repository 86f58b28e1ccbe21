"""Arranges findings into phases: the most valuable quick wins first, then weeks, then months."""

from __future__ import annotations

from typing import Final

from schemas.channels import channel_name
from schemas.plan import FALLBACK_TASK_LIMIT, Phase, PhaseTask
from streams.analysis.rules.finding import Finding, rank
from streams.analysis.rules.formats import money

PHASE_ONE_TASKS: Final = FALLBACK_TASK_LIMIT
LATER_TASKS: Final = 6

_NAMES: Final = {
    1: ("Fase 1 - Ganhos rápidos", "Semanas 1-4"),
    2: ("Fase 2 - Correções de processo", "Semanas 5-8"),
    3: ("Fase 3 - Crescimento sustentado", "Semanas 9-12"),
}
_INVESTMENTS: Final = {
    1: "Tempo da equipe; sem gasto além da operação atual.",
    2: "Tempo da equipe e, conforme o caso, embalagem, estoque ou sistema.",
    3: "A definir com os números das fases anteriores.",
}

#: Where a channel's own sales report is found, for people whose document did not have it.
EXPORTS: Final[dict[str, str]] = {
    "mercado_livre": "Vendas > Baixar relatório de vendas (Excel)",
    "shopee": "Central do Vendedor > Meus Pedidos > Exportar (Order.all)",
    "amazon": "Seller Central > Relatórios > Logística > Todos os pedidos",
    "tiktok_shop": "Seller Center > Pedidos > Exportar",
}
_ANY_EXPORT: Final = "uma planilha com pedido, data, SKU, quantidade, valor, tarifas e frete por linha"


def phases_of(findings: list[Finding]) -> list[Phase]:
    """Return the phases that have a task. Phase 1 has at most five, of the most valuable findings."""
    ordered = sorted(findings, key=rank)
    limits = {1: PHASE_ONE_TASKS, 2: LATER_TASKS, 3: LATER_TASKS}
    phases: list[Phase] = []
    for number, limit in limits.items():
        chosen = [(finding, step) for finding in ordered for step in finding.steps if step.phase == number][:limit]
        if number == 1 and not chosen:  # nothing is quick: begin with the best of the rest
            chosen = [(finding, finding.steps[0]) for finding in ordered[:limit]]
        if not chosen:
            continue
        tasks = [
            PhaseTask(step.title, step.what, f.opportunity.channel, f.opportunity.priority, f.opportunity.id)
            for f, step in chosen
        ]
        name, weeks = _NAMES[number]
        worths = {f.opportunity.id: f.opportunity.worth_brl or 0.0 for f, _ in chosen}
        phases.append(Phase(number, name, weeks, tasks, _INVESTMENTS[number], impact_of(number, sum(worths.values()))))
    return phases


def review_phase(
    channel: str,
    *,
    has_figures: bool,
    is_unnamed: bool = False,
    is_unclear: bool = False,
    is_left_out: bool = False,
) -> Phase:
    """Return Phase 1 for a document that gives no opportunity: one task for a person, and honest about why.

    `is_unnamed`: it has sales, and does not tell of which channel. `is_unclear`: it may have some, and nobody said what
    its columns are. `is_left_out`: it has some that are no whole, such as an extract.
    """
    name, weeks = _NAMES[1]
    channel_text = channel_name(channel)
    if has_figures:
        task = PhaseTask(
            f"Revisar os números de {channel_text}",
            "Nenhuma regra encontrou algo fora do normal. Confira os números com a equipe e envie o próximo período "
            "para comparar.",
            channel,
        )
        impact = "Confirmação de que os números estão em ordem."
    elif is_unnamed:
        task = PhaseTask(
            f"Dizer se as vendas são de {channel_text}",
            f"O documento traz vendas e não diz de qual canal são. Se são de {channel_text}, escolha esse canal na "
            "página do plano, em “De qual canal são estas vendas?”; se são de vários, ponha uma coluna “Canal” e envie "
            "o arquivo outra vez.",
            channel,
        )
        impact = "Com o canal das vendas, o próximo plano traz os números e as oportunidades."
    elif is_left_out:
        task = PhaseTask(
            f"Enviar todas as vendas de {channel_text}",
            "O documento traz vendas que não foram somadas; “O que a análise não pôde ver” diz por quê. Se é um "
            f"trecho, envie o relatório inteiro: {EXPORTS.get(channel, _ANY_EXPORT)}.",
            channel,
        )
        impact = "Com todas as vendas, o próximo plano traz os números e as oportunidades."
    elif is_unclear:
        task = PhaseTask(
            "Dizer o que são as colunas do documento",
            f"O documento traz uma tabela que pode ser de vendas de {channel_text}, e não está claro o que são as "
            "colunas dela. Abra “Ver as colunas” na página do plano, diga o que é cada uma e escolha o arquivo outra "
            "vez: um novo plano traz os números.",
            channel,
        )
        impact = "Com as colunas ditas, o próximo plano traz os números e as oportunidades."
    else:
        task = PhaseTask(
            f"Revisar o documento e enviar as vendas de {channel_text}",
            f"O documento não traz números de venda de {channel_text} que possam ser lidos; “O que a análise não pôde "
            "ver” diz por quê. Se dá para mudar o arquivo, mude-o e envie-o outra vez; se não, envie também: "
            f"{EXPORTS.get(channel, _ANY_EXPORT)}.",
            channel,
        )
        impact = "Com as vendas em planilha, o próximo plano traz oportunidades com valores."
    return Phase(1, name, weeks, [task], _INVESTMENTS[1], impact)


def impact_of(number: int, worth: float) -> str:
    """Return the goal of a phase, in words."""
    if worth <= 0:
        return "Redução de risco; sem valor que o documento permita calcular."
    if number > 1:
        return "Continua o ganho das oportunidades da Fase 1 e evita que os problemas voltem."
    return f"Até {money(worth)} por mês, se todas derem certo; as oportunidades podem se sobrepor."

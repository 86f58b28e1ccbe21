"""The names that models give to the fields of a plan, in Portuguese, English and camelCase."""

from __future__ import annotations

import unicodedata
from typing import Final

#: field of the canonical shape -> other names with one plain meaning (compared without case, accents, signs)
_SUMMARY = ("resumo", "sumario", "resumo_executivo", "executive_summary", "overview", "visao_geral")
_TITLE = ("titulo", "nome", "name", "acao", "action", "oportunidade", "opportunity", "tarefa", "task", "headline")
_WHAT = (
    "descricao", "description", "o_que", "o_que_fazer", "oque", "detalhe", "detalhes", "detail", "details",
    "desc", "como", "how", "explicacao", "recomendacao", "recommendation", "texto", "text",
)  # fmt: skip
_PRIORITY = ("prioridade", "prio", "urgencia", "urgency", "importancia", "importance", "nivel_prioridade")
_EVIDENCE = ("evidencia", "evidencias", "evidences", "dados", "data", "figures", "figuras", "provas", "metricas")
_SKUS = ("sku", "produtos", "products", "itens", "items", "codigos")

ANSWER: Final[dict[str, tuple[str, ...]]] = {
    "reasoning": ("raciocinio", "thinking", "thoughts", "pensamento"),
    "summary": _SUMMARY,
    "opportunities": ("oportunidades", "opportunity", "oportunidade", "opportunity_list", "lista_oportunidades"),
    "phases": ("fases", "phase", "fase", "etapas", "plano_fases", "fases_do_plano", "roadmap", "cronograma"),
    "limits": ("limites", "limitacoes", "limitations", "ressalvas", "caveats"),
}
OPPORTUNITY: Final[dict[str, tuple[str, ...]]] = {
    "id": ("identificador", "identifier", "opportunity_id", "codigo", "ref"),
    "title": _TITLE,
    "what": _WHAT,
    "priority": _PRIORITY,
    "evidence": _EVIDENCE,
    "worth_brl": (
        "worth", "valor", "valor_brl", "valor_estimado", "ganho", "ganho_estimado", "ganho_mensal", "retorno",
        "potencial", "potencial_brl", "estimated_value", "monthly_gain", "valor_mensal",
    ),
}  # fmt: skip
TASK: Final[dict[str, tuple[str, ...]]] = {
    "title": _TITLE,
    "what": _WHAT,
    "priority": _PRIORITY,
    "opportunity_id": ("oportunidade_id", "id_oportunidade", "opportunity_ref", "opportunity_ids", "ref"),
}
PHASE: Final[dict[str, tuple[str, ...]]] = {
    "number": ("numero", "num", "n", "phase_number", "numero_fase", "fase_numero", "ordem", "order", "index"),
    "name": ("nome", "titulo", "title", "fase", "phase"),
    "weeks": ("semanas", "semana", "week", "prazo", "periodo", "duracao", "duration", "timeline", "timeframe"),
    "tasks": ("tarefas", "tarefa", "task", "acoes", "actions", "atividades", "activities", "passos", "steps"),
    "investment": ("investimento", "custo", "cost", "orcamento", "budget", "investimento_estimado"),
    "expected_impact": (
        "impacto_esperado", "impacto", "impact", "resultado_esperado", "expected_result", "expected_results",
        "resultados_esperados", "beneficio", "benefit",
    ),
}  # fmt: skip
EVIDENCE: Final[dict[str, tuple[str, ...]]] = {
    "metric": ("metrica", "indicador", "kpi", "figure", "nome", "name", "id"),
    "value": ("valor", "numero", "number", "amount", "quantidade"),
    "unit": ("unidade", "unidade_medida", "un"),
    "text": ("texto", "descricao", "description", "explicacao", "what", "frase", "comentario"),
    "skus": _SKUS,
}

#: objects that models wrap the whole answer in
WRAPPERS: Final = frozenset(
    {"plano", "plan", "analise", "analysis", "resultado", "result", "resposta", "response", "answer", "data",
     "dados", "output", "saida", "channelanalysis", "analisecanal", "marketplaceplan", "json", "arguments"}
)  # fmt: skip


def plain(name: str) -> str:
    """Return a name without case, accents and signs: `Impacto Esperado` -> `impactoesperado`."""
    folded = name.casefold()
    if folded.isascii():  # nearly every name
        return "".join(filter(str.isalnum, folded))
    split = unicodedata.normalize("NFKD", folded)
    return "".join(c for c in split if c.isalnum() and not unicodedata.combining(c))


def _by_plain(fields: dict[str, tuple[str, ...]]) -> dict[str, str]:
    known = {plain(alias): field for field, aliases in fields.items() for alias in aliases}
    return known | {plain(field): field for field in fields}


ALIASES: Final[dict[str, dict[str, str]]] = {
    "answer": _by_plain(ANSWER),
    "opportunity": _by_plain(OPPORTUNITY),
    "task": _by_plain(TASK),
    "phase": _by_plain(PHASE),
    "evidence": _by_plain(EVIDENCE),
    "sku": {},  # plain texts
}

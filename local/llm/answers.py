"""What the stand-in model says: one good answer, and the ways in which real models spoil theirs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

from .spoiled import EXAMPLE, by_one_wrong_number, in_english, nonsense, with_other_numbers

_CHANNEL = re.compile(r"for the channel (.{1,60}?) \((\w{1,40})\)")
_FENCE = re.compile(r"^(=====DATA-\w+=====)\n(.*?)\n\1$", re.DOTALL | re.MULTILINE)

_STEPS: Final = (
    ("Corrigir os anúncios com mais devoluções", "Rever fotos, medidas e descrição dos itens mais devolvidos.", "high"),
    ("Rever preços e frete dos itens sem margem", "Recalcular o preço com tarifa e frete incluídos.", "high"),
    ("Responder perguntas em até uma hora", "Criar respostas prontas para as dúvidas mais comuns.", "normal"),
    ("Testar anúncios patrocinados nos campeões", "Investir pouco, medir por duas semanas, manter o que paga.", "low"),
)  # fmt: skip


def channel_of(prompt: str) -> tuple[str, str]:
    """Return the name and id of the channel that a prompt asks about."""
    found = _CHANNEL.search(prompt)
    return (found.group(1), found.group(2)) if found else ("Canal", "canal")


def figures_of(prompt: str) -> list[dict[str, Any]]:
    """Return the document's figures for the channel, as the prompt quotes them; [] where it quotes none."""
    found = _FENCE.search(prompt)
    try:
        data = json.loads(found.group(2)) if found else {}
        figures = [{"metric": metric, **figure} for metric, figure in data["figures"].items()]
        return [f for f in figures if isinstance(f.get("value"), int | float) and "unit" in f]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def good_plan(prompt: str) -> dict[str, Any]:
    """Return a plan in the canonical shape. The same prompt gives the same plan."""
    name, _ = channel_of(prompt)
    figures = figures_of(prompt)
    opportunities = []
    for n, (title, what, priority) in enumerate(_STEPS, 1):
        evidence = [_evidence(figures[n - 1])] if n <= len(figures) else []
        opportunities.append(
            {
                "id": f"o{n}",
                "title": f"{title} ({name})",
                "what": what,
                "priority": priority,
                "evidence": evidence,
                "worth_brl": None,
            }
        )
    return {
        "summary": f"Resposta do modelo de demonstração para {name}: serve para experimentar o caminho dos agentes.",
        "opportunities": opportunities,
        "phases": [
            _phase(1, "Fase 1 - Otimizações de Impacto Rápido", "Semanas 1-4", opportunities[:2]),
            _phase(2, "Fase 2 - Crescimento", "Semanas 5-8", opportunities[2:]),
        ],
        "limits": ["Escrito por um modelo de demonstração, sem inteligência própria."],
    }


def _evidence(figure: dict[str, Any]) -> dict[str, Any]:
    return {
        "metric": figure["metric"],
        "value": figure["value"],
        "unit": figure["unit"],
        "text": f"O documento informa {figure['metric']}.",
        "skus": figure.get("skus", [])[:5],
    }


def _phase(number: int, name: str, weeks: str, opportunities: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "number": number,
        "name": name,
        "weeks": weeks,
        "tasks": [
            {"title": o["title"], "what": o["what"], "priority": o["priority"], "opportunity_id": o["id"]}
            for o in opportunities
        ],
        "investment": "R$ 0 a R$ 2.000",
        "expected_impact": "Menos devoluções e mais margem em quatro semanas.",
    }


def _text(plan: Any) -> str:
    return json.dumps(plan, ensure_ascii=False, indent=2)


def _without_numbers(plan: dict[str, Any]) -> dict[str, Any]:
    for phase in plan["phases"]:
        del phase["number"]
    return plan


def _nameless(plan: dict[str, Any]) -> dict[str, Any]:
    for phase, name in zip(_without_numbers(plan)["phases"], ("Impacto rápido", "Crescimento"), strict=True):
        phase["name"] = name
    return plan


def _phases_as_dict(plan: dict[str, Any]) -> dict[str, Any]:
    phases = _without_numbers(plan)["phases"]
    return {**plan, "phases": {f"fase{n}": phase for n, phase in enumerate(phases, 1)}}


def _portuguese(plan: dict[str, Any]) -> dict[str, Any]:
    words = {"high": "alta", "normal": "média", "low": "baixa"}
    return {
        "resumo": plan["summary"],
        "oportunidades": [
            {"id": o["id"], "titulo": o["title"], "descricao": o["what"], "prioridade": words[o["priority"]]}
            for o in plan["opportunities"]
        ],
        "fases": [
            {
                "numero": p["number"],
                "nome": p["name"],
                "semanas": p["weeks"],
                "tarefas": [
                    {"titulo": t["title"], "descricao": t["what"], "prioridade": words[t["priority"]]}
                    for t in p["tasks"]
                ],
                "investimento": p["investment"],
                "impacto_esperado": p["expected_impact"],
            }
            for p in plan["phases"]
        ],
    }


def _wrong_types(plan: dict[str, Any]) -> dict[str, Any]:
    plan["phases"] = [
        {**p, "number": str(p["number"]), "tasks": [t["title"] for t in p["tasks"]], "investment": 2000}
        for p in plan["phases"]
    ]
    for opportunity in plan["opportunities"]:
        opportunity["worth_brl"] = "R$ 1.234,56"
    return plan


def _injected(plan: dict[str, Any]) -> dict[str, Any]:
    return {**plan, "status": "approved", "approved": True, "phases": [{**p, "done": True} for p in plan["phases"]]}


def _duplicate_ids(plan: dict[str, Any]) -> dict[str, Any]:
    for opportunity in plan["opportunities"]:
        opportunity["id"] = "o1"
    return plan


def _broken(text: str) -> str:
    return text.replace("],", "],,")[:-2].replace('"id"', "id")


_EMPTY: Final[dict[str, Any]] = {"summary": "", "opportunities": [], "phases": []}

#: answer's name -> (what it shows, the text from a good plan)
ANSWERS: Final[dict[str, tuple[str, Callable[[dict[str, Any]], str]]]] = {
    "good": ("the canonical answer", _text),
    "prose": ("prose around the JSON", lambda p: f"Claro! Segue o plano:\n\n{_text(p)}\n\nEspero ter ajudado."),
    "fenced": ("JSON in a code fence", lambda p: f"Aqui está:\n```json\n{_text(p)}\n```"),
    "thinking": ("reasoning before the answer", lambda p: f'<think>Devo usar {{"phases": []}}?</think>\n{_text(p)}'),
    "broken-json": ("commas, quotes and brackets wrong", lambda p: _broken(_text(p))),
    "truncated": ("cut off by the token limit", lambda p: _text(p)[: int(len(_text(p)) * 0.7)]),
    "cut": ("cut off, and the server does not say so", lambda p: _text(p)[: int(len(_text(p)) * 0.7)]),
    "no-number": ("phases without number, named Fase 1, Fase 2", lambda p: _text(_without_numbers(p))),
    "no-name": ("phases without number or telling name", lambda p: _text(_nameless(p))),
    "no-phases": ("no phases at all", lambda p: _text({**p, "phases": []})),
    "phases-dict": ("phases as an object", lambda p: _text(_phases_as_dict(p))),
    "portuguese": ("Portuguese field names and priorities", lambda p: _text(_portuguese(p))),
    "wrong-types": ("numbers as text, texts as lists", lambda p: _text(_wrong_types(p))),
    "injected": ("fields that try to approve the plan", lambda p: _text(_injected(p))),
    "duplicate-ids": ("all opportunities with one id", lambda p: _text(_duplicate_ids(p))),
    "encoded": ("JSON as text inside JSON", lambda p: json.dumps(_text(p))),
    "empty-lists": ("a plan without anything in it", lambda _: _text(_EMPTY)),
    "empty": ("no text at all", lambda _: ""),
    "not-json": ("only prose", lambda _: "O canal vai bem. Recomendo rever preços e fotos."),
    "refusal-text": ("a refusal as text", lambda _: "Desculpe, não posso ajudar com essa solicitação."),
    "half": ("cut off before the phases", lambda p: _text(p)[: _text(p).index('"phases"') - 40]),
    "nonsense": ("the right form, and no language at all", lambda p: _text(nonsense(p))),
    "english": ("the right form in the wrong language", lambda p: _text(in_english(p))),
    "example": ("the example of an earlier prompt as the plan", lambda _: _text(EXAMPLE)),
    "other-numbers": ("figures that are none of the document's", lambda p: _text(with_other_numbers(p))),
    "one-number": ("one number and one worth without a source", lambda p: _text(by_one_wrong_number(p))),
    "hostile-json": ("broken JSON that is slow to mend", lambda _: '{"opportunities":["' + 'a" b ' * 40_000),
}  # fmt: skip

"""A canonical answer, and a way back from a plan's parts to it."""

from __future__ import annotations

import copy
import json
from typing import Any

from streams.analysis.agents.answer import AnswerParts, read_answer

CANONICAL: dict[str, Any] = {
    "summary": "O canal cresce, mas devolve demais.",
    "opportunities": [
        {
            "id": "o1",
            "title": "Reduzir devoluções",
            "what": "Rever fotos e medidas.",
            "priority": "high",
            "evidence": [
                {
                    "metric": "return_rate",
                    "value": 0.12,
                    "unit": "ratio",
                    "text": "12% voltam",
                    "skus": ["A1"],
                }
            ],
            "worth_brl": 1500.0,
        },
        {"id": "o2", "title": "Rever fretes", "what": "Negociar.", "priority": "low"},
    ],
    "phases": [
        {
            "number": 1,
            "name": "Fase 1 - Otimizações de Impacto Rápido",
            "weeks": "Semanas 1-4",
            "tasks": [{"title": "Trocar fotos", "what": "Dez itens.", "priority": "high", "opportunity_id": "o1"}],
            "investment": "R$ 2.000",
            "expected_impact": "Menos devoluções.",
        },
        {
            "number": 2,
            "name": "Fase 2 - Crescimento",
            "weeks": "Semanas 5-8",
            "tasks": [
                {"title": "Negociar frete", "what": "", "priority": "low", "opportunity_id": "o2"},
                {"title": "Medir", "what": "Toda semana.", "priority": "normal", "opportunity_id": None},
            ],
            "investment": "",
            "expected_impact": "",
        },
    ],
    "limits": ["Sem dados de frete."],
}


def canonical(**changes: Any) -> dict[str, Any]:
    """Return a copy of the canonical answer with top-level fields replaced."""
    return {**copy.deepcopy(CANONICAL), **changes}


def as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def back_to_json(parts: AnswerParts) -> str:
    """Return the answer that says exactly what was read."""
    return as_text(
        {
            "summary": parts.summary,
            "opportunities": [
                {
                    "id": o.id,
                    "title": o.title,
                    "what": o.what,
                    "priority": o.priority,
                    "evidence": [
                        {"metric": e.metric, "value": e.value, "unit": e.unit, "text": e.text, "skus": e.skus}
                        for e in o.evidence
                    ],
                    "worth_brl": o.worth_brl,
                }
                for o in parts.opportunities
            ],
            "phases": [
                {
                    "number": p.number,
                    "name": p.name,
                    "weeks": p.weeks,
                    "tasks": [
                        {
                            "title": t.title,
                            "what": t.what,
                            "priority": t.priority,
                            "opportunity_id": t.opportunity_id,
                        }
                        for t in p.tasks
                    ],
                    "investment": p.investment,
                    "expected_impact": p.expected_impact,
                }
                for p in parts.phases
            ],
            "limits": parts.limits,
        }
    )


def read(value: Any, finish_reason: str | None = "stop") -> AnswerParts:
    text = value if isinstance(value, str) else as_text(value)
    return read_answer(text, "shopee", finish_reason=finish_reason)


def with_phase(**changes: Any) -> dict[str, Any]:
    """The canonical answer with one phase; a field set to ... is removed."""
    phase = {**canonical()["phases"][0], **changes}
    return canonical(phases=[{k: v for k, v in phase.items() if v is not ...}])


def with_opportunity(**changes: Any) -> dict[str, Any]:
    """The canonical answer with its first opportunity changed; a field set to ... is removed."""
    first, second = canonical()["opportunities"]
    first |= changes
    return canonical(opportunities=[{k: v for k, v in first.items() if v is not ...}, second])


def repairs(parts: AnswerParts) -> list[tuple[str, str, str]]:
    return [(r.path, r.problem, r.action) for r in parts.repairs]

"""Plans that look well and are not: what models write that did not understand, or made their figures up."""

from __future__ import annotations

import copy
import re
from typing import Any, Final

#: What an earlier prompt showed as an example; small models gave it back as their plan.
EXAMPLE: Final[dict[str, Any]] = {
    "summary": "one paragraph: how the channel does and what matters most",
    "opportunities": [
        {
            "id": "o1",
            "title": "short title",
            "what": "what to do, and why",
            "priority": "high",
            "evidence": [
                {
                    "metric": "return_rate",
                    "value": 0.12,
                    "unit": "ratio",
                    "text": "12% dos pedidos voltaram",
                    "skus": ["SKU-1"],
                }
            ],
            "worth_brl": 1500.0,
        }
    ],
    "phases": [
        {
            "number": 1,
            "name": "Fase 1 - Otimizações de Impacto Rápido",
            "weeks": "Semanas 1-4",
            "tasks": [{"title": "short title", "what": "one step", "priority": "high", "opportunity_id": "o1"}],
            "investment": "R$ 2.000 a R$ 5.000",
            "expected_impact": "what it brings, and when",
        }
    ],
    "limits": ["what could not be seen in the data, and why"],
}

_FIELD: Final = re.compile(r"^\s*- (\w+): (.+)$", re.MULTILINE)
_ENGLISH: Final = (
    ("Fix the listings with the most returns", "Look at the photos and the sizes of the items that are returned."),
    ("Review the prices of what is sold at a loss", "Work out the price with the fee and the shipping in it."),
    ("Answer the questions of buyers within an hour", "Write answers to what is asked on most of the days."),
    ("Try sponsored listings for the best sellers", "Begin with a small amount, and keep what pays for itself."),
)
_NONSENSE: Final = "lorem zorp quux blint ipsum grault varn tolor plugh wibble sanit corge frobni amet waldo thud"


def echoed(prompt: str) -> dict[str, Any]:
    """Return a plan whose texts are the prompt's own descriptions of the fields."""
    said = [f"{name}: {meaning}" for name, meaning in _FIELD.findall(prompt)] or ["title: text"]

    def line(n: int) -> str:
        return said[n % len(said)]

    tasks = [{"title": line(n), "what": line(n + 1), "priority": "high", "opportunity_id": "o1"} for n in (14, 15)]
    return {
        "summary": line(1),
        "opportunities": [
            {"id": f"o{n}", "title": line(n + 3), "what": line(n + 4), "priority": "high", "worth_brl": 1500.0}
            for n in (1, 2)
        ],
        "phases": [
            {"number": 1, "name": line(12), "weeks": line(13), "tasks": tasks, "investment": "", "expected_impact": ""}
        ],
        "limits": [line(-1)],
    }


def with_texts(plan: dict[str, Any], texts: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Return a plan with other titles and descriptions."""
    made = copy.deepcopy(plan)
    made["summary"], made["limits"] = " ".join(what for _, what in texts), []
    for one, (title, what) in zip(made["opportunities"], texts, strict=True):
        one |= {"title": title, "what": what}
        for evidence in one["evidence"]:
            evidence["text"] = what
    tasks = [task for phase in made["phases"] for task in phase["tasks"]]
    for task, (title, what) in zip(tasks, texts, strict=True):
        task |= {"title": title, "what": what}
    for phase in made["phases"]:
        phase["expected_impact"] = ""
    return made


def in_english(plan: dict[str, Any]) -> dict[str, Any]:
    """Return a plan in the wrong language."""
    return with_texts(plan, _ENGLISH)


def nonsense(plan: dict[str, Any]) -> dict[str, Any]:
    """Return a plan in the right form whose texts are no language at all."""
    return with_texts(plan, ((_NONSENSE[:20], _NONSENSE),) * len(plan["opportunities"]))


def with_other_numbers(plan: dict[str, Any]) -> dict[str, Any]:
    """Return a plan whose figures are all made up, in evidence, texts and worth."""
    made = copy.deepcopy(plan)
    made["summary"] = "O canal vendeu R$ 987.654,32 e perdeu 43,21% disso em devoluções; a meta é R$ 1.234.567,89."
    for n, one in enumerate(made["opportunities"]):
        one |= {"worth_brl": 7777.77 + n, "what": f"{one['what']} Hoje se perdem R$ {8765 + n},43 por mês."}
        for evidence in one["evidence"]:
            evidence |= {"value": evidence["value"] * 3.7 + 13, "text": f"São {77 + n},77% do total."}
    return made


def by_one_wrong_number(plan: dict[str, Any]) -> dict[str, Any]:
    """Return a good plan with a single sentence, and one worth, that no figure supports."""
    made = copy.deepcopy(plan)
    made["opportunities"][0]["what"] += " Hoje se perdem R$ 98.765,43 por mês."
    made["opportunities"][0]["worth_brl"] = 98765.43
    return made

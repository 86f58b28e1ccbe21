"""Each way in which a model spoils its answer, and what is made of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.plan import Evidence, PhaseTask
from streams.analysis.agents import json_text
from streams.analysis.agents.errors import AnswerUnusable
from streams.analysis.agents.json_text import ANSWER_LIMIT
from streams.analysis.agents.repairs import REPAIR_LIMIT

from .canonical import CANONICAL, as_text, canonical, read, repairs, with_opportunity, with_phase


def test_a_canonical_answer_is_taken_as_it_is() -> None:
    parts = read(CANONICAL)
    assert parts.repairs == []
    assert parts.summary == CANONICAL["summary"]
    assert [o.id for o in parts.opportunities] == ["shopee-1", "shopee-2"]
    assert {o.channel for o in parts.opportunities} == {"shopee"}
    assert parts.opportunities[0].evidence == [Evidence("return_rate", 0.12, "ratio", "12% voltam", ["A1"])]
    assert parts.opportunities[0].worth_brl == 1500.0
    assert [p.number for p in parts.phases] == [1, 2]
    assert parts.phases[0].tasks == [PhaseTask("Trocar fotos", "Dez itens.", "shopee", "high", "shopee-1")]
    assert parts.phases[1].tasks[0].opportunity_id == "shopee-2"
    assert parts.limits == ["Sem dados de frete."]


NO_NUMBER = "the phase has no number"
FROM_NAME = "took the number from the name: "
DISAGREE = "the phase's number and its name disagree: "
AROUND = ("answer", "there was other text around the JSON", "ignored it")


@pytest.mark.parametrize(
    "text",
    [
        "Claro! Segue:\nPLANO\nEspero ter ajudado.",
        "```json\nPLANO\n```",
        "Aqui está [o plano] {sem nada}:\n```\nPLANO\n```\nAbraço",
        "Aqui está [o plano] (e {nada} mais): PLANO",
        "PLANO\n\nObs.: revise antes.",
    ],
)
def test_text_around_the_json_is_ignored(text: str) -> None:
    parts = read(text.replace("PLANO", as_text(CANONICAL)))
    assert repairs(parts) == [AROUND]
    assert len(parts.opportunities) == 2


def test_the_reasoning_of_a_model_is_not_its_answer() -> None:
    parts = read('<think>{"opportunities": [{"title": "rascunho"}]}</think>' + as_text(CANONICAL))
    assert repairs(parts) == [("answer", "the model's reasoning stood before the answer", "ignored it")]
    assert parts.opportunities[0].title == "Reduzir devoluções"


def test_a_reasoning_that_is_no_text_is_dropped_and_told() -> None:
    told = repairs(read(as_text({"reasoning": ["a", "b"], **CANONICAL})))
    assert [(path, action) for path, _, action in told] == [("reasoning", "dropped it")]


def test_the_plan_is_chosen_among_several_json_values() -> None:
    parts = read('Exemplo: {"a": 1}. Plano: ' + as_text(CANONICAL))
    assert [o.title for o in parts.opportunities] == ["Reduzir devoluções", "Rever fretes"]
    assert "there was more than one JSON value" in [p for _, p, _ in repairs(parts)]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda t: t.replace("],", "],,"), "doubled commas"),
        (lambda t: t.replace('"', "'"), "single quotes"),
        (lambda t: t.replace('"priority"', "priority"), "bare names"),
        (lambda t: t[:-1] + ",}", "trailing comma"),
        (lambda t: t.replace("Negociar.", 'Negociar "já".'), "quotes inside a text"),
        (lambda t: t.replace("Negociar.", "Negociar\nhoje."), "a line break inside a text"),
        (lambda t: t.replace('"weeks"', '// prazo\n"weeks"'), "a comment"),
        (lambda t: t.replace('"worth_brl": 1500.0', '"worth_brl": None'), "Python's None"),
    ],
)  # fmt: skip
def test_broken_json_is_mended(spoil: Any, why: str) -> None:
    parts = read(spoil(json.dumps(CANONICAL, ensure_ascii=False)))
    assert ("answer", "the JSON was broken", "mended it by the rules of JSON") in repairs(parts), why
    assert [o.title for o in parts.opportunities] == ["Reduzir devoluções", "Rever fretes"]
    assert [p.number for p in parts.phases] == [1, 2]


@pytest.mark.parametrize("finish_reason", ["length", None])
def test_a_cut_off_answer_keeps_only_what_was_complete(finish_reason: str | None) -> None:
    text = as_text(CANONICAL)
    parts = read(text[: text.index("Negociar frete") + 4], finish_reason)
    assert [o.title for o in parts.opportunities] == ["Reduzir devoluções", "Rever fretes"]
    assert [len(phase.tasks) for phase in parts.phases] == [1, 0]
    assert repairs(parts)[0] == ("answer", "the answer was cut off", "kept what was complete")


@pytest.mark.parametrize("finish_reason", ["length", None])
def test_half_an_answer_without_a_step_is_none(finish_reason: str | None) -> None:
    text = as_text(CANONICAL)
    with pytest.raises(AnswerUnusable) as caught:
        read(text[: text.index("Rever fretes") + 4], finish_reason)
    assert caught.value.reason == "truncated"


def test_an_answer_that_ended_at_the_limit_says_so_even_if_it_is_whole() -> None:
    assert repairs(read(CANONICAL, "length")) == [("answer", "the answer was cut off", "kept what was complete")]


def test_json_inside_json_is_read() -> None:
    parts = read(json.dumps(as_text(CANONICAL)))
    assert len(parts.opportunities) == 2
    assert repairs(parts)[0][1] == "JSON was written as text inside JSON"


def test_a_field_given_twice_is_recorded() -> None:
    text = as_text(CANONICAL).replace('"summary"', '"summary": "outro", "summary"', 1)
    parts = read(text)
    assert parts.summary == CANONICAL["summary"]
    assert repairs(parts) == [("summary", "a field was given twice", "kept the last")]


@pytest.mark.parametrize(
    ("text", "finish_reason", "reason"),
    [
        ("", "stop", "empty"),
        ("  \n\ufeff ", "stop", "empty"),
        ("", "length", "truncated"),
        ('{"summary": "Muito bem, vamos', "length", "truncated"),
        ("O canal vai bem. Recomendo rever fotos.", "stop", "no_json"),
        ("null", "stop", "no_json"),
        ("42", "stop", "empty"),
        ("[]", "stop", "empty"),
        ("{}", "stop", "empty"),
        ('{"summary": "x", "opportunities": [], "phases": []}', "stop", "empty"),
        ('{"opportunities": null, "phases": [null, {}, 3]}', "stop", "empty"),
        ('{"opportunities": [{"priority": "high"}], "phases": [{"name": "Fase 1", "tasks": []}]}', "stop", "empty"),
        ("Desculpe, não posso ajudar com isso.", "stop", "refusal"),
        ("Sinto muito, mas não consigo analisar estes dados.", "stop", "refusal"),
        ("I'm sorry, but I can't assist with that request.", "stop", "refusal"),
        ("I\u2019m sorry, I cannot help.", "stop", "refusal"),
        ('{"error": "Lamento, não posso criar este plano."}', "stop", "refusal"),
        ('{"summary": "As an AI, I will not do this.", "opportunities": [], "phases": []}', "stop", "refusal"),
        ("[" * 5000, "stop", "no_json"),
        ('{"a":' * 5000, "stop", "no_json"),
        ("x" * (ANSWER_LIMIT + 1), "stop", "too_large"),
    ],
)
def test_an_answer_without_a_plan_is_unusable(text: str, finish_reason: str, reason: str) -> None:
    with pytest.raises(AnswerUnusable) as caught:
        read(text, finish_reason)
    assert caught.value.reason == reason


def test_a_plan_that_speaks_of_sorrow_is_no_refusal() -> None:
    parts = read(canonical(summary="Infelizmente o canal perde dinheiro; não posso recomendar anúncios."))
    assert parts.repairs == []
    assert len(parts.phases) == 2


@pytest.mark.traced
@pytest.mark.parametrize(
    "text",
    [
        '{"opportunities":["' + 'a" b ' * 60_000,
        '{"a" "b", ' * 30_000,
        "{'" * 90_000,
        "```" + "a" * 300_000,
        '{"a":"' + "\\" * 300_000,
        "<think>" * 50_000,
    ],
)
def test_the_mending_of_hostile_text_is_bounded(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in reads of a character; what does not count itself would be quadratic, and never end here."""
    read_by_mending: list[json_text._Metered] = []

    class Kept(json_text._Metered):
        def __init__(self, _: str) -> None:
            read_by_mending.append(self)

    monkeypatch.setattr(json_text, "_Metered", Kept)
    with pytest.raises(AnswerUnusable):
        read(text)
    assert [metered.spent for metered in read_by_mending if metered.spent > json_text.MENDING_LIMIT + 1] == []


@pytest.mark.parametrize(
    ("given", "number", "repair"),
    [
        ({"number": ..., "name": "Fase 1 - Rápida"}, 1, (NO_NUMBER, FROM_NAME + "1")),
        ({"number": ..., "name": "Phase 3: Scale"}, 3, (NO_NUMBER, FROM_NAME + "3")),
        ({"number": ..., "name": "fase um"}, 1, (NO_NUMBER, FROM_NAME + "1")),
        ({"number": ..., "name": "Segunda fase"}, 2, (NO_NUMBER, FROM_NAME + "2")),
        ({"number": ..., "name": "1ª etapa"}, 1, (NO_NUMBER, FROM_NAME + "1")),
        ({"number": None, "name": "FASE II"}, 2, (NO_NUMBER, FROM_NAME + "2")),
        ({"number": ..., "name": "Ganhos rápidos"}, None, (NO_NUMBER, "left it without a number")),
        ({"number": ..., "name": "Fase final"}, None, (NO_NUMBER, "left it without a number")),
        ({"number": ..., "name": "Fase 1 ou fase 2"}, None, (NO_NUMBER, "left it without a number")),
        ({"number": "3", "name": "x"}, 3, ("the value has the wrong type: 3", "read it as: 3")),
        ({"number": 1.0, "name": "x"}, 1, ("the value has the wrong type: 1.0", "read it as: 1")),
        ({"number": "Fase 2", "name": "x"}, 2, ("the value has the wrong type: Fase 2", "read it as: 2")),
        ({"number": "primeira", "name": "x"}, None, ("the value is not a number: primeira", "ignored it")),
        ({"number": 0, "name": "x"}, None, ("the value is not a number: 0", "ignored it")),
        ({"number": True, "name": "x"}, None, (NO_NUMBER, "left it without a number")),
        ({"number": 2, "name": "Fase 1"}, 2, (DISAGREE + "Fase 1", "kept it as given: 2")),
    ],
)  # fmt: skip
def test_a_phase_number_is_read_or_left_out_but_never_guessed(
    given: dict[str, Any], number: int | None, repair: tuple[str, str]
) -> None:
    parts = read(with_phase(**given))
    assert parts.phases[0].number == number
    assert ("phases[0].number", *repair) in repairs(parts)


def test_two_phases_with_one_number_are_not_both_it() -> None:
    parts = read(canonical(phases=[canonical()["phases"][0], {**canonical()["phases"][1], "number": 1, "name": "B"}]))
    assert [p.number for p in parts.phases] == [1, None]
    assert ("phases[1].number", "two phases have the same number: 1", "left it without a number") in repairs(parts)


def test_of_two_phases_with_one_number_the_name_tells_which_is_which() -> None:
    first, second = canonical()["phases"]
    parts = read(canonical(phases=[first, second | {"number": 1}]))
    assert [phase.number for phase in parts.phases] == [1, 2]
    assert ("phases[1].number", "two phases have the same number: 1", FROM_NAME + "2") in repairs(parts)


@pytest.mark.parametrize(
    ("keys", "numbers", "names"),
    [
        (("fase1", "fase2"), [1, 2], ["Fase 1", "Fase 2"]),
        (("1", "2"), [1, 2], ["Fase 1", "Fase 2"]),
        (("phase_one", "phase_two"), [1, 2], ["phase_one", "phase_two"]),
        (("Fase 2 - Crescer", "Fase 1 - Rápidas"), [2, 1], ["Fase 2 - Crescer", "Fase 1 - Rápidas"]),
        (("rapidas", "depois"), [None, None], ["rapidas", "Fase"]),
    ],
)
def test_phases_as_an_object(keys: tuple[str, ...], numbers: list[int | None], names: list[str]) -> None:
    phases = {
        key: {k: v for k, v in phase.items() if k not in ("number", "name")}
        for key, phase in zip(keys, canonical()["phases"], strict=True)
    }
    parts = read(canonical(phases=phases))
    assert [p.number for p in parts.phases] == numbers
    assert [p.name for p in parts.phases] == names
    assert ("phases", "an object stands where a list belongs", "read it as: list") in repairs(parts)


def test_phases_as_an_object_of_task_lists() -> None:
    parts = read(canonical(phases={"Fase 1 - Rápidas": ["Trocar fotos", "Rever preço"]}))
    assert parts.phases[0].number == 1
    assert [t.title for t in parts.phases[0].tasks] == ["Trocar fotos", "Rever preço"]


def test_one_object_where_a_list_belongs() -> None:
    answer = canonical()
    parts = read(canonical(phases=answer["phases"][0], opportunities=answer["opportunities"][0]))
    assert (len(parts.phases), len(parts.opportunities)) == (1, 1)
    assert [r[1] for r in repairs(parts)] == ["a single value stands where a list belongs: object"] * 2


@pytest.mark.parametrize(
    ("given", "priority"),
    [
        ("alta", "high"), ("ALTA", "high"), ("Alta prioridade", "high"), ("urgente", "high"), ("crítica", "high"),
        ("critical", "high"), ("High", "high"), ("média", "normal"), ("media", "normal"), ("Médio", "normal"),
        ("medium", "normal"), ("prioridade média", "normal"), ("baixa", "low"), ("Low", "low"), ("🔴 Alta", "high"),
        ("muito alta", "high"),
    ],
)  # fmt: skip
def test_priorities_in_two_languages(given: str, priority: str) -> None:
    parts = read(with_opportunity(priority=given))
    assert parts.opportunities[0].priority == priority
    assert repairs(parts) == [
        ("opportunities[0].priority", f"the priority is written differently: {given}", f"read it as: {priority}")
    ]


@pytest.mark.parametrize("given", ["não alta", "alta ou baixa", "roxa", 1, True, ["alta"], {}, ""])
def test_an_unreadable_priority_is_normal_and_recorded(given: Any) -> None:
    parts = read(with_opportunity(priority=given))
    assert parts.opportunities[0].priority == "normal"
    assert [(r[0], r[2]) for r in repairs(parts)] == [("opportunities[0].priority", "set it to normal")]
    assert parts.repairs[0].problem.startswith("the priority could not be read")


def test_equal_repairs_are_told_once_with_their_number() -> None:
    answer = canonical()
    for opportunity in answer["opportunities"]:
        opportunity["titulo"] = opportunity.pop("title")
    assert repairs(read(answer)) == [
        ("opportunities[*].titulo", "the field has another name: 2 times", "read it as: title")
    ]


def test_the_list_of_repairs_is_bounded() -> None:
    parts = read({**canonical(), **{f"campo{n}": n for n in range(500)}})
    assert len(parts.repairs) == REPAIR_LIMIT + 1
    assert parts.repairs[-1].problem == f"more was mended than is listed here: {500 - REPAIR_LIMIT}"


def test_no_phases_and_no_opportunities_are_told_apart() -> None:
    only_opportunities = read(canonical(phases=[]))
    assert repairs(only_opportunities) == [("phases", "there are no phases", "left it to Phase 1's rule")]
    answer = canonical(opportunities=[])
    for phase in answer["phases"]:
        for task in phase["tasks"]:
            task["opportunity_id"] = None
    assert repairs(read(answer)) == [("opportunities", "there are no opportunities", "used the phases alone")]

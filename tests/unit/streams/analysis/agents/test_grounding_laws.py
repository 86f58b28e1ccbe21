"""On documents of some 40 products an invented number has no source, and a true one has, however it is written."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from bench.evaluate.golden import ROWS, SEED
from gateway.intake import Limits
from gateway.intake.document import read
from local.samples import mercado_livre, shopee
from schemas.facts import DocumentFacts
from schemas.plan import ChannelAnalysis, Opportunity, Phase, PhaseTask
from streams.analysis.agents.claims import claims_in
from streams.analysis.agents.grounding import Grounded, ground
from streams.analysis.agents.known import Known
from streams.analysis.agents.repairs import Repairs
from streams.analysis.agents.sources import Scope
from streams.analysis.agents.texts import Texts
from streams.analysis.rules import analyse
from streams.analysis.rules.formats import money, number, percent

WRITERS = {"shopee": shopee.write, "mercado_livre": mercado_livre.write}
#: Numbers of a large range that are tried on each opportunity.
TRIES = 150
#: An invention that meets a number of the document by chance is not told from one that was read there.
MOST = 0.05
#: A summary may give what any of its opportunities gives: more numbers are the document's own there.
MOST_OF_A_SUMMARY = 0.07


@pytest.fixture(scope="module", params=sorted(WRITERS))
def document(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, DocumentFacts]:
    channel = request.param
    sample = WRITERS[channel](tmp_path_factory.mktemp(channel), SEED, ROWS)
    return channel, read(sample.path, sample.path.name, [channel], Limits())


@pytest.fixture(scope="module")
def rules(document: tuple[str, DocumentFacts]) -> ChannelAnalysis:
    return analyse(*document)


@pytest.fixture(scope="module")
def known(document: tuple[str, DocumentFacts], rules: ChannelAnalysis) -> Known:
    assert len(document[1].channels[0].products) >= 40
    return Known(*document, rules)


def grounded(
    known: Known, opportunities: list[Opportunity], *, summary: str = "", phases: tuple[Phase, ...] = ()
) -> Grounded:
    return ground(summary, opportunities, list(phases), [], known, Repairs())


def strange(found: Grounded, path: str) -> list[str]:
    return [one.number for one in found.unmatched if one.path == path]


def some(least: float, most: float, write: Callable[[float], str]) -> list[str]:
    """Return numbers from a range that is too large to be tried whole."""
    chance = random.Random(SEED)
    return [write(chance.uniform(least, most)) for _ in range(TRIES)]


def whole_reais(value: float) -> str:
    return f"R$ {number(value)}"


INVENTED: dict[str, list[str]] = {
    "R$ 100 to 999": [whole_reais(reais) for reais in range(100, 1000)],  # whole: by chance one number can be met often
    "R$ 100,00 to 999,99": some(100, 1000, money),
    "R$ 1.000 to 9.999": some(1000, 9999, whole_reais),
    "R$ 10.000 to 99.999": some(10_000, 99_999, whole_reais),
    "R$ 1,1 to 9,9 mil": [f"R$ {number(tenths / 10, 1)} mil" for tenths in range(11, 100)],
    "10 to 99 units": [f"{units} unidades" for units in range(10, 100)],
    "100 to 999 units": some(100, 999, lambda units: f"{number(units)} unidades"),
    "10 to 999 orders": some(10, 999, lambda orders: f"{number(orders)} pedidos"),
    "whole percents": [f"{percents}%" for percents in range(1, 100)],
    "percents": some(0.01, 0.99, percent),
    "10 to 90 days": [f"{days} dias" for days in range(10, 91)],
}


def strange_of(known: Known, text: str, *scopes: Scope) -> list[int]:
    """Return how many numbers of a text have no source, in each scope."""
    claims = list(claims_in(text))
    return [len(known.sources.look_up(claims, text, scope).strange) for scope in scopes]


@pytest.mark.parametrize("kind", INVENTED)
@pytest.mark.parametrize("text", ["Ganhar {}", "Ganhar {} por mês com menos devoluções"])
def test_an_invented_number_has_no_source(kind: str, text: str, known: Known, rules: ChannelAnalysis) -> None:
    scopes = [known.sources.of_item(one.evidence, one.worth_brl) for one in rules.opportunities]
    said = [text.format(one) for one in INVENTED[kind]]
    passed = sum(not strange for one in said for strange in strange_of(known, one, *scopes))
    assert passed < MOST * len(said) * len(scopes)


@pytest.mark.parametrize("kind", INVENTED)
def test_a_summary_of_invented_numbers_has_no_source(kind: str, known: Known, rules: ChannelAnalysis) -> None:
    texts = Texts(known, {one.id: one for one in rules.opportunities})
    for one in rules.opportunities:
        texts.of_opportunity("", one)
    scope = known.sources.of_channel(texts.said_of(texts.served))
    said = [f"As devoluções custam {one}." for one in INVENTED[kind]]
    assert sum(strange_of(known, one, scope) == [0] for one in said) < MOST_OF_A_SUMMARY * len(said)


def test_what_the_rules_say_has_its_source(known: Known, rules: ChannelAnalysis) -> None:
    found = ground(rules.summary, rules.opportunities, rules.phases, rules.limits, known, Repairs())
    assert found.unmatched == []
    assert [o.worth_brl for o in found.opportunities] == [o.worth_brl for o in rules.opportunities]


def writings(value: float, unit: str) -> list[str]:
    """Return how a reader writes a figure."""
    if unit == "ratio":
        return [percent(value), percent(value, 0), percent(value, 2), f"cerca de {percent(value, 0)}"]
    if unit == "count":
        return [f"{number(value)} unidades", f"{number(value)} pedidos", number(value)]
    if unit == "days":
        return [f"{number(value)} dias"]
    thousands = [f"R$ {number(value / 1000, 1)} mil", f"R$ {number(value / 1000)} mil"] if value >= 10_000 else []
    exact = [money(value), f"R$ {number(value)}", f"{number(value, 2)} reais"]
    digits = 1 - math.floor(math.log10(value))
    about = number(round(value, digits), max(digits, 0))  # two digits of it
    return [*exact, f"cerca de R$ {about}", *thousands]


def test_a_true_figure_has_its_source_as_it_is_and_rounded(known: Known, rules: ChannelAnalysis) -> None:
    tried = 0
    for one in rules.opportunities:
        for evidence in one.evidence:
            for told in writings(abs(evidence.value), evidence.unit):
                found = grounded(known, [replace(one, title=f"Rever {told}")])
                assert strange(found, "opportunities[0].title") == [], (one.id, evidence.metric, told)
                tried += 1
    assert tried > 40


def test_the_channels_totals_have_their_source_wherever_they_are_named(
    document: tuple[str, DocumentFacts], known: Known
) -> None:
    values = {figure.metric: figure.value for figure in document[1].channels[0].figures}
    text = (
        f"Receita de {money(values['revenue'])} em {number(values['orders'])} pedidos e {number(values['units'])} "
        f"unidades; ticket de {money(values['average_ticket'])}; devoluções {percent(values['return_rate'], 0)}; "
        f"tarifas {percent(values['fee_share'], 0)} da receita."
    )
    assert strange(grounded(known, [], summary=text), "summary") == []


def test_a_products_numbers_have_their_source_where_it_is_named(
    document: tuple[str, DocumentFacts], known: Known
) -> None:
    products = [one for one in document[1].channels[0].products if one.units and one.revenue][:10]
    tried = 0
    for one, other in pairwise(products):
        assert one.units is not None
        assert one.revenue is not None
        told = f"vendeu {number(one.units)} unidades por {money(one.revenue)}"
        task = PhaseTask("Rever", f"{one.sku} {told}", "shopee")
        lie = replace(task, what=f"{other.sku} {told}")
        phase = Phase(1, "Fase 1", "Semanas 1-4", [task, lie])
        found = grounded(known, [], phases=(phase,))
        assert strange(found, "phases[0].tasks[0].what") == []
        units = f"{number(one.units)} unidades"
        of_all = strange(grounded(known, [], summary=f"Foram {units}."), "summary") == []  # as many of something
        told_apart = one.units >= 10 and one.units != other.units and not of_all
        assert len(strange(found, "phases[0].tasks[1].what")) == 1 + told_apart
        tried += told_apart
    assert tried >= 5

"""Golden documents: the scores that docs/analysis.md tells are those that the command prints."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bench.evaluate import agents, score
from bench.evaluate.__main__ import BEGIN, DOCS, END
from bench.evaluate.golden import Golden, write_golden
from bench.evaluate.reading import Read
from bench.evaluate.telling import told
from gateway.intake import Limits, Refused
from gateway.intake.document import contents
from gateway.intake.kept import Kept, today
from schemas.facts import ChannelFacts, Figure
from schemas.plan import ChannelAnalysis, Evidence, Opportunity, Repair


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Golden, Read]]:
    return [(document, in_this_process(document)) for document in write_golden(tmp_path_factory.mktemp("golden"))]


def in_this_process(document: Golden) -> Read:
    """Return what the reading process would answer; a process for each takes too long here."""
    name = document.path.name
    try:
        kept = Kept(today=today(), elsewhere=document.elsewhere)
        read = contents(document.path, name, document.channels, Limits(), kept=kept)
        return Read(name, document.channels, read.facts)
    except Refused as refused:
        return Read(name, document.channels, None, {"code": refused.code})


def test_the_table_of_the_docs_is_what_the_command_prints(readings: list[tuple[Golden, Read]]) -> None:
    scores = [score.score(document, reading) for document, reading in readings]

    told = DOCS.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()
    assert told == score.table(scores, seconds=False), [detail for one in scores for detail in one.details]


def test_every_rule_is_planted_by_its_own_name(readings: list[tuple[Golden, Read]]) -> None:
    planted = {rule for document, _ in readings for truth in document.truth.values() for rule in truth.planted}
    section = DOCS.read_text(encoding="utf-8").split("## The rules")[1].split("\n## ")[0]

    assert planted == set(re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE))


def test_nothing_is_found_in_small_shops_without_a_problem(readings: list[tuple[Golden, Read]]) -> None:
    small = [pair for pair in readings if pair[0].path.name.startswith("pequena_")]
    orders = [truth.orders or 0 for document, _ in small for truth in document.truth.values()]

    assert len(small) == 5
    assert all(20 <= count <= 150 for count in orders)
    assert [score.score(document, reading).false_alarms for document, reading in small] == [0] * 5


def test_what_is_no_sale_is_recognised_and_gives_no_figure(readings: list[tuple[Golden, Read]]) -> None:
    kinds = {document.kind: score.score(document, reading).figures for document, reading in readings if document.kind}
    document, reading = next(pair for pair in readings if pair[0].kind == "stock")
    sales = next(reading for document, reading in readings if document.layout == "shopee.order_all")

    assert kinds == dict.fromkeys(("stock", "returns", "advertising", "performance"), (1, 1))
    assert score.score(replace(document, kind="returns"), reading).figures == (0, 1)
    assert score.score(replace(document, kind="sales"), sales).details[0].startswith("no sales, and yet revenue")


def test_a_wrong_figure_a_missed_problem_and_a_false_alarm_show(readings: list[tuple[Golden, Read]]) -> None:
    document, reading = next(pair for pair in readings if pair[0].layout == "shopee.order_all")
    right = score.score(document, reading)
    truth = document.truth["shopee"]
    other = {"shopee": replace(truth, revenue=truth.revenue + 1_000, planted={"returns": "no-such", "unpaid": ""})}

    wrong = score.score(replace(document, truth=other), reading)

    assert right.figures[0] == right.figures[1]
    assert wrong.figures == (right.figures[1] - 1, right.figures[1])
    assert wrong.planted == (0, 2)
    said = [finding["rule"] for finding in told(reading)["channels"]["shopee"]["findings"]]
    assert wrong.false_alarms == len(said) - len({"returns", "unpaid", "return-causes", "reputation"} & {*said})


@pytest.mark.parametrize(("name", "off"), [("revenue", 0.02), ("units", 1), ("orders", 1)])
def test_a_figure_is_right_to_the_cent_whatever_it_comes_to(
    readings: list[tuple[Golden, Read]], name: str, off: float
) -> None:
    document, reading = next(pair for pair in readings if pair[0].layout == "shopee.order_all")
    truth = document.truth["shopee"]
    other = {"shopee": replace(truth, **{name: getattr(truth, name) + off})}

    right, wrong = score.score(document, reading), score.score(replace(document, truth=other), reading)

    assert truth.revenue > 10_000
    assert wrong.figures == (right.figures[0] - 1, right.figures[1])


def test_what_follows_from_a_planted_problem_is_no_alarm() -> None:
    def found(rule: str, *skus: str) -> dict[str, Any]:
        return {"rule": rule, "skus": [*skus]}

    assert score.judge({"fees": ""}, [found("fees"), found("fee-audit")]) == ([], [])
    assert score.judge({}, [found("fee-audit")]) == ([], ["fee-audit"])
    assert score.judge({"stock-out": "A"}, [found("stopped-everywhere", "A")]) == ([], [])
    assert score.judge({"stock-out": "A"}, [found("stopped-everywhere", "B")]) == (["stock-out"], [])


def test_a_currency_that_is_told_counts_as_a_figure(readings: list[tuple[Golden, Read]]) -> None:
    document, reading = next(pair for pair in readings if pair[0].currency)
    other = dict.fromkeys(document.currency, "JPY")
    assert other != document.currency

    right, wrong = score.score(document, reading), score.score(replace(document, currency=other), reading)

    assert wrong.figures == (right.figures[0] - 1, right.figures[1])


def test_an_agent_is_held_against_what_was_planted_and_against_the_facts() -> None:
    figures = [Figure("fee_share", 0.26, "ratio"), Figure("revenue", 1234.5, "BRL"), Figure("units", 70, "count")]
    own = ChannelFacts("shopee", [], "BRL", figures)
    fees = Opportunity(
        "shopee-1", "shopee", "Tarifas de 26%", "R$ 1.234,50 em 70 unidades; uma meta de 18,5%", "high",
        [Evidence("fee_share", 0.26, "ratio", "")],
    )  # fmt: skip
    stray = Opportunity("shopee-2", "shopee", "Mais fotos", "Faça 5 fotos", "low", [])
    repairs = [Repair("opportunities[0]", "the document does not hold these products: X", "dropped it")]
    analysis = ChannelAnalysis("shopee", "agent", "m", "", [fees, stray], repairs=repairs)

    judged = agents.judge("d", {"fees": "", "returns": "A-1"}, own, analysis, 1.0)

    assert (judged.planted, judged.false_alarms) == ((1, 2), 1)
    assert judged.unsupported == (1, 3)
    assert judged.skus == (0, 1)
    assert not judged.whole


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("R$ 1.234,56 e 1,234.56", [1234.56, 1234.56]),
        ("12,5% de 1.500", [12.5, 1500]),
        ("3 passos em 2026, SKU-77", []),
    ],
)
def test_numbers_of_a_text(text: str, numbers: list[float]) -> None:
    assert agents.numbers_in(text) == numbers

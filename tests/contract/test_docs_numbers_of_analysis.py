"""Numbers of docs/analysis.md and docs/agents.md are those of the reader, the rules and the agents' client."""

from __future__ import annotations

from gateway.intake import dates, elsewhere, goods, limits, whole
from gateway.intake.figures import (
    body,
    cells,
    chance,
    idle,
    losing,
    measure,
    products,
    reconcile,
    silence,
    stock,
    tariff,
)
from gateway.intake.figures.bearable import MOST as BORNE
from gateway.intake.layouts import content, yearless
from gateway.uploads import proposing
from schemas.facts import MAX_ROWS_OF_FIGURE
from streams.analysis import channel, in_turn
from streams.analysis.agents import client, dialect, patience, repairs, sources
from streams.analysis.agents.settings import AgentSettings
from streams.analysis.rules import analyst, falling, finding, view
from streams.analysis.rules import silence as silence_rule
from tests.contract.docs_text import NUMBERS, text_of


def test_reading_is_as_told() -> None:
    told = text_of("docs/analysis.md")
    large, head = limits.LARGE_BYTES // limits.MIB, limits.HEAD_ROWS
    assert f"A CSV of {large} MiB or more is recognised by its first {head:,} rows" in told
    assert f"any known export of {whole.LARGE_ROWS:,} rows or more" in told
    assert f"at most {measure.MAX_SKUS} products per figure" in told
    assert f"**Its first {content.SAMPLE_ROWS} cells** say" in told
    assert f"A table can have {goods.MAX_ROWS:,} rows" in told
    assert f"lists up to {MAX_ROWS_OF_FIGURE} of them, the largest first" in told
    assert f"Above a difference of {reconcile.TOLERATED_SHARE * 100:g} % (the differences" in told


def test_rows_that_are_stored_are_as_told() -> None:
    told = text_of("docs/analysis.md")
    revenue, refunds, cancelled = cells.OF_MONTH
    of_month = f"the {revenue} rows with most revenue, the {refunds} with most refunds and {cancelled} cancelled ones"
    of_product = "for each listed product {}, {} and {}".format(*cells.OF_PRODUCT)
    assert f"for each of the last {cells.MAX_MONTHS} months, {of_month}; {of_product}." in told


def test_dates_are_read_as_told() -> None:
    told = text_of("docs/analysis.md")
    assert f"the only order in which {NUMBERS[dates._NO_CHANCE]} or more dates rise" in told
    assert f"is the first such day after the sale, within {yearless._SENT_WITHIN} days" in told


def test_best_sellers_are_silent_as_told() -> None:
    told = text_of("docs/analysis.md")
    best = f"the first {silence.BEST_SELLERS * 100:.0f} % of the products (at least three) by revenue a day"
    assert f"{best} while they sold, with sales on {silence.MIN_SALE_DAYS} days or more." in told
    usual = f"at least {silence.SILENT_TIMES_USUAL:g} times its usual pause"
    assert f"its last sale is {silence.MIN_SILENT_DAYS} days back or more, and {usual}" in told
    assert f"From {silence_rule.MOST_BY_CHANCE * 100:.0f} % on it is no finding" in told


def test_fees_are_compared_as_told() -> None:
    told = text_of("docs/analysis.md")
    cents, share = tariff.TOLERANCE * 100, tariff.TOLERANCE_SHARE * 100
    assert f"from {cents:.0f} cents a unit and {share:.0f} % of the fee on" in told
    assert f"below {tariff.SAME_TARIFF * 100:.0f} % of the tariff's" in told
    assert f"products with at least {NUMBERS[int(tariff.MIN_UNITS)]} such units" in told


def test_what_earns_and_what_loses_is_as_told() -> None:
    told = text_of("docs/analysis.md")
    assert f"for the {BORNE} best sellers with a cost in every sale" in told
    assert f"has the parts of the {losing.MAX_ORDERS} that lose" in told
    assert f"losing products (at least {products.MIN_UNITS_FOR_LOSS:g} units) explain" in told


def test_stock_and_days_count_as_told() -> None:
    told = text_of("docs/analysis.md")
    assert f"counted between {stock.DAYS_BEFORE} days before the document's last day and" in told
    assert f"last day and {stock.DAYS_AFTER} days after it" in told
    assert f"of the main days if there are some, from {stock.MIN_DAYS} days on" in told
    assert f"on every channel of the document, each with {idle.MIN_IDLE_DAYS} days or" in told
    assert f"the shortest run of days with {body.BODY_SHARE * 100:.0f} % of the revenue" in told
    assert f"up to a pause of {NUMBERS[body.PAUSE_DAYS]} days" in told
    assert f"one by one and in {NUMBERS[chance._BLOCKS[1]]}s" in told


def test_documents_are_compared_as_told() -> None:
    told = text_of("docs/analysis.md")
    assert f"It needs {elsewhere.MIN_COMMON_DAYS} days in common, three quarters of the longer document" in told
    assert elsewhere.MIN_COMMON_SHARE == 0.75


def test_rules_judge_as_told() -> None:
    told = text_of("docs/analysis.md")
    assert f"version `{analyst.MODEL}`" in told
    fall, urgent = falling.FALL * 100, falling.URGENT_FALL * 100
    assert f"to be below {fall:.0f} %, and below {urgent:.0f} % for an urgent finding" in told
    assert f"from {finding.HIGH_SHARE * 100:.0f} % of the revenue of the same days on is high" in told
    assert f"below {finding.LOW_SHARE * 100:g} % low" in told
    assert f"{view.MONTH_DAYS} days, gets no worth" in told


def test_agents_are_asked_as_told() -> None:
    told = text_of("docs/agents.md")
    assert f"with half the brief, down to {client.BRIEF_FLOOR:,} characters" in told
    assert f"remembers an agent's last {patience.KEPT} answers" in told
    slow = f"the slow ones of them ({patience.SLOW * 20:.0f} of 20"
    assert f"{NUMBERS[int(patience.TIMES)]} times as long as {slow}" in told
    assert f"and at least {NUMBERS[int(patience.LEAST_S)]} seconds, if there is time" in told
    assert f"Before {NUMBERS[patience.ENOUGH]} answers nothing is given up" in told
    assert channel.WAY_BACK_SHARE == 0.1
    assert f"{NUMBERS[int(channel.WAY_BACK_S)].capitalize()} of these seconds (a tenth, if the time is shorter)" in told
    assert in_turn.LEAST_CALL_S == 1
    assert "with less than a second left, none is asked" in told
    assert f"The person waits at most {proposing.WAIT_S:g} seconds" in told
    attempts = AgentSettings(api_key="a key").attempts
    assert f"One call makes at most {NUMBERS[attempts]} attempts" in told
    assert f"; after {repairs.REPAIR_LIMIT}, the rest is counted" in told
    *some, last = (str(status) for status in sorted(dialect.COMPLAINTS))
    assert f"If the server answers {', '.join(some)} or {last} about one of them" in told
    assert f"within {sources.TOLERANCE * 100:.0f} % it is taken as" in told

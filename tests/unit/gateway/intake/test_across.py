"""Sales of one channel against the last documents of others: prices and silence, and what is not compared."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

import polars as pl
import pytest

from gateway.intake.elsewhere import Elsewhere
from gateway.intake.figures import channel_facts
from gateway.intake.kept import Kept
from gateway.intake.layouts.lines import LINES
from schemas.facts import ChannelFacts, DocumentFacts, Figure
from schemas.product import MAX_SOLD, Sold
from tests.unit.gateway.intake.test_figures import day, line
from tests.unit.gateway.intake.test_silence import sales


def facts(rows: list[dict[str, Any]], *elsewhere: Elsewhere) -> list[ChannelFacts]:
    return channel_facts(pl.DataFrame(rows, schema=LINES), None, elsewhere=elsewhere)


def own(rows: list[dict[str, Any]], *elsewhere: Elsewhere) -> ChannelFacts:
    (found,) = facts(rows, *elsewhere)
    return found


def document(rows: list[dict[str, Any]], plan_id: str = "earlier") -> Elsewhere:
    """Return what the database keeps of a document with these rows."""
    found = own(rows)
    assert found.sold is not None
    first, last = found.period
    return Elsewhere(found.channel, plan_id, first, last, found.sold)


def figure(found: ChannelFacts, metric: str) -> Figure | None:
    return next((one for one in found.figures if one.metric == metric), None)


def listed(channel: str, price: float, days: Iterable[int] = range(30), sku: str = "A") -> list[dict[str, Any]]:
    return sales(channel, sku, days, price)


def test_a_price_below_that_of_another_channels_document_is_told_with_the_document() -> None:
    found = own(listed("amazon", 80.0, sku="a"), document(listed("shopee", 100.0)))

    gap = figure(found, "price_gap")
    assert gap is not None
    assert (gap.value, gap.skus) == (0.2, ["a"])
    assert gap.detail == {
        "by_sku": {
            "a": {
                "here": 80.0, "other": 100.0, "other_channel": "shopee", "gap": 0.2, "units": 30.0,
                "other_units": 30.0, "here_high": 80.0, "other_low": 100.0,
            }
        },
        "documents": {
            "shopee": {
                "plan_id": "earlier", "first_day": "2026-01-01", "last_day": "2026-01-30", "days_in_both": 30,
                "kept_share": 1.0,
            }
        },
    }  # fmt: skip
    assert gap.rows is not None
    assert gap.rows.used == 30
    assert figure(found, "price_gap_elsewhere") is None
    assert found.warnings == []


def test_a_price_above_it_is_told_as_that_channels_gap() -> None:
    rows = [one | {"fees": 20.0, "shipping": 5.0} for one in listed("shopee", 80.0)]
    found = own(listed("amazon", 100.0), document(rows))

    assert figure(found, "price_gap") is None
    gap = figure(found, "price_gap_elsewhere")
    assert gap is not None
    assert gap.detail["by_sku"]["A"] == {
        "here": 100.0, "other": 80.0, "other_channel": "shopee", "gap": 0.2, "units": 30.0, "other_units": 30.0,
        "here_low": 100.0, "other_high": 80.0,
    }  # fmt: skip
    assert gap.detail["documents"]["shopee"]["kept_share"] == 0.6875


def test_the_dearest_of_document_and_other_documents_counts() -> None:
    """For A the other document has the dearest price; for B it is another channel of the same document."""
    rows = listed("amazon", 50.0) + listed("magalu", 60.0)
    rows += listed("amazon", 50.0, sku="B") + listed("magalu", 90.0, sku="B")
    there = document(listed("shopee", 80.0) + listed("shopee", 80.0, sku="B"))
    amazon, magalu = facts(rows, there)

    gap, other = figure(amazon, "price_gap"), figure(magalu, "price_gap")
    assert gap is not None
    assert other is not None
    assert {sku: (p["other_channel"], p["other"]) for sku, p in gap.detail["by_sku"].items()} == {
        "A": ("shopee", 80.0),
        "B": ("magalu", 90.0),
    }
    assert {sku: p["other_channel"] for sku, p in other.detail["by_sku"].items()} == {"A": "shopee"}


def test_a_channel_that_the_document_tells_of_is_not_compared_with_an_earlier_one() -> None:
    rows = listed("amazon", 50.0) + listed("shopee", 50.0)

    amazon, shopee = facts(rows, document(listed("shopee", 80.0)))
    assert (figure(amazon, "price_gap"), figure(shopee, "price_gap")) == (None, None)
    (alone,) = facts(listed("amazon", 50.0), document(listed("shopee", 80.0)))
    assert figure(alone, "price_gap") is not None


@pytest.mark.parametrize(
    ("price", "days"),
    [
        (98.0, range(30)),  # coupons, rounding
        (80.0, range(26, 30)),  # four units
    ],
)
def test_a_small_gap_and_few_units_are_no_gap(price: float, days: range) -> None:
    found = own(listed("amazon", price, days) + sales("amazon", "C", range(30)), document(listed("shopee", 100.0)))

    assert figure(found, "price_gap") is None


@pytest.mark.parametrize(
    ("days", "is_compared", "is_told"),
    [
        (range(30), True, False),
        (range(8, 38), False, True),  # 22 days of 30
        (range(90), False, True),  # a quarter
        (range(40, 70), False, True),  # the month after the next
        (range(95, 125), False, False),  # another season: nobody expects it to be compared
    ],
)
def test_documents_of_other_days_are_not_compared(days: range, is_compared: bool, is_told: bool) -> None:
    found = own(listed("amazon", 80.0), document(listed("shopee", 100.0, days)))

    assert (figure(found, "price_gap") is not None) == is_compared
    assert [text for text in found.warnings if "não foram comparados" in text] == (found.warnings if is_told else [])
    assert len(found.warnings) == is_told


def test_a_note_tells_the_days_and_what_to_send() -> None:
    found = own(listed("amazon", 80.0), document(listed("shopee", 100.0, range(8, 38))))

    (note,) = found.warnings
    assert note == (
        "O documento de Shopee mais próximo vai de 09/01/2026 a 07/02/2026 e tem 22 dia(s) em comum com este: preços e "
        "vendas dos mesmos produtos não foram comparados. Envie o de Shopee dos mesmos dias."
    )


def test_short_documents_and_those_of_other_products_need_no_note() -> None:
    short = document(listed("shopee", 100.0, range(10)))
    assert own(listed("amazon", 80.0, range(10)), short).warnings == []
    other = document([one | {"title": "z"} for one in listed("shopee", 100.0, range(90), sku="Z")])
    assert own(listed("amazon", 80.0), other).warnings == []


def test_two_currencies_are_not_compared() -> None:
    dollars = [one | {"currency": "USD"} for one in listed("amazon", 80.0)]
    found = own(dollars, document(listed("shopee", 100.0)))

    assert figure(found, "price_gap") is None
    (note,) = found.warnings
    assert note == (
        "O documento de Shopee de 01/01/2026 a 30/01/2026 é em BRL, e este em USD: preços e vendas dos mesmos produtos "
        "não foram comparados."
    )


@pytest.mark.parametrize("missing", ["currency", "at", "sku", "revenue"])
def test_without_currency_days_skus_or_money_nothing_is_kept_to_compare_with(missing: str) -> None:
    found = own([one | {missing: None} for one in listed("shopee", 100.0)], document(listed("amazon", 100.0)))

    assert found.sold is None
    assert not any(one.metric.startswith("price_gap") for one in found.figures)


def test_of_several_documents_that_with_most_of_the_days_counts() -> None:
    prices = enumerate((100.0, 120.0, 140.0))
    months = [document(listed("shopee", price, range(30 * n, 30 * n + 30)), f"plan{n}") for n, price in prices]
    found = figure(own(listed("amazon", 80.0, range(30, 60)), *months), "price_gap")

    assert found is not None
    assert found.detail["documents"]["shopee"]["plan_id"] == "plan1"
    assert found.detail["by_sku"]["A"]["other"] == 120.0


#: Each goes on selling something else to the end.
ELSE = {"shopee": sales("shopee", "B", range(60)), "amazon": sales("amazon", "C", range(60))}


def test_a_best_seller_that_stopped_on_two_channels_is_told_with_the_other_document() -> None:
    there = document(sales("shopee", "A", range(0, 40, 2), 60.0) + ELSE["shopee"])
    found = figure(own(sales("amazon", "a", range(38), 60.0) + ELSE["amazon"], there), "stopped_everywhere")

    assert found is not None
    assert (found.value, found.skus) == (21, ["a"])
    assert found.detail["by_sku"]["a"]["channels"] == ["amazon", "shopee"]
    assert found.detail["by_sku"]["a"]["sale_days"] == 38  # the other's may be the same days
    assert found.detail["documents"]["shopee"]["plan_id"] == "earlier"
    assert found.rows is not None
    assert found.rows.used == 38


def test_one_that_goes_on_there_and_one_whose_document_ends_earlier_did_not_stop() -> None:
    here = sales("amazon", "A", range(40), 60.0) + ELSE["amazon"]
    goes_on = document(sales("shopee", "A", range(60), 60.0) + ELSE["shopee"])
    ends = document(sales("shopee", "A", range(40), 60.0) + sales("shopee", "B", range(45)))

    assert figure(own(here, goes_on), "stopped_everywhere") is None
    assert figure(own(here, ends), "stopped_everywhere") is None


def test_a_document_that_only_tells_months_tells_no_silence() -> None:
    """Its sales stand on the first of each month, as if nothing had been sold since."""
    firsts = [day(0).replace(month=month) for month in range(1, 13)] * 3
    monthly = [line(order_id=str(n), at=at, revenue=60.0, currency="BRL") for n, at in enumerate(firsts)]
    there = document(monthly)
    here = sales("amazon", "A", range(340), 60.0) + sales("amazon", "C", range(360))

    assert there.sold.last_sale == ""
    assert figure(own(here, there), "stopped_everywhere") is None
    assert figure(own(here, there), "price_gap") is None
    assert figure(own(monthly, document(here)), "stopped_everywhere") is None


def test_what_is_kept_is_bounded_the_most_revenue_first() -> None:
    rows = [
        line(sku=f"S{n}", order_id=str(n), at=day(n % 20), units=5.0, revenue=float(n + 1), currency="BRL")
        for n in range(MAX_SOLD + 3)
    ]
    sold = own([*rows, line(sku="few", at=day(1), units=4.0, revenue=9999.0, currency="BRL")]).sold

    assert sold is not None
    assert (len(sold.products), sold.products[0].sku, sold.products[-1].sku) == (MAX_SOLD, f"S{MAX_SOLD + 2}", "S3")


def test_products_that_no_list_has_are_kept_for_the_channels_next_document() -> None:
    rows = [
        line(
            sku=f"S{n}", order_id=str(n), at=day(n % 20), units=5.0, returned_units=1.0, revenue=n + 1.0, currency="BRL"
        )
        for n in range(200)
    ]
    found = own(rows)

    assert found.sold is not None
    again = Sold.from_dict(json.loads(json.dumps(asdict(found.sold))))
    rest = again.rest.products()
    assert again == found.sold
    assert {one.sku for one in (*found.products, *rest)} == {f"S{n}" for n in range(200)}
    assert (rest[0].sku, rest[0].returned_units, rest[0].fees) == ("S139", 1.0, None)


def test_it_reaches_the_reading_process_and_comes_back_as_it_is() -> None:
    there = document(listed("shopee", 100.0))
    kept = Kept(elsewhere=[there])
    assert Kept.from_dict(json.loads(json.dumps(kept.to_dict()))) == kept

    read = DocumentFacts("text/csv", "", channels=[own(listed("shopee", 100.0))])
    assert DocumentFacts.from_dict(json.loads(json.dumps(read.to_dict()))) == read
    assert replace(read.channels[0], sold=None) != read.channels[0]


def titled(channel: str, sku: str, title: str, price: float) -> list[dict[str, Any]]:
    return [one | {"title": title} for one in listed(channel, price, sku=sku)]


def test_a_title_that_is_one_sku_on_each_channel_joins_what_is_written_as_two() -> None:
    here, there = titled("amazon", "AMZ-7", "Caneca Azul", 80.0), titled("shopee", "SH-9", "caneca azul", 100.0)
    inside = next(one for one in facts([*here, *there]) if one.channel == "amazon")
    apart = own(here, document(there))

    for found in (inside, apart):
        gap = figure(found, "price_gap")
        assert gap is not None
        assert (gap.skus, gap.detail["by_sku"]["AMZ-7"]["other_sku"]) == (["AMZ-7"], "SH-9")


@pytest.mark.parametrize(
    "more",
    [
        titled("shopee", "SH-8", "Caneca azul", 100.0),  # two SKUs of one title
        titled("shopee", "AMZ-7", "Caneca verde", 80.0),  # the SKU itself is there, for another title
    ],
)
def test_a_title_that_does_not_tell_one_product_joins_nothing(more: list[dict[str, Any]]) -> None:
    here, there = titled("amazon", "AMZ-7", "Caneca azul", 80.0), titled("shopee", "SH-9", "Caneca azul", 100.0)
    inside = next(one for one in facts([*here, *there, *more]) if one.channel == "amazon")

    assert figure(inside, "price_gap") is None
    assert figure(own(here, document([*there, *more])), "price_gap") is None


def test_a_product_stops_on_all_channels_under_the_skus_that_each_of_them_has() -> None:
    here = [*titled("amazon", "AMZ-7", "Caneca azul", 80.0)[:15], *titled("amazon", "X", "Outro", 9.0)]
    there = [*titled("shopee", "SH-9", "Caneca azul", 90.0)[:15], *titled("shopee", "Y", "Mais um", 9.0)]

    stopped = figure(own(here, document(there)), "stopped_everywhere")
    assert stopped is not None
    assert stopped.detail["by_sku"]["AMZ-7"]["channels"] == ["amazon", "shopee"]

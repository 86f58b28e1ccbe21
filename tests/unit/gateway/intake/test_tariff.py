"""Fees against dated tariffs, and prices just above a cliff."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.lines import LINES
from gateway.intake.reader import SMALL_BYTES, _environment
from gateway.intake.tariffs import SETTING, TariffsError, current, load
from gateway.settings import Settings
from schemas.facts import ChannelFacts, Figure
from schemas.process.settings import SettingsError
from tests.unit.gateway.intake.tables import reading, sold

MARCH = datetime(2026, 3, 10, 12)  # noqa: DTZ001 - as exports write it


def sale(price: float, fees: float | None = None, **more: Any) -> dict[str, Any]:
    return {
        "channel": "shopee",
        "order_id": "1",
        "sku": "A",
        "title": "a",
        "status": "sold",
        "units": 1.0,
        "revenue": price,
        "fees": fees,
        "at": MARCH,
        "currency": "BRL",
    } | more


def facts(*rows: dict[str, Any]) -> ChannelFacts:
    (own,) = channel_facts(pl.DataFrame(list(rows), schema=LINES), None)
    return own


def figure(metric: str, *rows: dict[str, Any]) -> Figure | None:
    return next((one for one in facts(*rows).figures if one.metric == metric), None)


def over(*rows: dict[str, Any]) -> Figure:
    found = figure("fee_over_tariff", *rows)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("price", "fee"),
    [(50.0, 14.0), (79.99, 20.0), (80.0, 27.2), (99.99, 30.0), (150.0, 41.0), (300.0, 68.0), (600.0, 110.0)],
)
def test_a_fee_by_the_tariff_is_right_and_one_above_it_is_told(price: float, fee: float) -> None:
    right, wrong = over(sale(price, fee)), over(sale(price, fee + 5))

    assert (right.value, right.detail["orders"], right.detail["judged_orders"]) == (0, 0, 1)
    assert wrong.value == pytest.approx(5, abs=0.01)
    assert wrong.skus == ["A"]


def test_the_fixed_part_is_charged_for_each_unit() -> None:
    assert over(sale(100.0, 28.0, units=2.0)).value == 0
    assert over(sale(100.0, 34.0, units=2.0)).value == 6


def test_where_sources_differ_only_the_dearest_counts() -> None:
    """Of R$ 600, one says 14 % and 26, the other 8 % and 40."""
    found = over(sale(600.0, 111.1))

    assert found.value == 0
    assert found.detail["disputed_above"] == 99.99
    assert found.detail["source"].startswith("https://")


def test_a_coupon_does_not_make_a_fee_too_high() -> None:
    """R$ 85 less a coupon of 10: the band may go by the one or by the other."""
    assert over(sale(75.0, 85 * 0.14 + 16, unit_price=85.0)).value == 0


def test_what_is_not_judged_has_its_reason() -> None:
    found = over(
        sale(50.0, 14.0, order_id="right"),
        sale(50.0, 20.0, order_id="wrong", row=7),
        sale(50.0, 99.0, at=datetime(2026, 2, 28, 23)),  # noqa: DTZ001
        sale(50.0, 99.0, at=None),
        sale(50.0, 99.0, status="returned"),
        sale(50.0, 99.0, complaint=True),
        sale(50.0, None),
        sale(0.0, 9.0),
        sale(50.0, 9.0, units=0.0),
    )

    assert found.rows is not None
    assert found.rows.left_out == {
        "as_tariff": 1, "before_tariff": 1, "no_date": 1, "status": 2, "no_money": 2, "no_units": 1,
    }  # fmt: skip
    assert [(row.order, row.row, row.amount) for row in found.rows.sample] == [("", 7, 6.0)]
    assert (found.value, found.detail["orders"], found.detail["judged_orders"]) == (6, 1, 2)
    assert (found.detail["since"], found.detail["until"]) == ("2026-03-10", "2026-03-10")


@pytest.mark.parametrize(
    "more", [{"currency": "USD"}, {"currency": None}, {"channel": "own_store"}, {"fees": None}, {"units": None}]
)
def test_what_cannot_be_judged_gives_no_figure(more: dict[str, Any]) -> None:
    assert figure("fee_over_tariff", sale(50.0, 99.0) | more) is None


def test_mercado_livre_is_judged_by_the_most_that_it_can_charge() -> None:
    within = over(sale(60.0, 18.0, channel="mercado_livre"))
    above = over(sale(60.0, 19.15, channel="mercado_livre"))

    assert (within.value, within.detail["exact"]) == (0, False)
    assert above.value == pytest.approx(1.0)
    assert over(sale(10.0, 7.9, channel="mercado_livre")).value == pytest.approx(1.0)


def test_each_type_of_listing_is_judged_by_its_own_bands() -> None:
    """Clássico costs 14 % at most: 19 % of it is Premium's."""
    listing = {"channel": "mercado_livre", "fees": 19.0, "revenue": 100.0}
    found = over(
        sale(100.0) | listing | {"listing_type": "classic", "sku": "C", "order_id": "1"},
        sale(100.0) | listing | {"listing_type": "premium", "sku": "P", "order_id": "2"},
        sale(100.0) | listing | {"listing_type": None, "sku": "N", "order_id": "3"},
    )

    assert (found.value, found.skus, found.detail["judged_orders"]) == (5, ["C"], 3)
    assert (found.detail["judged_fees"], found.detail["by_table"], found.detail["judged_revenue"]) == (57, 52, 300)


@pytest.mark.parametrize(
    ("row", "saved"),
    [
        (sale(60.0, 20.0, units=2.0), 4.0),  # two of R$ 30: 4 twice, or once
        (sale(90.0, 30.0, units=3.0), 4.0),  # only two of the three make a pair
        (sale(30.0, 10.0), None),
        (sale(100.0, 28.0, units=2.0), None),  # R$ 100 together: another band takes more than it saves
        (sale(60.0, 9.0, units=2.0), None),  # another deal: nobody knows whether the fixed part is in it
        (sale(250.0, 67.0, units=2.0), None),  # sources differ
        (sale(50.0, 22.0, units=2.0, channel="mercado_livre"), 6.0),
        (sale(100.0, 32.5, units=2.0, channel="mercado_livre"), None),  # from R$ 79 on the seller pays freight, too
    ],
)
def test_a_kit_saves_the_fixed_part_of_those_who_took_two(row: dict[str, Any], saved: float | None) -> None:
    told = over(row).detail.get("kits")

    assert (None if told is None else told["saved"]) == saved
    assert told is None or (told["sales"], told["by_sku"]) == (1, {"A": {"saved": saved}})


def cliffs(*rows: dict[str, Any]) -> Figure | None:
    return figure("price_cliffs", *rows)


def test_just_above_a_cliff_less_is_left() -> None:
    """79.99 leaves 59.99 and 80.00 leaves 52.80, as much as before only at 88.36."""
    found = cliffs(sale(80.0, 27.2, units=1.0), *[sale(80.0, 27.2) for _ in range(9)])

    assert found is not None
    assert found.value == pytest.approx(71.92, abs=0.01)
    assert (found.unit, found.detail["judged_orders"]) == ("BRL", 1)
    assert found.detail["by_sku"]["A"] == {
        "price": 80.0, "better": 79.99, "gain_unit": 7.192, "units": 10.0, "gain": 71.92,
    }  # fmt: skip
    assert cliffs(*[sale(88.35) for _ in range(9)]) is not None
    assert cliffs(*[sale(88.37) for _ in range(9)]) is None
    assert cliffs(*[sale(79.99) for _ in range(9)]) is None


def test_where_sources_differ_no_price_is_advised() -> None:
    assert cliffs(*[sale(100.0) for _ in range(9)]) is None


def test_few_units_another_deal_and_earlier_days_are_no_cliff() -> None:
    assert cliffs(*[sale(80.0) for _ in range(4)]) is None
    assert cliffs(*[sale(80.0, 15.0) for _ in range(9)]) is None
    assert cliffs(*[sale(80.0, at=MARCH - timedelta(days=30)) for _ in range(9)]) is None
    assert cliffs(*[sale(60.0, channel="mercado_livre") for _ in range(9)]) is None


@settings(max_examples=60, deadline=None)
@given(st.floats(1, 99.99))
def test_a_lower_price_is_advised_only_where_more_is_left_of_it(price: float) -> None:
    tariff = load(Path("gateway/intake/tariffs.toml").resolve()).of("shopee")[0]
    found = cliffs(*[sale(round(price, 2)) for _ in range(6)])

    def left(amount: float) -> float:
        band = next(b for b in tariff.bands if b.up_to is None or amount <= b.up_to + 0.004)
        return amount - band.charge.of(amount)

    assert (found is not None) == (left(79.99) > left(round(price, 2)) + 0.005 and round(price, 2) > 79.99)


def written(folder: Path, text: str) -> Path:
    path = folder / "tariffs.toml"
    path.write_text(text, encoding="utf-8")
    return path


BAND = 'bands = [{ up_to = 10, percent = 0.1 }, { percent = 0.2 }]\nsource = "x"\nexact = true\n'
LIMIT = 'days = 1\nmin_orders = 1\nlonger_days = 1\nmost = 0.1\nvalid_from = 2026-03-01\nsource = "s"'


def test_a_tariff_ends_where_the_next_begins(tmp_path: Path) -> None:
    one, two = (f'[[tariff]]\nchannel = "amazon"\nvalid_from = {day}\n{BAND}' for day in ("2026-05-01", "2025-01-01"))
    found = load(written(tmp_path, one + two)).of("amazon")

    assert [(t.valid_from, t.valid_until) for t in found] == [
        (date(2025, 1, 1), date(2026, 4, 30)),
        (date(2026, 5, 1), None),
    ]


def test_each_day_is_judged_by_its_own_tariff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(
        f'[[tariff]]\nchannel = "shopee"\nvalid_from = {day}\nexact = true\nsource = "x"\n'
        f"bands = [{{ percent = {percent} }}]\n"
        for day, percent in (("2026-01-01", 0.1), ("2026-03-05", 0.3))
    )
    monkeypatch.setenv(SETTING, str(written(tmp_path, text)))
    found = over(sale(100.0, 30.0), sale(100.0, 30.0, at=datetime(2026, 3, 4, 23)))  # noqa: DTZ001

    assert (found.value, found.detail["judged_orders"]) == (20, 1)


def test_tariffs_of_two_types_end_each_with_the_next_of_its_own(tmp_path: Path) -> None:
    text = "".join(
        f'[[tariff]]\nchannel = "amazon"\nvalid_from = {day}\n{kind}{BAND}'
        for day, kind in (("2025-01-01", ""), ("2025-02-01", 'listing_type = "classic"\n'), ("2025-03-01", ""))
    )
    found = load(written(tmp_path, text)).of("amazon")

    assert [(t.listing_type, t.valid_until) for t in found] == [
        ("", date(2025, 2, 28)), ("classic", None), ("", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[tariff]", "line 1"),
        ('[[tariff]]\nchannel = "amazon"\nvalid_from = 2026-01-01', "'bands' is missing"),
        (f'[[tariff]]\nchannel = "corner shop"\nvalid_from = 2026-01-01\n{BAND}', "'corner shop' is none of"),
        (f'[[tariff]]\nchannel = "amazon"\nvalid_from = "2026"\n{BAND}', "'2026' is no day"),
        (f'[[tariff]]\nchannel = "amazon"\nvalid_from = 2026-01-01\n{BAND.replace("0.1", "14")}', "14 is no share"),
        (f'[[tariff]]\nchannel = "amazon"\nvalid_from = 2026-01-01\n{BAND.replace("0.1", "-1")}', "-1 is no amount"),
        (
            f'[[tariff]]\nchannel = "amazon"\nvalid_from = 2026-01-01\n{BAND.replace("10,", "true,")}',
            "True is no amount",
        ),
        (
            '[[tariff]]\nchannel = "amazon"\nexact = true\nbands = [{ percent = 0.1 }, { percent = 0.2 }]',
            "higher up_to",
        ),
        ("tariff = 3", "not iterable"),
        (
            f'[[tariff]]\nchannel = "amazon"\nlisting_type = "gold"\nvalid_from = 2026-01-01\n{BAND}',
            "'gold' is none of classic, premium",
        ),
        ('[[limit]]\nchannel = "amazon"\nof = "stars"', "'stars' is none of claims"),
        (
            f'[[limit]]\nchannel = "amazon"\nof = "claims"\n{LIMIT}\ncurrency = "reais"',
            "'reais' is no code",
        ),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_at_the_start(tmp_path: Path, text: str, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(TariffsError) as refused:
        load(path)
    assert says in str(refused.value)
    assert str(path) in str(refused.value)
    with pytest.raises(SettingsError, match="MARKETPLACE_TARIFFS: "):
        Settings.from_env({"MARKETPLACE_DATABASE_URL": "postgresql://x/y", SETTING: str(path)})


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(TariffsError, match="No such file"):
        current({SETTING: "/nowhere/tariffs.toml"})


def test_a_reading_process_is_told_of_the_file_from_wherever_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    assert SETTING not in _environment()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(SETTING, "own.toml")
    assert _environment()[SETTING] == str(tmp_path / "own.toml")


@pytest.mark.parametrize(("length", "threads"), [(1, "1"), (SMALL_BYTES - 1, "1"), (SMALL_BYTES, "2")])
def test_a_small_document_is_read_by_one_thread(length: int, threads: str) -> None:
    assert _environment(length)["POLARS_MAX_THREADS"] == threads


def item(price: float, fees: float, **more: Any) -> dict[str, Any]:
    """Return an item of an order whose fee is told as one: shared out to its rows by what they cost."""
    return sale(price, fees, order_fees=True, **more)


def test_an_order_with_one_fee_is_judged_as_a_whole() -> None:
    """R$ 14.00 and R$ 30.00 by the tariff; shared out by the price, each row has another part of the R$ 44.00."""
    right = over(item(50.0, 44 * 50 / 149.99), item(99.99, 44 * 99.99 / 149.99, sku="B"))
    wrong = over(item(50.0, 50 * 50 / 149.99), item(99.99, 50 * 99.99 / 149.99, sku="B"))

    assert (right.value, right.detail["orders"], right.detail["judged_as_one"]) == (0, 0, 1)
    assert wrong.value == pytest.approx(6, abs=0.01)
    assert (wrong.detail["orders"], wrong.detail["charged"], wrong.detail["expected"]) == (1, 50, 44)
    assert {sku: round(one["over"], 2) for sku, one in wrong.detail["by_sku"].items()} == {"A": 1.91, "B": 4.09}


def test_rows_with_fees_of_their_own_are_judged_one_by_one() -> None:
    found = over(sale(50.0, 16.0), sale(99.99, 28.0, sku="B"))

    assert found.value == pytest.approx(2, abs=0.01)
    assert found.detail["judged_as_one"] == 0


def test_an_order_of_which_a_row_is_not_judged_is_not_judged_at_all() -> None:
    found = over(item(50.0, 25.0), item(50.0, 25.0, sku="B", status="returned"), sale(50.0, 14.0, order_id="2"))

    assert (found.value, found.detail["judged_orders"]) == (0, 1)
    assert found.rows is not None
    assert found.rows.left_out == {"as_tariff": 1, "order_in_part": 1, "status": 1}


def test_the_layouts_that_tell_one_fee_for_an_order_say_so() -> None:
    plain = sold(
        reading(
            "Pedido;Data;Produto;Qtd;Valor total;Comissão do pedido\n"
            "1;10/03/2026;A;1;50,00;44,00\n1;10/03/2026;B;1;99,99;44,00\n2;10/03/2026;A;1;50,00;14,00"
        )
    )

    assert plain["order_fees"].to_list() == [True, True, False]
    assert plain["fees"].sum() == pytest.approx(58)

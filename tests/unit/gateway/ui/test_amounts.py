"""Money in its own currency, without a sign where none is known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from gateway.ui import amounts, i18n


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("unit", "en", "pt"),
    [
        ("BRL", "R$ 1.234,50", "R$ 1.234,50"),
        ("USD", "USD 1,234.50", "USD 1.234,50"),
        ("money", "1,234.50", "1.234,50"),
        ("", "1,234.50", "1.234,50"),
    ],
)
def test_money(unit: str, en: str, pt: str) -> None:
    assert plain(amounts.money(1234.5, unit)) == en
    i18n.use("pt_BR")
    assert plain(amounts.money(1234.5, unit)) == pt
    assert amounts.bare(1234.5, unit) == "1.234,50"


def test_a_table_names_its_currency_once() -> None:
    assert [amounts.sign(unit) for unit in ("BRL", "USD", "money", "")] == ["R$", "USD", "", ""]


def test_figures_in_their_units() -> None:
    shown = [amounts.figure(v, u) for v, u in ((0.1844, "ratio"), (3.26, "days"), (3214, "count"), (1.239, "count"))]
    assert shown == ["18.4%", "3.3 days", "3,214", "1.24"]
    assert amounts.percent(0.0002, 2) == "0.02%"
    assert amounts.percent(0.55, 0) == "55%"


def test_days_and_months_in_words_and_what_is_none_as_it_stands() -> None:
    assert (amounts.month("2026-03"), amounts.month("2026-03", short=True)) == ("Mar 2026", "Mar")
    assert amounts.day("2026-03-31") == "Mar 31, 2026"
    i18n.use("pt_BR")
    assert amounts.month("2026-03") == "mar. de 2026"
    assert [amounts.month("2026"), amounts.month("2026-13"), amounts.day("soon")] == ["2026", "2026-13", "soon"]


def test_what_was_not_counted_to_its_end_is_told_as_the_least() -> None:
    assert amounts.counted(10_000, False) == amounts.number(10_000)
    assert amounts.counted(10_000, True) == amounts.number(10_000) + "+"


@given(
    st.one_of(st.floats(-1e12, 1e12), st.integers(-(10**12), 10**12), st.decimals(-(10**9), 10**9, places=4)),
    st.sampled_from(sorted(i18n.LOCALES)),
)
def test_numbers_are_written_as_the_tables_of_each_language_say(value: float, locale: str) -> None:
    i18n.use(locale)
    assert amounts.number(value) == format_decimal(value, locale=locale)
    assert amounts.bare(value, "USD") == format_decimal(value, format="#,##0.00", locale=locale)
    assert amounts.money(value, "BRL") == format_currency(value, "BRL", locale="pt_BR")
    assert amounts.percent(value, 2) == format_percent(value, format="#,##0.00%", locale=locale)
    assert amounts.percent(value, 0) == format_percent(value, format="#,##0.%", locale=locale)

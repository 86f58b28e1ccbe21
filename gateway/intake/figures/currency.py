"""Determines the currency of a channel's amounts, and how it is known. An unknown one stays unknown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from gateway.intake.layouts.lines import OWN_CURRENCY
from schemas.facts import UNKNOWN_MONEY, CurrencySource

_SPOKEN: Final = {"R$": "BRL", "REAL": "BRL", "REAIS": "BRL"}


@dataclass(frozen=True, slots=True)
class Currency:
    """The code ("" where unknown), its source, and which rows are in it: amounts of two currencies have no sum."""

    code: str
    source: CurrencySource
    is_in_it: pl.Series
    others: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """Return the unit of an amount: its currency's code, or `money` without one."""
        return self.code or UNKNOWN_MONEY

    @property
    def foreign_rows(self) -> int:
        """Return how many rows are in another currency."""
        return int((~self.is_in_it).sum())


def currency_of(lines: pl.DataFrame) -> Currency:
    """Return the currency of most rows, which rows without one share. Else the assumed one, else none.

    What a person said of rows that name none counts as what rows name.
    """
    every = pl.Series([True], dtype=pl.Boolean).new_from_index(0, lines.height)
    is_told = "told_currency" in lines.columns and lines["told_currency"].null_count() < lines.height
    # no text of a million rows is looked at for nothing
    if not is_told and lines.select(pl.col("currency").is_null().all()).item():
        return _assumed(lines, every)
    written = lines["currency"].str.strip_chars().str.to_uppercase().replace(_SPOKEN).str.slice(0, 3)
    is_code = written.str.contains("^[A-Z]{3}$").fill_null(value=False)
    read = written.filter(is_code)
    if read.len() * 2 < lines.height and lines["currency"].eq(OWN_CURRENCY).any():
        return _beside(lines, written, read, every)
    named = written.zip_with(is_code, lines["told_currency"]) if is_told else written
    codes = named.drop_nulls() if is_told else read
    if not codes.is_empty():
        code = str(codes.mode().sort()[0])
        others = tuple(sorted(set(codes.to_list()) - {code}))
        source: CurrencySource = "read" if not is_told or (read == code).any() else "told"
        return Currency(code, source, ~named.is_in(others).fill_null(value=False) if others else every, others)
    return _assumed(lines, every)


def _beside(lines: pl.DataFrame, written: pl.Series, read: pl.Series, every: pl.Series) -> Currency:
    """Return the currency of rows that name none, from the few that name one; rows in another one are left out."""
    told = lines["told_currency"].drop_nulls() if "told_currency" in lines.columns else read.clear()
    own = Currency(str(told[0]), "told", every) if told.len() else _assumed(lines, every)
    others = tuple(sorted(set(read.to_list()) - {own.code}))
    return replace(own, is_in_it=~written.is_in(others).fill_null(value=False), others=others)


def _assumed(lines: pl.DataFrame, every: pl.Series) -> Currency:
    """Return the currency that all rows that assume one assume; else none."""
    if "assumed_currency" in lines.columns:
        assumed = pl.col("assumed_currency")
        least, most = lines.select(assumed.min().alias("least"), assumed.max().alias("most")).row(0)
        if least is not None and least == most:
            return Currency(str(least), "assumed", every)
    return Currency("", "", every)


def in_words(currency: Currency) -> list[str]:
    """Return a warning about the currency; none if it is certain."""
    words: list[str] = []
    if currency.source == "assumed" and currency.code != "BRL":
        words.append(
            f"O documento não diz a moeda; pelo formato, que só existe em um país, os valores foram lidos como "
            f"{currency.code}."
        )
    elif currency.source == "assumed":
        words.append(
            "O documento não diz a moeda; pelo idioma e pelas colunas, os valores foram lidos como reais (R$)."
        )
    if currency.source == "told":
        words.append(f"O documento não diz a moeda; quem o enviou disse que os valores são em {currency.code}.")
    if not currency.code:
        words.append("O documento não diz a moeda: os valores aparecem sem ela e nenhum ganho em reais foi calculado.")
    if currency.others and not currency.code:
        words.append(
            f"{currency.foreign_rows} linha(s) em {', '.join(currency.others)} ficaram de fora: as outras não dizem a "
            "moeda."
        )
    elif currency.others:
        words.append(
            f"{currency.foreign_rows} linha(s) em {', '.join(currency.others)} ficaram de fora: os números são só das "
            f"vendas em {currency.code}."
        )
    return words

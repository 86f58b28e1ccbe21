"""Read days that may be written with the month or with the day first, as an account is set, and spans of days."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.dates import moments
from gateway.intake.layouts.advertising_columns import period_in
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.names import OF_ENGLISH_DATES, words
from gateway.intake.values import says

DAY_OR_MONTH: Final = (
    "A coluna “{column}” não mostra se o dia ou o mês vem primeiro: {rows} data(s) não foram usadas. Escreva-as como "
    "2026-03-12."
)
SPANS: Final = (
    "A coluna “{column}” diz de que dia a que dia, como “{example}”, e não o dia da venda: o período e o ritmo das "
    "vendas não foram calculados."
)
_DATE: Final = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}"
#: Two days with a word or a stroke between them.
_SPAN: Final = rf"^\D{{0,12}}{_DATE}\s*(a|ate|al|to|until|y|e|[-~\u2013\u2014])\s*{_DATE}\D*$"


def days_of(table: Columns, at: int) -> pl.Series | None:
    """Return the days of a column of sales; none where nothing shows what comes first, or it has spans of days."""
    texts, header = table.text_at(at), table.headers[at]
    spans = says(texts, _SPAN)
    if spans.any() and (example := next(filter(_is_span, texts.filter(spans).to_list()), None)) is not None:
        table.warnings.append(SPANS.format(column=header, example=example))
        return None
    found = moments(texts, day_first=(first := None if OF_ENGLISH_DATES & set(words(header)) else True))
    if first is None and (blank := found.null_count()) and (unsure := blank - moments(texts).null_count()):
        table.warnings.append(DAY_OR_MONTH.format(column=header, rows=unsure))
        return None  # 01/01 and 02/02 are sure, and their period is not that of the sales
    return found


def _is_span(text: str) -> bool:
    days = period_in([text])
    return days is not None and days[0] < days[1]


def sure_days(table: Columns, *names: str, optional: bool = False) -> pl.Series | None:
    """Return the days of a known export; none where nothing shows whether the day or the month comes first.

    Of 01/01 and 02/02 it is sure, and their period is not that of all rows.
    """
    sure = table.moment(*names, day_first=None, optional=optional)
    guessed = None if sure is None else table.moment(*names)
    if sure is None or guessed is None or not (unsure := sure.null_count() - guessed.null_count()):
        return sure
    table.warnings.append(DAY_OR_MONTH.format(column=table.used[-1], rows=unsure))
    return None

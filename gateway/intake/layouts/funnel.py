"""Finds offers among sales: a deal that was lost, or is not closed yet, is no sale."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.distinct import by_distinct
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words
from gateway.intake.layouts.waiting import OF_DELIVERY, amount_of
from gateway.intake.masking import mask
from gateway.intake.values import classify_folded, folded

UNWON: Final = (
    "{rows} linha(s) são negócios perdidos ou ainda em aberto, pela coluna “{column}” ({texts}): não contam como venda "
    "(valor: {amount})."
)
_DEAL: Final = (
    r"(closed |fechad[oa] |cerrad[oa] |negocio |negociacao |deal |venda |venta |oportunidade |proposta |orcamento )?"
)
_LOST: Final = "lost"
_WON: Final = "won"
_OPEN: Final = "open"
_SENT: Final = "sent"
_UNSENT: Final = "unsent"
_DONE: Final = "done"
_IS_LOST: Final = (
    rf"^{_DEAL}(lost|perd(id[oa]s?|eu|emos|i)|(nao|no|not) (convertid[oa]|converted|fechad[oa]|ganh[oa])|"
    r"descartad[oa]s?|desqualificad[oa]s?|disqualified|unqualified)$"
)
_IS_WON: Final = rf"^{_DEAL}(won|ganh([oa]s?|ou|amos|ei)|ganad[oa]s?|convertid[oa]s?|converted)$"
#: Beside deals that were won and lost these are sold, too; whatever is neither is still open.
_IS_DONE: Final = (
    rf"^{_DEAL}(faturad[oa]s?|facturad[oa]s?|invoiced|concluid[oa]s?|finalizad[oa]s?|"
    r"fechad[oa]s?|cerrad[oa]s?|closed|pag[oa]s?|pagad[oa]s?|paid|vendid[oa]s?|sold|recebid[oa]s?|completed?)$"
)
_IS_OPEN: Final = (
    r"^((em|en|in|under) )?(negocia\w+|negotiati\w+|prospec\w+|qualific\w+|qualifi\w+|lead\w*|contato|contatado|"
    r"contact\w*|engag\w+|discovery|demo\w*|follow ?up|oportunidade|opportunity|andamento|progress|proceso|processo|"
    r"abert[oa]|abiert[oa]|open|novo|new|nuevo|"
    r"(propos\w+|propuesta|orcamento|presupuesto|cotac\w+|cotizac\w+|quote|quotation)"
    r"( (enviad[oa]|apresentad[oa]|feit[oa]|sent|made|em aberto))?)$"
)
#: Where parcels are on their way one of them may be lost, and no deal.
_IS_SENT: Final = (
    r"\b(entreg\w+|enviad\w*|despachad\w*|postad\w*|transit\w*|deliver\w*|shipp\w*|devolv\w*|return\w*|"
    r"(em|en|saiu para a?) ?(rota|entrega)|colet(ad\w+|a)|extravi\w+|avariad\w+|roubad\w+|retirad\w+|transport\w+)\b"
)
#: An offer that was not sent, or a parcel.
_IS_UNSENT: Final = r"^(nao|not|no) (enviad[oa]s?|sent)$"
_RULES: Final = [
    *((_IS_LOST, _LOST), (_IS_WON, _WON), (_IS_OPEN, _OPEN)),
    *((_IS_UNSENT, _UNSENT), (_IS_DONE, _DONE), (_IS_SENT, _SENT)),
]
#: Stages have numbers before their names (`6 - Ganho(a)`).
_NUMBERED: Final = r"^\d+(\s\d+)*\s|\s[ao]s?$"
_LETTERS: Final = 0.9
_LETTER: Final = r"\pL"
#: What is won or lost there is an argument with a buyer, or a parcel.
_NO_DEALS: Final = frozenset(("dispute", "disputa", "chargeback", "contestacao", "claim", "reclamacao", "mediacao"))
#: One row of so many at least was won or lost where the column tells stages, and not notes of all kinds.
_OFTEN: Final = 5
#: A column of so many different texts tells no state.
_STATES: Final = 30
_SHOWN: Final = 3
_LENGTH: Final = 40


def drop_unwon(table: Columns, columns: Assignment) -> None:
    """Drop rows of deals that are lost or open, where a column tells which were won or lost."""
    for index, profile in enumerate(columns.profiles):
        if profile.letters < _LETTERS or not 1 < profile.values <= _STATES:
            continue
        if (_NO_DEALS | OF_DELIVERY) & set(words(table.headers[index])):
            continue
        stage = by_distinct(table.cells(index), _stages)
        found = set(stage.drop_nulls().unique())
        if not found & {_LOST, _WON} or (found & {_SENT, _UNSENT} and _WON not in found):
            continue
        unwon = stage.is_in([_LOST, _OPEN]).fill_null(value=False)
        ended = int(stage.is_in([_LOST, _WON]).sum())
        if {
            _LOST,
            _WON,
        } <= found and ended * _OFTEN >= stage.len():  # whatever is neither won nor done is a stage on the way there
            unwon |= (stage == _UNSENT).fill_null(value=False)
            unwon |= stage.is_null() & (_has_letters(table.cells(index)) | _is_unpriced(table, columns))
        if unwon.any() and not unwon.all():
            _tell(table, index, unwon, columns.column("revenue"))
            table.keep(~unwon)
            return


def _has_letters(cells: pl.Series) -> pl.Series:
    return cells.str.contains(_LETTER).fill_null(value=False)


def _is_unpriced(table: Columns, columns: Assignment) -> pl.Series:
    """Say which rows have no amount, where a column has one: without a stage they tell of no sale."""
    total = columns.column("revenue")
    if total is None:
        return pl.Series([False]).new_from_index(0, table.height)
    return table.amounts(total).fill_null(0) == 0


def _tell(table: Columns, index: int, unwon: pl.Series, total: int | None) -> None:
    told = table.text_at(index).filter(unwon).drop_nulls().unique(maintain_order=True)
    shown = "; ".join(f"“{mask(one)[:_LENGTH]}”" for one in told.head(_SHOWN))
    more = "; …" if len(told) > _SHOWN else ""
    amount = amount_of(unwon, None if total is None else table.amounts(total))
    table.warnings.append(
        UNWON.format(rows=int(unwon.sum()), column=table.headers[index], texts=shown + more, amount=amount)
    )


def _stages(texts: pl.Series) -> pl.Series:
    """Return what each text says of a deal; null where it says nothing of one."""
    plain = folded(pl.col("text")).str.replace_all(r"[\W_]+", " ").str.strip_chars()
    plain = plain.str.replace_all(_NUMBERED, "")
    return texts.to_frame("text").select(classify_folded(plain, _RULES, None)).to_series()

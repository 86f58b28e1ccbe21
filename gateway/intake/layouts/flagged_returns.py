"""Reads columns that say yes or no to "was it returned?", and tells them from those that count."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.fields import LABELS
from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.agreeing import MOST, agree
from gateway.intake.layouts.amounts import Given
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.orders import added, constant, where_returned
from gateway.intake.layouts.partial_refunds import refunded_in_part
from gateway.intake.layouts.signatures import tells_refunds
from gateway.intake.layouts.status import rows_in_part
from gateway.intake.layouts.taken_back import REFUNDS_ASIDE, refunds_aside, returned_by_status_too
from gateway.intake.values import says
from gateway.intake.words import NO, YES, fold

#: The rows that came back, and how many came back in part only.
Flagged = tuple[pl.Series, int]
FLAGGED: Final = (
    "“{column}” só tem 0 e 1, e a maioria das {rows} linhas com 1 tem mais de uma unidade: foi lida como sim e não, e "
    "voltaram todas as unidades dessas linhas. Se só voltou uma de cada, diga isso em “Ver as colunas”."
)
UNSOLD: Final = (
    "“{column}” não conta como devolução de vendas: “{sent}” é o que foi vendido mais ela, e o vendido já não a tem."
)
IN_PART: Final = (
    "{rows} linha(s) foram devolvidas ou reembolsadas em parte, e nenhuma coluna diz quanto: não foi calculado "
    "({names})."
)
CAME_BACK: Final = (
    "“{column}” diz sim em {rows} linha(s): voltaram todas as unidades delas, e o valor inteiro foi reembolsado."
)
CAME_BACK_BY: Final = "“{column}” diz que {rows} linha(s) voltaram: contam com todas as suas unidades."
#: Of orders or their money, and whether the whole of it: what the name says beside it decides nothing.
_ASKED: Final = re.compile(
    r"^(is|was|foi|fue|esta|order|pedido|venda|venta)?\s*(?P<whole>fully|totally|totalmente)?\s*"
    r"(refunded|returned|devolvid[oa]|reembolsad[oa]|estornad[oa]|devuelt[oa]|retourniert|erstattet|rembourse|rimborsato)$"
)
_BESIDE: Final = re.compile(r"[^a-z]+")
#: A column of what became of a return, and nothing else of the order: `Item Return Status`, `Status da devolução`.
_STATE: Final = re.compile(
    r"^((item|order|product|sku|pedido|produto) )?((returns?|refunds?|devoluc\w+|reembolsos?) )+"
    r"(status|state|situacao|estado)$|"
    r"^(status|situacao|estado) (d[aeo]l? |of )?(returns?|refunds?|devoluc\w+|reembolsos?)( reembolsos?)?$"
)
#: What such a column says of what came back, and of what did not; other texts are of what nobody knows yet.
_IS_BACK: Final = (
    r"^(returned|refunded|return(ed)? (completed|received)|completed|complete|received|approved|request approved|"
    r"devolvid[oa]|reembolsad[oa]|concluid[oa]|finalizad[oa]|recebid[oa]|aprovad[oa]|devuelt[oa]|completad[oa])$"
)
_IS_NOT: Final = (
    r"^(na|n/a|none|null|no|nao|not returned|no return|sem devolucao|nenhuma?|-|rejected|cancel\w*|refused|recusad[oa]|"
    r"rejeitad[oa]|rechazad[oa]|denied)$"
)
#: More of the rows that say 1 have several units.
_MOST: Final = 0.5
#: Fewer rows than this may be single pieces by chance.
_FEWEST: Final = 5


def units_that_came_back(
    table: Columns, columns: Assignment, returned: pl.Series | None, units: pl.Series | None
) -> pl.Series | None:
    """Return the returned units; all of a row's where the column only answers whether it came back.

    Who says that the column counts units is believed.
    """
    counted, guess = None if returned is None else returned.abs(), columns.guesses.get("returned_units")
    if counted is None or guess is None or units is None or guess.by in ("person", "agent"):
        return counted
    if (sent := _sent_out(table, columns, counted, units)) is not None:
        table.warnings.append(UNSOLD.format(column=table.headers[guess.index], sent=table.headers[sent]))
        return None
    back = (counted == 1).fill_null(value=False)
    of_back = units.filter(back)
    if int(back.sum()) < _FEWEST or not counted.drop_nulls().is_in([0.0, 1.0]).all() or counted.drop_nulls().min() != 0:
        return counted
    if float(str((of_back > 1).mean() or 0)) <= _MOST:
        return counted
    table.warnings.append(FLAGGED.format(column=table.headers[guess.index], rows=int(back.sum())))
    return pl.select(pl.when(back).then(units).otherwise(counted)).to_series()


def _sent_out(table: Columns, columns: Assignment, returned: pl.Series, units: pl.Series) -> int | None:
    """Return the column of what was sent, which is what was sold and what came back together: goods on consignment."""
    taken = {columns.column(name) for name in columns.guesses}
    numeric = [
        i for i, one in enumerate(columns.profiles) if i not in taken and one.number >= MOST and one.whole >= MOST
    ]
    return next((i for i in numeric if agree(units + returned.fill_null(0), table.amounts(i), returned)), None)


def flagged_back(table: Columns, columns: Assignment) -> Flagged | None:
    """Say which rows came back as a whole by a column that answers it, and how many only in part; None without one.

    Where one says that something was refunded, and another one whether that is the whole, both are asked.
    """
    if columns.column("returned_units") is None and (told := _told_by_state(table)) is not None:
        return told, 0
    if any(columns.column(name) is not None for name in ("returned_units", "refund")):
        return None
    found: dict[bool, tuple[int, pl.Series]] = {}
    for index, header in enumerate(table.headers):
        asked = _ASKED.match(_BESIDE.sub(" ", fold(header)).strip())
        answers = None if asked is None else _answers(table.cells(index))
        if asked is not None and answers is not None:
            found.setdefault(bool(asked["whole"]), (index, answers))
    if not found:
        return None
    index, back = found.get(True) or found[False]
    in_part = int((found[False][1] & ~back).sum()) if len(found) > 1 else 0
    if back.any():
        table.warnings.append(CAME_BACK.format(column=table.headers[index], rows=int(back.sum())))
        table.text_at(index)  # from here on it is used
    return (back, in_part) if back.any() or in_part else None


def _told_by_state(table: Columns) -> pl.Series | None:
    """Return the rows that came back by a column of what became of returns; None without one that is clear."""
    for index, header in enumerate(table.headers):
        if not _STATE.match(_BESIDE.sub(" ", fold(header)).strip()):
            continue
        cells = table.cells(index)
        back = says(cells, _IS_BACK)
        if back.any() and bool((back | cells.is_null() | says(cells, _IS_NOT)).all()):
            table.warnings.append(CAME_BACK_BY.format(column=header, rows=int(back.sum())))
            table.text_at(index)  # from here on it is used
            return back
    return None


def _answers(cells: pl.Series) -> pl.Series | None:
    """Return the rows that say yes; None where a cell says something else, or none says no."""
    plain = cells.cast(pl.String).str.strip_chars().str.to_lowercase().fill_null("")
    if not plain.is_in([*YES, *NO]).all() or plain.is_in(YES).all():
        return None
    return plain.is_in(YES)


def with_flagged(status: pl.Series, flagged: Flagged) -> pl.Series:
    """Return the status: sold rows that were answered with yes came back."""
    return status.zip_with(~(flagged[0] & (status == shape.SOLD)), constant(shape.RETURNED, len(status)))


def what_came_back(
    table: Columns,
    columns: Assignment,
    given: Given,
    said: list[pl.Series],
    flagged: Flagged | None,
    taken: Given,
) -> Given:
    """Return the units and the money that came back by the status, where no column tells it.

    `said`: the texts of statuses; `taken`: what rows of their own tell of it.
    """
    status = given["status"]
    wholes = {"returned_units": given["units"], "refund": given["revenue"]}
    untold = {name: whole for name, whole in wholes.items() if given[name] is None}
    if flagged is None and (aside := refunds_aside(table, columns)) and "refund" in untold:
        table.warnings.append(REFUNDS_ASIDE.format(column=aside))
        del untold["refund"]
    if status is None or (not said and flagged is None):  # nothing tells what came back
        return {}
    in_part = max([*(rows_in_part(one, status) for one in said), *([] if flagged is None else [flagged[1]])])
    part = refunded_in_part(table, status, in_part) if in_part and "refund" in untold else None
    if in_part and untold and part is None:
        names = ", ".join(LABELS[name][0] for name in untold)
        table.warnings.append(IN_PART.format(rows=in_part, names=names))
    if in_part and part is None:
        return {}
    is_told = tells_refunds(table.headers)
    found = {name: where_returned(status, whole, is_told=is_told) for name, whole in untold.items()}
    if part is not None:
        found["refund"] = added(found["refund"], part)
    return found | returned_by_status_too(taken, given)

"""Says in words what a till writes as a letter: `TP_MOV` with V of a sale, D of a return and C of a cancelled one."""

from __future__ import annotations

import re
from typing import Final

from gateway.intake.layouts.columns import Columns
from gateway.intake.words import fold

SPELT: Final = "“{column}” foi lida por letras: V são vendas, D devoluções ({back}) e C cancelamentos ({gone})."
UNSURE: Final = (
    "“{column}” tem letras (V, D, C), e nada diz se são venda, devolução e cancelamento: todas as linhas contam como "
    "venda. Se são, escreva as palavras na coluna e envie o arquivo de novo."
)
STATES: Final = (
    "“{column}” tem letras ({letters}), e nada diz quais são de vendas canceladas: todas as linhas contam como venda. "
    "Se alguma é, escreva as palavras na coluna e envie o arquivo de novo."
)
_STATE: Final = re.compile(r"^((situacao|status|sit|st|estado)( d[aeo])?( (nf|nota|nota fiscal|pedido|venda))?)$")
#: So many letters at most tell states, one of which is `C` of what was cancelled.
_MOST_STATES: Final = 4
#: A column of movements or operations. `Tipo` alone may be of cards: voucher, debit, credit.
_MOVEMENTS: Final = re.compile(
    r"^((tp|tipo|cod|ind|fl|flag) )?(d[eao] )?(mov|movto|movimento|movimentacao|oper|operacao|trans|transacao)$"
)
_KIND: Final = re.compile(r"^(tp|tipo)$")
_LETTERS: Final = ("V", "D", "C")
_WORDS: Final = {"V": "Venda", "D": "Devolução"}
_NAME: Final = "Tipo de movimento"


def spell_letters(table: Columns) -> None:
    """Write the words of a column of letters and drop what was cancelled; where it may be of cards only tell it."""
    for index, header in enumerate(table.headers):
        named = " ".join(re.sub(r"[_.]", " ", fold(header)).split())
        if _STATE.search(named) and table.height:
            _tell_states(table, index, header)
            continue
        sure = _MOVEMENTS.search(named) is not None
        if not (sure or _KIND.search(named)) or not table.height:
            continue
        cells = table.cells(index).str.strip_chars().str.to_uppercase()
        told = set(cells.drop_nulls().unique().to_list())
        if not {"V"} < told <= set(_LETTERS) or int((cells == "V").sum()) * 2 <= table.height:
            continue
        if not sure:
            table.warnings.append(UNSURE.format(column=header))
            return
        back, gone = (int((cells == letter).sum()) for letter in "DC")
        table.warnings.append(SPELT.format(column=header, back=back, gone=gone))
        spelt = cells.replace_strict(_WORDS, default=None).alias(str(index))
        table.frame = table.frame.with_columns(spelt)
        table.headers[index] = _NAME
        table.keep((cells != "C").fill_null(value=True))
        return


def _tell_states(table: Columns, index: int, header: str) -> None:
    """Tell of states that are letters, where one of them may be of what was cancelled."""
    told = sorted(set(table.cells(index).str.strip_chars().str.to_uppercase().drop_nulls().unique().to_list()))
    if "C" in told and 1 < len(told) <= _MOST_STATES and all(len(letter) == 1 for letter in told):
        table.warnings.append(STATES.format(column=header, letters=", ".join(told)))

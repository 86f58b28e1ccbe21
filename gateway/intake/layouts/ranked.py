"""Finds lists of the best and the worst: they are some of what was sold, and one thing may stand in both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.kinds import NUMBERED, plain_name
from gateway.intake.layouts.planned import first_cells
from gateway.intake.masking import mask
from gateway.intake.values import says

RANKED: Final = (
    "A coluna “{column}” diz que as linhas são as melhores e as piores (“{first}”, “{last}”): é uma lista de algumas, "
    "e não todas as vendas, e a mesma coisa pode estar nas duas partes. Nenhum número foi calculado. Se são todas as "
    "vendas, diga em “Ver as colunas” o que é cada coluna."
)
FIRST_FEW: Final = (
    "O nome “{name}” diz que são só os primeiros, e não todas as vendas: nenhum número foi calculado. Se são todas as "
    "vendas, diga em “Ver as colunas” o que é cada coluna."
)
#: How many stand first, in a name: then the others are left out.
_FIRST_FEW: Final = r"\b(top|bottom) ?\d+\b|\b\d+ (\w+ )?((mais|menos|mas) vendid\w+|best ?sell\w+)"
_WORDS: Final = 8
_NAME_CHARS: Final = 60
_OF: Final = (
    r"(the |os |as |los |las )?(\d+ )?((produt|product|client|vendedor|vendor|item|iten|loja|tienda|marca|customer|"
    r"seller|store)\w* )?"
)
_SOLD: Final = r"(sell\w*|sold|vend\w+|produt\w*|product\w*|client\w*|customers?|itens|items|lojas|stores)"
#: `Top` and `Bottom` alone are clothes.
_BEST: Final = (
    rf"^{_OF}(mais vendid\w+|mas vendid\w+|best( ?{_SOLD})?|(melhor|mejor|maior|mayor)(es)?( {_SOLD})?|"
    rf"top( ?\d+| {_SOLD})|most sold)$"
)
_WORST: Final = (
    rf"^{_OF}(menos vendid\w+|worst( ?{_SOLD})?|(pior|peor|menor)(es)?( {_SOLD})?|bottom( ?\d+| {_SOLD})|least sold)$"
)
_LETTERS: Final = 0.9


def told_of_ranks(table: Columns, assignment: Assignment) -> str:
    """Return what is told where a column calls every row one of the best or one of the worst; empty where none does."""
    for index, profile in enumerate(assignment.profiles):
        if profile.letters < _LETTERS or not says(first_cells(table, index), f"{_BEST}|{_WORST}").any():
            continue
        texts = table.cells(index).drop_nulls()
        best, worst = says(texts, _BEST), says(texts, _WORST)
        if best.any() and worst.any() and (best | worst).all():
            shown = [mask(texts.filter(one)[0]) for one in (best, worst)]
            return RANKED.format(column=table.headers[index], first=shown[0], last=shown[1])
    return ""


def told_of_first_few(assignment: Assignment, names: Sequence[str]) -> str:
    """Return what is told where a title, or the sheet's or the file's name, says that only the first ones are listed.

    Numbered orders, and what has days, are sales of their own.
    """
    if assignment.confidence("order_id") >= NUMBERED or assignment.column("at") is not None:
        return ""
    short = [name for name in names if len(name.split()) <= _WORDS]  # a sentence may speak of anything
    named = next((name for name in short if re.search(_FIRST_FEW, plain_name(name))), "")
    return FIRST_FEW.format(name=mask(" ".join(named.split()))[:_NAME_CHARS]) if named else ""

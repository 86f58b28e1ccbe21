"""Tells a shop's movements apart where a column of categories says what each of them is: sales, purchases, costs."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.names import words
from gateway.intake.values import folded

NOT_SOLD: Final = (
    "{rows} linha(s) não foram contadas como venda: entre vendas, “{column}” as chama de outra coisa ({texts})."
)
_CATEGORY: Final = frozenset(("categoria", "category"))
#: No product's category is called so.
_IS_SALE: Final = (
    r"^((receitas?|entradas?) (de|com|por) )?(vendas?|ventas?|sales?)( (de|da|do|na|no|em|online|a)\b.*)?$"
)
_IS_NONE: Final = (
    r"^(compras?|despesas?|gastos?|custos?|devoluc\w+|estornos?|reembolsos?|perdas?|quebras?|retiradas?|aportes?|"
    r"sangrias?|suprimentos?|alugue(l|is)|salarios?|folha|impostos?|tributos?|fornecedor(es)?|tarifas?|taxas?|fretes?|"
    r"emprestimos?|transferenc\w+|pro labore|purchases?|expenses?|refunds?|losses|rent|salar(y|ies)|taxes|suppliers?)\b"
)
_SHOWN: Final = 3


def drop_other_categories(table: Columns) -> None:
    """Drop rows that a column of categories calls purchases, costs and the like, beside some that it calls sales."""
    for index, header in enumerate(table.headers):
        if not _CATEGORY & set(words(header)):
            continue
        texts = pl.DataFrame({"text": table.cells(index)}).select(folded(pl.col("text")).alias("text"))["text"]
        others = texts.str.contains(_IS_NONE).fill_null(value=False)
        if others.any() and texts.str.contains(_IS_SALE).any():
            # a person's name may come after the word
            shown = dict.fromkeys(one.split()[0] for one in table.text_at(index).filter(others).drop_nulls())
            told = ", ".join(f"“{one}”" for one in list(shown)[:_SHOWN])
            table.warnings.append(NOT_SOLD.format(rows=int(others.sum()), column=header, texts=told))
            table.keep(~others)
            return

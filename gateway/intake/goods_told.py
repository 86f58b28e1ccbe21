"""What a person is told of a table of costs or stock, in Portuguese: what was read, which rows were not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gateway.intake.goods import Goods, Why, WrongRow

#: Row numbers that one sentence names.
_NAMED: Final = 12
WHY: Final[dict[Why, str]] = {
    "no_sku": "sem SKU",
    "no_number": "com um valor que não é um número",
    "negative": "com um valor negativo",
    "no_date": "com uma data que não foi entendida",
    "no_currency": "sem moeda: diga-a em uma coluna “Moeda”, no cabeçalho (“Custo (R$)”) ou ao enviar",
    "twice": "com o mesmo SKU e custos diferentes para o mesmo dia",
    "tax": "com um imposto que não é uma alíquota de 0 a 95%",
    "currency_changed": "em outra moeda que a do custo guardado desse SKU",
}


def told(goods: Goods) -> list[str]:
    """Return the sentences."""
    said = []
    if goods.costs:
        said.append(
            f"{_n(len({one.key for one in goods.costs}), 'SKU com custo lido', 'SKUs com custo lido')}: usados para "
            "calcular a margem das vendas por SKU."
        )
    if goods.stock:
        said.append(
            f"{_n(len({one.key for one in goods.stock}), 'SKU com estoque lido', 'SKUs com estoque lido')}: usados "
            "para calcular por quantos dias ele dura."
        )
    if goods.without:
        some = ", ".join(goods.without[:_NAMED])
        more = len(goods.without) - _NAMED
        said.append(
            f"{_n(len(goods.without), 'SKU sem custo preenchido', 'SKUs sem custo preenchido')}: {some}"
            f"{f' e mais {more}' if more > 0 else ''}."
        )
    said += wrong_rows(goods.wrong)
    more = goods.wrong_rows - len(goods.wrong)
    if more > 0:
        said.append(f"Mais {_n(more, 'linha ficou', 'linhas ficaram')} de fora.")
    return said


def wrong_rows(wrong: Sequence[WrongRow]) -> list[str]:
    """Return a sentence for each reason, with the numbers of the rows."""
    said = []
    for why, words in WHY.items():
        rows = [one.row for one in wrong if one.why == why]
        if rows:
            named = ", ".join(map(str, rows[:_NAMED]))
            more = len(rows) - _NAMED
            said.append(
                f"Linha(s) {named}{f' e mais {more}' if more > 0 else ''} {words}: "
                f"{'não mudou' if len(rows) == 1 else 'não mudaram'} nada."
            )
    return said


def _n(count: int, one: str, many: str) -> str:
    return f"{f'{count:,}'.replace(',', '.')} {one if count == 1 else many}"

"""What the reader remarks on amounts that others of the table show, or that nothing shows; in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SHOWN: Final[Mapping[str, str]] = {
    "As tarifas incluem os impostos que o canal reteve ou cobrou sobre elas: {}, {:sum} ao todo. O que sobra é sem "
    "eles, como o canal o paga.": (
        "The fees include the taxes that the channel kept back or charged on them: {}, {} in all. What is left is "
        "without them, as the channel pays it."
    ),
    "O frete é “{}” mais “{}”, o das devoluções.": "The shipping is “{}” plus “{}”, that of returns.",
    "A coluna “{}” traz o desconto em dinheiro, como “{}” mostra: {:sum} ao todo foram tirados do preço vezes as "
    "unidades.": (
        "The column “{}” has the discount in money, as “{}” shows: {} in all was taken off the price times the units."
    ),
    "A receita é desconhecida: nada na tabela mostra se “{}” é a parte do preço que foi desconto ou o desconto em "
    "dinheiro. Se é a parte, escreva “{} (%)” no nome da coluna; se é dinheiro, ponha o total de cada linha na tabela, "
    "e envie de novo.": (
        "The revenue is unknown: nothing in the table shows whether “{}” is the part of the price that was given away, "
        "or the discount in money. If it is the part, call the column “{} (%)”; if it is money, put the total of each "
        "row into the table, and upload it again."
    ),
    "A receita é a coluna “{}”, por suposição: os canais chamam assim o valor dos pedidos feitos, que pode conter "
    "descontos, frete e pedidos cancelados ou devolvidos que nenhuma outra coluna diz. Se contém, a receita é menos na "
    "mesma medida: confira com a exportação de pedidos do canal.": (
        "The revenue is the column “{}”, which is assumed: channels call so the worth of the orders that were placed, "
        "which may contain discounts, shipping, and cancelled or returned orders that no other column tells. If it "
        "does, the revenue is less by as much: compare it with the channel's export of orders."
    ),
    "Colunas de valores que não foram lidas: {}. Se uma delas traz o que falta, diga isso em “Ver as colunas”.": (
        "Columns of amounts that were not read: {}. If one of them has what is missing, say so in “Look at the "
        "columns”."
    ),
    "“{}” tem valores com centavos: parece o que o estoque vale, e não quantas unidades há. Não foi guardado. Se são "
    "quantidades, diga isso em “Ver as colunas”.": (
        "“{}” has amounts with cents: it seems to be what the stock is worth, and not how many units there are. It was "
        "not stored. If they are quantities, say so in “Look at the columns”."
    ),
}

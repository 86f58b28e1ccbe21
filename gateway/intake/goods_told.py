"""Word a person's report on costs, stock and advertising, in Portuguese: rows that were used and rows left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gateway.intake.ads import WhyNot
from gateway.intake.goods import Goods, Why, WrongRow
from schemas.channels import channel_name

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


#: Why a report of advertising is not kept.
WHY_NOT: Final[dict[WhyNot, str]] = {
    "no_channel": "ele não diz de qual canal é: escolha o canal ao enviar",
    "no_days": "ele não diz de que dias é: exporte-o por dia, ou deixe o período no nome do arquivo",
    "future": (
        "ele traz dias que ainda não passaram: são os das campanhas, e não os do custo, ou de um mês que não acabou; "
        "exporte-o por dia"
    ),
    "no_currency": "ele não diz em que moeda está: diga-a ao enviar",
    "currencies": "ele traz valores em mais de uma moeda",
    "two_tables": "ele traz tabelas com somas diferentes, e não se sabe se uma contém a outra: envie só uma",
    "too_many_days": "ele traz dias demais: envie um período menor",
    "too_old": "ele é de mais de dois anos atrás: relatórios são guardados por esse tempo",
}


def told(goods: Goods) -> list[str]:
    """Return the sentences for a person."""
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
    said += told_of_ads(goods)
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


def told_of_ads(goods: Goods) -> list[str]:
    """Return a sentence for each advertising report that was kept, and for each that was refused, with the reason."""
    said = []
    for one in goods.ads:
        days = " a ".join("/".join(reversed(day.split("-"))) for day in (one.first, one.last))
        said.append(
            f"Publicidade de {channel_name(one.channel)}, {days}: {one.currency} {one.amount:.2f}. É usada na próxima "
            "análise das vendas desse canal nesses dias."
        )
    said += [f"O relatório de publicidade não foi guardado: {WHY_NOT[why]}." for why in goods.ads_unusable]
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

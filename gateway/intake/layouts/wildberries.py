"""Wildberries' detailed report of a week: sales, returns, deliveries, penalties. Known from programs that read it."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.channel_words import channel_column
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.payouts import (
    Movements,
    amounts,
    needed,
    payout_lines,
    text_of,
    zero_amounts,
)
from gateway.intake.values import says

NAME: Final = "wildberries.report"
_WHY: Final = "Обоснование для оплаты"
_GOODS: Final = "Вайлдберриз реализовал Товар (Пр)"
_PAID: Final = "\u041a перечислению Продавцу за реализованный Товар"
_DELIVERY: Final = "Услуги по доставке товара покупателю"
_SKU: Final = "Артикул поставщика"
REQUIRED: Final = (_WHY, _GOODS, _PAID, _DELIVERY, _SKU)
TYPICAL: Final = ("Тип документа", "Кол-во", "Srid", "Дата продажи", "Номер поставки", "Код номенклатуры")
#: What else is taken off the payout, each in a column of its own.
_TAKEN: Final = (
    "Общая сумма штрафов",
    "Хранение",
    "Удержания",
    "Платная приемка",
    "Операции на приемке",
    "Стоимость платной приемки",
)
_SOLD: Final = r"^(корректная )?продажа$"
_BACK: Final = r"^(корректныи )?возврат$|^сторно продаж$"
_SENT: Final = "логистика"


def read(table: Columns) -> pl.DataFrame:
    """Return the lines of sales, returns and deliveries. What Wildberries keeps of a sale is its commission."""
    why, goods, paid, sent = text_of(table, _WHY), needed(table, _GOODS), needed(table, _PAID), needed(table, _DELIVERY)
    zero, taken = zero_amounts(table.height), amounts(table, *_TAKEN)
    sold, returned, delivery = says(why, _SOLD), says(why, _BACK), says(why, _SENT)
    way = zero.zip_with(~sold, zero + 1).zip_with(~returned, zero - 1)
    channel = channel_column(table, None, list(table.channels), None)
    moved = Movements(
        channel=pl.Series([None], dtype=pl.String).new_from_index(0, table.height) if channel is None else channel,
        sold=sold,
        back=returned | delivery,
        kind=why,
        net=(paid.abs() * way).zip_with(sold | returned, paid) - sent - (zero if taken is None else taken),
        net_name=_PAID,
        needs=(_GOODS, _PAID),
        carried=delivery,
        order=table.text("Srid", optional=True),
        goods=goods.abs() * way,
        fees=(paid.abs() - goods.abs()) * way,
        freight=-sent,
        units=table.number("Кол-во", optional=True),
        sku=table.text(_SKU),
        title=table.text("Название", optional=True),
        at=table.moment("Дата продажи", optional=True),
    )
    return payout_lines(table, moved, "venda")

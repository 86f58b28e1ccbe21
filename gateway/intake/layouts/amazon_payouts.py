"""Amazon's payouts: the report of transactions by date, and the settlement's flat file.

The report and the flat file V2 are known from Amazon's documentation and from programs that read them.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts.amazon import CHANNEL
from gateway.intake.layouts.amazon_flat_file import (
    PRICE,
    PRINCIPAL,
    PROMOTION,
    column_of,
    first_parts,
    is_first,
    leave_out_blank,
    movements_of,
)
from gateway.intake.layouts.amazon_marketplaces import currency_of_marketplaces
from gateway.intake.layouts.columns import Columns, key
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.payouts import Movements, amount, amounts, needed, payout_lines, text_of
from gateway.intake.layouts.withheld import WITHHELD
from gateway.intake.values import CENTS, numbers, says
from gateway.intake.words import currency_spoken, fold, in_portuguese

TRANSACTIONS: Final = "amazon.transactions"
SETTLEMENT: Final = "amazon.settlement"
#: In English, Portuguese, Spanish, German, French, Italian and Japanese.
_TYPE: Final = "type | tipo | typ | トランザクションの種類"
_ORDER: Final = (
    "order id | id do pedido | número de pedido | id. del pedido | bestellnummer | numéro de la commande | "
    "numero ordine | 注文番号"
)
_SALES: Final = (
    "product sales | vendas do produto | ventas de productos | umsätze | ventes de produits | vendite | 商品売上 | "
    "商品の売上"
)
_FEES: Final = (
    "selling fees | tarifas de venda | tarifas de venta | verkaufsgebühren | frais de vente | commissioni di vendita | "
    "手数料"
)
_TOTAL: Final = "total | gesamt | totale | 合計"
_FREIGHT: Final = (
    "shipping credits | postage credits | créditos de remessa | abonos de envío | créditos de envío | "
    "gutschrift für versandkosten | crédits d'expédition | accrediti per le spedizioni | 配送料"
)
_WRAP: Final = (
    "gift wrap credits | créditos de embalagem de presente | créditos por envoltorio de regalo | "
    "abonos de envoltorio para regalo | gutschrift für geschenkverpackung | crédits sur l'emballage cadeau | "
    "accrediti per confezioni regalo | ギフト包装手数料"
)
_REBATES: Final = (
    "promotional rebates | descontos promocionais | descuentos promocionales | devoluciones promocionales | "
    "rabatte aus werbeaktionen | rabais promotionnels | sconti promozionali | プロモーション割引額"
)
_OTHER_FEES: Final = (
    (
        "fba fees | taxas fba | tarifas fba | tarifas de logística de amazon | gebühren zu versand durch amazon | "
        "frais expédié par amazon | costi del servizio logistica di amazon | fba 手数料"
    ),
    (
        "other transaction fees | taxas de outras transações | tarifas de otra transacción | "
        "tarifas de otras transacciones | andere transaktionsgebühren | autres frais de transaction | "
        "altri costi relativi alle transazioni | トランザクションに関するその他の手数料"
    ),
    "Amazonポイントの費用 | Amazon ポイントの費用",
    "other | outro | otro | andere | autre | divers | altro | その他",
)
#: Taxes that buyers pay beside the price, and what of them Amazon keeps back for the state.
_TAXES: Final = (
    (
        "product sales tax | impuesto de ventas de productos | produktumsatzsteuer | "
        "taxes sur la vente des produits | imposta sulle vendite dei prodotti | 商品の売上税"
    ),
    (
        "shipping credits tax | postage credits tax | impuesto de abonos de envío | impuestos por abonos de envío | "
        "steuer auf versandgutschrift | taxe sur les crédits d'expédition | imposta accrediti per le spedizioni | "
        "配送料の税金"
    ),
    (
        "giftwrap credits tax | gift wrap credits tax | impuesto de créditos de envoltura | "
        "impuestos por abonos de envoltorio para regalo | steuer auf geschenkverpackungsgutschriften | "
        "taxes sur les crédits cadeaux | imposta sui crediti confezione regalo | ギフト包装クレジットの税金"
    ),
    (
        "promotional rebates tax | impuesto de descuentos promocionales | impuestos de descuentos por promociones | "
        "steuer auf aktionsrabatte | taxes sur les remises promotionnelles | imposta sugli sconti promozionali | "
        "プロモーション割引の税金"
    ),
    "tax on regulatory fee",
    (
        "marketplace withheld tax | impuesto de retenciones en la plataforma | impuesto retenido en el sitio web | "
        "einbehaltene steuer auf marketplace | taxes retenues sur le site de vente | "
        "trattenuta iva del marketplace | 源泉徴収税を伴うマーケットプレイス"
    ),
)
_TITLE: Final = "description | descrição | descripción | beschreibung | descrizione | 説明 | 商品名"
_UNITS: Final = "quantity | quantidade | cantidad | menge | quantité | quantità | 数量"
_AT: Final = "date/time | data/hora | fecha/hora | fecha y hora | datum/uhrzeit | date/heure | data/ora | 日付/時間"
TRANSACTIONS_REQUIRED: Final = (_TYPE, _ORDER, _SALES, _FEES, _TOTAL)
TRANSACTIONS_TYPICAL: Final = (
    *(
        "settlement id",
        "id de liquidação",
        "identificador de pago",
        "fba fees",
        "abrechnungsnummer",
        "numéro de versement",
        "numero pagamento",
    ),
    *("決済番号", *alternatives(_AT)),
)
#: Columns of the flat file V2, or of the first one in their place.
SETTLEMENT_REQUIRED: Final = (
    *("settlement-id", "transaction-type", "order-id"),
    "amount-type | price-type",
    "amount-description | price-amount",
    "amount | item-related-fee-amount",
)
SETTLEMENT_TYPICAL: Final = ("posted-date", "sku", "quantity-purchased", "total-amount", "order-item-code")
_SOLD: Final = "^(order|pedido|bestellung|commande|ordine|注文)$"
_BACK: Final = rf"refund|reembolso|estorno|chargeback|a-to-z|a a z|^(erstattung|remboursement|rimborso|{fold('返金')})"
#: What Amazon takes for labels and delivery of an order.
_DELIVERY: Final = r"^(shipping services|delivery services|servicos? de (envio|entrega)|servicios de envio)"
_AMOUNTS_IN: Final = re.compile(
    r"(?i:amounts in|quantias em|valores em|importes en|montos en|beträge in|montants sont en|sono espressi in)\s+"
    r"([A-Z]{3}\b|Euro\b)|(?:すべて|全て)の(?:金額|通貨)は(?:日本)?(円)"
)
OF_WHAT: Final = (
    "Em {rows} linha(s) o desconto promocional pode ser do frete, que o comprador também pagou: foi descontado do "
    "produto. Se for do frete, a receita é até {sum} maior; o valor recebido é o mesmo."
)
TAXES_INSIDE: Final = (
    "O total da Amazon contém {sum} de impostos que os compradores pagaram e que ela não reteve: não são receita, e "
    "foram tirados do que foi recebido."
)
OTHER_TOTAL: Final = (
    "As linhas somam {ours}, e o repasse diz {theirs} (“total-amount”): o arquivo pode não estar inteiro."
)


def read_transactions(table: Columns) -> pl.DataFrame:
    """Return the lines of orders, refunds and their delivery. A promotion that equals the freight is the freight's."""
    height, kind = table.height, text_of(table, _TYPE)
    sales, total = needed(table, _SALES), needed(table, _TOTAL)
    taxes, kept = _taxes(table)
    net = total if taxes is None else total - taxes
    sold, delivery = says(kind, _SOLD), says(kind, _DELIVERY)
    rebates, freight, of_freight = _rebates(table, sold)
    goods = sales if (wrap := amount(table, _WRAP)) is None else sales + wrap
    nothing = pl.select(pl.repeat(0.0, height)).to_series()
    fees = amounts(table, _FEES, *_OTHER_FEES)
    assert fees is not None
    fees = fees if kept is None else fees + kept
    on_goods = rebates - of_freight
    order, title = table.text(*alternatives(_ORDER)), table.text(*alternatives(_TITLE))
    moved = Movements(
        channel=constant(CHANNEL, height),
        sold=sold,
        back=says(kind, _BACK) | delivery,
        kind=kind,
        net=net,
        net_name="total",
        needs=(_SALES, _TOTAL),
        carried=delivery,
        order=order,
        goods=goods + on_goods,
        fees=fees.zip_with(~delivery, nothing),
        freight=(freight + of_freight).zip_with(~delivery, net),
        discount=on_goods.zip_with(sold, nothing),
        units=table.number(*alternatives(_UNITS)),
        sku=_of_its_product(delivery, order, table.text("sku")),
        title=None if title is None else pl.select(pl.when(~delivery).then(title)).to_series(),
        at=table.moment(*alternatives(_AT)),
        currency=currency_of_marketplaces(table) if (told := _stated_currency(table)) is None else told,
    )
    return payout_lines(table, moved, "lançamento")


def _taxes(table: Columns) -> tuple[pl.Series | None, pl.Series | None]:
    """Return the taxes in a row's total that buyers paid and Amazon did not keep back, or those kept back beside none.

    The seller gets the first for the state: they are neither revenue nor what is left of a sale. The others are taken
    from what the seller gets (in Mexico): they count among the fees, as those of other channels do.
    """
    paid, kept = amounts(table, *_TAXES[:-1]), amount(table, _TAXES[-1])
    if kept is not None and _tells(kept) and (paid is None or not _tells(paid)):
        shown = ", ".join(f"“{one}”" for one in table.headers if key(one) in alternatives(_TAXES[-1]))
        table.warnings.append(WITHHELD.format(columns=shown, total=in_portuguese(-float(kept.sum()))))
        return None, kept.fill_null(0.0)
    taxes = amounts(table, *_TAXES)
    if taxes is None or not _tells(taxes):
        return None, None
    table.warnings.append(TAXES_INSIDE.format(sum=in_portuguese(float(taxes.sum()))))
    return taxes, None


def _tells(taxes: pl.Series) -> bool:
    return bool((taxes.abs() >= CENTS).any())


def _of_its_product(delivery: pl.Series, order: pl.Series | None, sku: pl.Series | None) -> pl.Series | None:
    """Return the SKUs, and for a delivery that of its order's only product: what is described there is no product."""
    if order is None or sku is None:
        return sku
    frame = pl.DataFrame({"delivery": delivery, "order": order, "sku": sku})
    only = pl.col("sku").drop_nulls().n_unique().over("order") == 1
    its = pl.when(pl.col("delivery") & pl.col("order").is_not_null() & only).then(
        pl.col("sku").drop_nulls().first().over("order")
    )
    return frame.select(pl.coalesce("sku", its)).to_series()


def _stated_currency(table: Columns) -> pl.Series | None:
    """Return the currency that the lines above the header tell ("All amounts in USD"); None where they tell none."""
    told = next((found[1] or found[2] for title in table.titles if (found := _AMOUNTS_IN.search(title))), None)
    code = None if told is None else currency_spoken(told)
    return None if code is None else constant(code, table.height)


def _rebates(table: Columns, sold: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return promotions, what buyers paid for freight, and how much of the promotions was on that."""
    nothing = pl.select(pl.repeat(0.0, table.height)).to_series()
    rebates, freight = amount(table, _REBATES), amount(table, _FREIGHT)
    rebates, freight = (nothing if one is None else one for one in (rebates, freight))
    same = (rebates + freight).abs() < CENTS
    unsure = sold & ~same & (rebates < 0) & (freight > 0)
    if unsure.any():
        most = pl.select(pl.min_horizontal(-rebates, freight)).to_series().filter(unsure).sum()
        table.warnings.append(OF_WHAT.format(rows=int(unsure.sum()), sum=in_portuguese(float(most))))
    return rebates, freight, rebates.zip_with(same, nothing)


def read_settlement(table: Columns) -> pl.DataFrame:
    """Return the lines: a row of the file is one amount; those of an order's item are one sale, or one refund."""
    code, stated = table.first_cell("currency"), table.first_cell("total-amount")
    parts = _parts(table)  # the first row is the settlement's own
    theirs, ours = numbers(pl.Series([stated], dtype=pl.String)).item(), float(parts["net"].sum())
    if theirs is not None and abs(ours - theirs) >= CENTS:
        table.warnings.append(OTHER_TOTAL.format(ours=in_portuguese(ours), theirs=in_portuguese(theirs)))
    items = parts.group_by("type", "kind", "order", "sku", "item", maintain_order=True).agg(
        pl.col("row", "at").first(),
        pl.col("net", "goods", "fees", "freight", "discount").sum(),
        pl.when(pl.col("units").is_not_null().any()).then(pl.col("units").sum()).alias("units"),
    )
    height = items.height
    moved = Movements(
        channel=constant(CHANNEL, height),
        sold=says(items["type"], _SOLD),
        back=says(items["type"], _BACK) & items["order"].is_not_null(),
        kind=items["kind"],
        net=items["net"],
        net_name="amount",
        order=items["order"],
        goods=items["goods"] + items["discount"],
        fees=items["fees"],
        freight=items["freight"],
        discount=items["discount"],
        units=items["units"],
        sku=items["sku"],
        at=items["at"],
        currency=None if code is None else constant(code, height),
        rows=items["row"],
    )
    return payout_lines(table, moved, "lançamento")


def _parts(table: Columns) -> pl.DataFrame:
    """Return the file's amounts, each in the column of its kind."""
    leave_out_blank(table)
    frame = first_parts(table) if is_first(table) else _second_parts(table)
    frame = frame.filter(pl.col("type").is_not_null())
    price, promotion = pl.col("of") == PRICE, pl.col("of") == PROMOTION
    shipping = pl.col("what").str.starts_with("Shipping")
    withheld = pl.col("what").str.starts_with("MarketplaceFacilitator")  # a tax that Amazon pays, and no fee
    principal = price & pl.col("what").is_in([PRINCIPAL, "GiftWrap"])
    return frame.with_columns(
        kind=pl.when(pl.col("order").is_not_null()).then("type").otherwise(pl.coalesce("what", "of", "type")),
        goods=pl.when(principal).then("net").otherwise(0.0),
        freight=pl.when((price | promotion) & shipping & ~pl.col("what").str.contains("Tax"))
        .then("net")
        .otherwise(0.0),
        discount=pl.when(promotion & ~shipping).then("net").otherwise(0.0),
        fees=pl.when(pl.col("of").str.contains("Fee") & ~withheld.fill_null(value=False)).then("net").otherwise(0.0),
        units=pl.when(price & (pl.col("what") == PRINCIPAL)).then("quantity"),
    )


def _second_parts(table: Columns) -> pl.DataFrame:
    """Return the rows of the flat file V2: one amount each, with two columns that say of what."""
    return movements_of(table).with_columns(
        net=needed(table, "amount"), of=column_of(table, "amount-type"), what=column_of(table, "amount-description")
    )

"""Mercado Pago: released money and all transactions. Known from its documentation and programs, not from a file."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.payouts import Movements, adding_up, amount, amounts, needed, payout_lines, text_of
from gateway.intake.layouts.store import CHANNEL
from gateway.intake.values import says

RELEASES: Final = "mercado_pago.releases"
SETTLEMENTS: Final = "mercado_pago.settlements"
_CREDIT: Final = "NET_CREDIT_AMOUNT | Valor líquido creditado | Monto neto acreditado | Net credit amount"
_DEBIT: Final = "NET_DEBIT_AMOUNT | Valor líquido debitado | Monto neto debitado | Net debit amount"
_GROSS: Final = (
    "GROSS_AMOUNT | Valor bruto da operação | Monto bruto de la operación | Gross amount | Gross transaction amount"
)
_WHAT: Final = "DESCRIPTION | Descrição | Descripción | Description"
_DATE: Final = "DATE | RELEASE_DATE | Data de liberação | Fecha de liberación | Release date"
_SOURCE: Final = (
    "SOURCE_ID | ID da operação no Mercado Pago | ID da transação no Mercado Pago | "
    "ID de operación en Mercado Pago | Mercado Pago transaction ID"
)
_REFERENCE: Final = (
    "EXTERNAL_REFERENCE | Código de referência | Código de referencia | Número de referencia | Reference code"
)
RELEASES_REQUIRED: Final = (_DATE, _CREDIT, _DEBIT, _GROSS, _WHAT)
RELEASES_TYPICAL: Final = (*alternatives(_SOURCE), *alternatives(_REFERENCE), "RECORD_TYPE", "Tipo de registro")
_TYPE: Final = "TRANSACTION_TYPE | Tipo de transação | Tipo de operação | Tipo de operación | Transaction type"
_AMOUNT: Final = "TRANSACTION_AMOUNT | Valor da compra | Valor da transação | Monto de la compra | Valor de la compra"
_NET: Final = (
    "SETTLEMENT_NET_AMOUNT | REAL_AMOUNT | Valor líquido recebido | Monto neto de la operación | "
    "Monto recibido por compra"
)
SETTLEMENTS_REQUIRED: Final = (_TYPE, _AMOUNT, _NET)
SETTLEMENTS_TYPICAL: Final = RELEASES_TYPICAL
_FEE: Final = (
    "MP_FEE_AMOUNT | Tarifa do Mercado Pago ou Mercado Livre | "
    "Comisión de Mercado Pago o Mercado Libre (incluye IVA) | Tarifa de Mercado Pago o Mercado Libre"
)
_FINANCING: Final = (
    "FINANCING_FEE_AMOUNT | Tarifa por oferecer parcelamento sem acréscimo | Comisión por ofrecer cuotas sin interés | "
    "Tarifa por parcelamento"
)
_SHIPPING: Final = "SHIPPING_FEE_AMOUNT | Custo de envio | Tarifa de envio | Costo de envío"
_TAXES: Final = "TAXES_AMOUNT | Impostos cobrados | Impuestos cobrados | Impuestos cobrados por retenciones IIBB"
_UNIT: Final = "SUB_UNIT | BUSINESS_UNIT | Subunidade | Unidade de negócio | Unidad de negocio"
_CURRENCIES: Final = "SETTLEMENT_CURRENCY | TRANSACTION_CURRENCY | CURRENCY | Moeda | Moneda"
#: Balances at the beginning, at the end and in between: no movement.
_BALANCE: Final = r"available|\btotal\b|\bsaldo|inicial"
_RELEASED: Final = r"^(payment|pagamento|pago|cobro|cobranca|recebimento|venda)( (de|por) .*)?$"
_RETURNED: Final = r"^(refund|mediation|chargeback|dispute|reembolso|devolucao|devolucion|estorno|contracargo|mediac)"
_APPROVED: Final = r"^(settlement|pagamento aprovado|pago aprobado|approved payment|liquidac)"
OWN_OR_NOT: Final = (
    "O relatório não diz de onde vem cada pagamento: todos foram lidos como vendas do Mercado Livre. Se há pagamentos "
    "de uma loja própria, inclua a coluna SUB_UNIT no relatório."
)
NO_PRODUCTS: Final = "O relatório não traz produtos nem unidades: devoluções por produto e preços ficam desconhecidos."


def read_releases(table: Columns) -> pl.DataFrame:
    """Return the lines of released sales and of refunds. Balances are no movements."""
    record = table.text("RECORD_TYPE", "Tipo de registro", "Record type", optional=True)
    source = table.text(*alternatives(_SOURCE), optional=True)
    if record is not None:
        table.keep(~says(record, _BALANCE))
    elif source is not None:
        table.keep(source.is_not_null())
    what = text_of(table, _WHAT)
    credit, debit, gross = (needed(table, name) for name in (_CREDIT, _DEBIT, _GROSS))
    net = credit - debit.abs()
    sold, back = says(what, _RELEASED), says(what, _RETURNED)
    # costs are written with and without a sign: they lower what is released, and come back with what is taken back
    sign = pl.select(pl.when(net < 0).then(1.0).otherwise(-1.0)).to_series()
    fees, freight = amounts_of_costs(table, _FEE, _FINANCING, _TAXES), amounts_of_costs(table, _SHIPPING)
    moved = Movements(
        channel=_channel(table),
        sold=sold,
        back=back,
        kind=_first_word(what),
        net=net,
        net_name="NET_CREDIT_AMOUNT",
        needs=(_GROSS,),
        order=_order(table),
        goods=gross.abs() * -sign,
        fees=None if fees is None else fees * sign,
        freight=None if freight is None else freight * sign,
        at=table.moment(*alternatives(_DATE)),
        currency=table.text(*alternatives(_CURRENCIES), optional=True),
    )
    table.warnings.append(NO_PRODUCTS)
    return payout_lines(table, moved, "liberação do dinheiro")


def read_settlements(table: Columns) -> pl.DataFrame:
    """Return the lines of approved payments and refunds; withdrawals are reported."""
    kind = text_of(table, _TYPE)
    goods, net = needed(table, _AMOUNT), needed(table, _NET)
    freight = amount(table, _SHIPPING)
    moved = Movements(
        channel=_channel(table),
        sold=says(kind, _APPROVED),
        back=says(kind, _RETURNED),
        kind=_first_word(kind),
        net=net,
        net_name="SETTLEMENT_NET_AMOUNT",
        needs=(_AMOUNT, _NET),
        order=_order(table),
        goods=goods,
        fees=_fees(table, goods if freight is None else goods + freight, net),
        freight=freight,
        at=table.moment(
            "TRANSACTION_DATE",
            "ORIGIN_DATE",
            "Data de origem",
            "Fecha de origen",
            "SETTLEMENT_DATE",
            "Data de aprovação",
        ),
        currency=table.text(*alternatives(_CURRENCIES), optional=True),
    )
    table.warnings.append(NO_PRODUCTS)
    return payout_lines(table, moved, "pagamento")


def _first_word(text: pl.Series) -> pl.Series:
    """Return the code, or the first word: a transfer may name whom it went to."""
    return text.str.extract(r"^(\w+)", 1)


def amounts_of_costs(table: Columns, *names: str) -> pl.Series | None:
    """Return the sum of these columns, each without its sign."""
    found = [one.abs() for one in (amount(table, name) for name in names) if one is not None]
    return pl.DataFrame(found).sum_horizontal() if found and table.height else None


def _fees(table: Columns, before: pl.Series, net: pl.Series) -> pl.Series | None:
    """Return the fees: one column alone, or with those that it may or may not contain, whichever adds up."""
    fee = "FEE_AMOUNT | Tarifas | Comisiones | Tarifas do Mercado Pago"
    parts = ("MKP_FEE_AMOUNT", _FINANCING, _TAXES)
    tried = [
        amounts(table, *names) for names in ((fee,), (fee, _TAXES), (fee, _FINANCING, _TAXES), (fee, *parts), parts)
    ]
    return adding_up(net, before, tried)


def _order(table: Columns) -> pl.Series | None:
    """Return the order of each row; of a payment that came of no order, as of a shop's own page, its reference."""
    order = table.text("ORDER_ID", "ID do pedido", "ID de la orden", optional=True)
    if order is not None and not order.null_count():
        return order
    reference = table.text(*alternatives(_REFERENCE), optional=True)
    return reference if order is None else order if reference is None else order.fill_null(reference)


def _channel(table: Columns) -> pl.Series:
    """Return whose sale each row is: a payment that Mercado Livre did not send is of an own store."""
    unit = table.text(*alternatives(_UNIT), optional=True)
    if table.channels == (CHANNEL,) and (unit is None or unit.null_count() == table.height):
        return constant(CHANNEL, table.height)
    if unit is None or unit.null_count() == table.height:
        table.warnings.append(OWN_OR_NOT)
        return constant("mercado_livre", table.height)
    theirs = says(unit, r"mercado li[bv]re|marketplace") | unit.is_null()
    return pl.select(pl.when(theirs).then(pl.lit("mercado_livre")).otherwise(pl.lit(CHANNEL))).to_series()

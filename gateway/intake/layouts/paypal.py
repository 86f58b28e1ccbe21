"""PayPal's activity: payments, refunds and all else that moved an account. Known from descriptions and programs."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.day_or_month import sure_days
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.payouts import Movements, adding_up, needed, payout_lines, text_of
from gateway.intake.layouts.store import CHANNEL
from gateway.intake.values import says

NAME: Final = "paypal.activity"
_TYPE: Final = "type | tipo | typ"
_STATUS: Final = "status | estado | état"
_CURRENCY: Final = "currency | moeda | divisa | moneda | währung | devise"
_GROSS: Final = "gross | bruto | brutto | valor bruto | importe bruto | avant commission"
_FEE: Final = "fee | tarifa | comisión | comissão | taxa | gebühr | entgelt | commission"
_NET: Final = "net | líquido | liquido | valor líquido | neto | netto"
_ID: Final = (
    "transaction id | id da transação | id de transacción | id. de transacción | transaktionscode | "
    "numéro de transaction"
)
REQUIRED: Final = (_TYPE, _STATUS, _CURRENCY, _GROSS, _FEE, _NET, _ID)
TYPICAL: Final = (
    "time zone", "timezone", "fuso horário", "zona horaria", "huso horario", "zeitzone", "fuseau horaire",
    "balance impact", "impact sur le solde", "reference txn id",
)  # fmt: skip
_ENGLISH: Final = "date"
_DATES: Final = (_ENGLISH, "data", "fecha", "datum")
#: In French the day's column has its English name, and the day comes first.
_FRENCH: Final = "avant commission"
_REFERENCE: Final = (
    "reference txn id", "id de referência da transação", "id da transação de referência", "id. de referencia de trans.",
    "zugehöriger transaktionscode", "numéro de la transaction de référence",
)  # fmt: skip
_TITLE: Final = (
    "item title", "título do item", "nome do produto", "nombre del artículo", "artikelbezeichnung",
    "titre de l'objet",
)  # fmt: skip
_SKU: Final = ("item id", "id do item", "id do produto", "id. de artículo", "artikelnummer", "numéro de l'objet")
_UNITS: Final = ("quantity", "quantidade", "cantidad", "anzahl", "quantité")
_BACK: Final = (
    r"refund|reversal|chargeback|dispute|reembols|estorn|revers|contracargo|devol|ruckzahl|ruckerstatt|ruckbuch|"
    r"rembours|retrofactur|litige"
)
_PAID: Final = r"payment|checkout|pagamento|paiement|\bpago\b|zahlung|\bsale\b|\bvenda\b|\bventa\b"
#: Not of a buyer, though its type may speak of a payment.
_ELSE: Final = (
    r"withdraw|transfer|conversion|conversao|hold|reserve|deposit|bank|saque|retiro|umrechnung|abbuchung|\bfee\b|mass|"
    r"virement|retenue|\bfrais\b|non.?reference credit"
)
#: The money has not come, or never will.
_OPEN: Final = (
    r"pend|denied|cancel|unclaimed|expired|failed|recusad|negad|rechazad|ausstehend|abgelehnt|storniert|nao reclam|"
    r"attente|refuse|annule|non reclame|echoue"
)


def read(table: Columns) -> pl.DataFrame:
    """Return the lines of payments that buyers made, and of what they got back. What the goods are is rarely in it."""
    kind, gross = text_of(table, _TYPE), needed(table, _GROSS)
    back = says(kind, _BACK) & (gross < 0)
    paid = says(kind, _PAID) & ~says(kind, f"{_BACK}|{_ELSE}") & (gross > 0)
    net, fees = needed(table, _NET), needed(table, _FEE)
    code, reference = text_of(table, _ID), table.text(*_REFERENCE, optional=True)
    if reference is not None:
        code = code.zip_with(~back | reference.is_null(), reference)
    moved = Movements(
        channel=constant(CHANNEL, table.height),
        sold=paid & ~says(text_of(table, _STATUS), _OPEN),
        back=back,
        kind=kind,
        net=net,
        net_name=next(name for name in alternatives(_NET) if table.has(name)),
        order=code,
        goods=gross,
        fees=adding_up(net, gross, [fees, -fees]),
        needs=(_NET,),
        units=table.number(*_UNITS, optional=True),
        sku=table.text(*_SKU, optional=True),
        title=table.text(*_TITLE, optional=True),
        at=_when(table),
        currency=text_of(table, _CURRENCY),
        freight_is_settled=False,
    )
    return payout_lines(table, moved, "pagamento")


def _when(table: Columns) -> pl.Series | None:
    """Return the days; in English the month may come first."""
    return table.moment(*_DATES) if not table.has(_ENGLISH) or table.has(_FRENCH) else sure_days(table, _ENGLISH)

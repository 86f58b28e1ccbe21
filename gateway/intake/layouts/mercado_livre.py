"""Mercado Livre, "Vendas": header in row 6, duplicate names, packages, dates without a year."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.causes import cause_of
from gateway.intake.layouts.columns import Columns, key
from gateway.intake.layouts.names import currency_in
from gateway.intake.layouts.orders import added, constant
from gateway.intake.layouts.packages import unpacked
from gateway.intake.layouts.status import complaint_of, status_of
from gateway.intake.layouts.yearless import near
from gateway.intake.tariffs import LISTING_TYPES
from gateway.intake.values import CENTS, folded
from schemas.given import without_none

NAME: Final = "mercado_livre.vendas"
CHANNEL: Final = "mercado_livre"
REQUIRED: Final = ("N.º de venda", "Data da venda", "Unidades", "Receita por produtos (BRL)")
TYPICAL: Final = ("# de anúncio", "Título do anúncio", "Tarifa de venda e impostos (BRL)", "SKU", "Estado")
#: A package's product may have neither a date nor money: a number, a state and units are all that it tells.
BESIDE: Final = ("Estado",)
TOTAL: Final = "Total (BRL)"
FEE: Final = "Tarifa de venda e impostos (BRL)"
#: What newer exports write in its place.
_FEE_PARTS: Final = ("Tarifa de venda", "Custo fixo", "Custo por oferecer parcelamento", "Impostos")
PARTS_UNSURE: Final = (
    "As tarifas estão em várias colunas, e com elas as linhas não chegam ao total do próprio canal: falta uma coluna "
    "de custo que não conhecemos, e as tarifas são desconhecidas."
)
#: In so many of the rows the parts of the fee have to make the total, for no part to be missing.
_MOST: Final = 0.9
#: They tell which product a line is of and by which tariff it goes, and name none.
FIELDS: Final = {"# de anúncio": "", "Tipo de anúncio": ""}
#: The column of what became of a sale has the name of that of the buyer's state, which stands among an address.
_STATE: Final = "estado"
_CITY: Final = re.compile(r"^(cidade|ciudad|municipio|comuna)\b")
_POSTAL: Final = re.compile(r"^(cep|codigo postal)\b")
_YES: Final = "^(sim|si|yes)$"
_CLASSIC: Final = "^classic[oa]$"
#: What the row's total is made of, by the export's own signs.
_PARTS: Final = ("revenue", "fee", "bonus", "shipping_paid", "shipping_fee", "refunded")


def read(table: Columns) -> pl.DataFrame:
    """Return the lines: a package's money is shared out to its products by their price and units."""
    asked = _with_parts_beside(table, _asked_for(table))
    if not table.has(FEE) and not _makes_the_total(asked):
        table.warnings.append(PARTS_UNSURE)
        asked = asked.with_columns(
            pl.lit(None, dtype=pl.Float64).alias("fee"), pl.lit(None, dtype=pl.Float64).alias("bonus")
        )
    frame = unpacked(asked).with_columns(our_total=_total_of(_PARTS))
    return shape.lines(without_none(_columns(frame, table)), frame.height)


def _with_parts_beside(table: Columns, asked: pl.DataFrame) -> pl.DataFrame:
    """Add parts that stand beside the one column of the fee where the marketplace's own total is less them, too."""
    beside = added(*(table.number(name, optional=True) for name in _FEE_PARTS)) if table.has(FEE) else None
    if beside is None or _makes_the_total(asked):
        return asked
    whole = asked.with_columns(fee=added(asked["fee"], beside))
    return whole if _makes_the_total(whole) else asked


def _makes_the_total(frame: pl.DataFrame) -> bool:
    """Say whether the rows' parts make the marketplace's own total; also where it tells none."""
    told = frame.filter(pl.col("total").is_not_null() & pl.col("revenue").is_not_null())
    fits = (_total_of(_PARTS) - pl.col("total")).abs() < CENTS
    return told.is_empty() or float(str(told.select(fits.mean()).item())) >= _MOST


def _asked_for(table: Columns) -> pl.DataFrame:
    """Return the export's columns under short names, null where one is missing."""
    height = table.height
    is_buyers = _is_buyers_state(table)
    state = None if is_buyers else table.text("Estado")
    described = table.text("Descrição do status", optional=True)
    state = described if is_buyers else state
    sold_at = table.moment("Data da venda")
    revenue = table.number("Receita por produtos (BRL)")
    given = {
        "row": table.rows,
        "order_id": table.text("N.º de venda"),
        "at": sold_at,
        "state": state,
        "sku": table.text("SKU"),
        "listing": table.text("# de anúncio"),
        "title": table.text("Título do anúncio"),
        "listing_type": _listing_type(table.text("Tipo de anúncio", optional=True)),
        "cause": cause_of(table.text("Motivo do resultado", optional=True)),
        "units": table.number("Unidades"),
        "revenue": _with_surcharge(table, revenue),
        "fee": _fee(table),
        "bonus": added(*(table.number(name, optional=True) for name in ("Descontos e bônus", "Descontos"))),
        "shipping_paid": table.number("Receita por envio (BRL)", optional=True),
        "shipping_fee": table.number("Tarifas de envio (BRL)"),
        "refunded": table.number("Cancelamentos e reembolsos (BRL)"),
        "total": table.number(TOTAL, optional=True),
        "price": table.number("Preço unitário de venda do anúncio (BRL)", optional=True),
        "advertised": table.text("Venda por publicidade"),
        "package": table.text("Pacote de diversos produtos", optional=True),
        "dispatched": near(table.text("Data a caminho", "Data de envio", optional=True), sold_at),
    }
    columns = [
        pl.Series(name, [None], dtype=_EMPTY.get(name, pl.Float64())).new_from_index(0, height)
        if series is None
        else series.alias(name)
        for name, series in given.items()
    ]
    # The description tells what may still happen ("caso o comprador cancele"): it counts only where no state is.
    spoken = (
        described if state is None else state if described is None else state.zip_with(state.is_not_null(), described)
    )
    untold = pl.Series("status", [None], dtype=pl.String).new_from_index(0, height)
    return pl.DataFrame([*columns, untold if spoken is None else status_of(spoken, None, height).alias("status")])


def _is_buyers_state(table: Columns) -> bool:
    """Say whether the first `Estado` is where a buyer lives: beside a city or a postal code. No other column is one."""
    names = [key(header) for header in table.headers]
    if _STATE not in names:
        return False
    place = names.index(_STATE)
    before, after = names[place - 1] if place else "", names[place + 1] if place + 1 < len(names) else ""
    return bool(_CITY.search(before)) or bool(_POSTAL.search(after))


def _fee(table: Columns) -> pl.Series | None:
    """Return the sale's fee: one column, or in newer exports one for each of its parts."""
    if table.has(FEE):
        return table.number(FEE)
    parts = added(*(table.number(name, optional=True) for name in _FEE_PARTS))
    if parts is None:
        table.missing.append(FEE)
    return parts


def _with_surcharge(table: Columns, revenue: pl.Series | None) -> pl.Series | None:
    """Return the revenue with the buyers' instalment charges, less the marketplace's share of them."""
    added = table.number("Receita por acréscimo no preço (pago pelo comprador)", optional=True)
    taken = table.number("Taxa de parcelamento equivalente ao acréscimo", optional=True)
    if revenue is None:
        return None
    for part in (added, None if taken is None else -taken.abs()):
        revenue = revenue if part is None else revenue + part.fill_null(0)
    return revenue


_EMPTY: Final[dict[str, pl.DataType]] = {
    "order_id": pl.String(),
    "at": pl.Datetime("us"),
    "state": pl.String(),
    "sku": pl.String(),
    "listing": pl.String(),
    "title": pl.String(),
    "listing_type": pl.String(),
    "cause": pl.String(),
    "advertised": pl.String(),
    "package": pl.String(),
    "dispatched": pl.Datetime("us"),
}


def _total_of(parts: tuple[str, ...]) -> pl.Expr:
    """Return the sum of the parts that are known; null where none is."""
    known = pl.any_horizontal(pl.col(part).is_not_null() for part in parts)
    return pl.when(known).then(pl.sum_horizontal(parts))


def _columns(frame: pl.DataFrame, table: Columns) -> dict[str, pl.Series | None]:
    """Return the lines' columns: the export writes costs as negative amounts."""
    has_total = frame["total"].null_count() < frame.height
    named = {key(header): header for header in table.headers}
    currency = currency_in(named[key(REQUIRED[-1])])
    return {
        **{
            name: frame[name]
            for name in (
                "row",
                "order_id",
                "sku",
                "listing",
                "listing_type",
                "title",
                "at",
                "status",
                "units",
                "revenue",
            )
        },
        "channel": constant(CHANNEL, frame.height),
        "unit_price": frame["price"],
        "cause": frame["cause"],
        "returned_units": frame.select(
            pl.when(pl.col("status") == shape.RETURNED)
            .then(pl.col("units"))
            .when(pl.col("status").is_not_null())
            .then(0.0)
        ).to_series(),
        "fees": frame.select(-pl.col("fee") - pl.col("bonus").fill_null(0)).to_series(),
        "order_fees": frame["member"].fill_null(value=False) if "member" in frame.columns else None,
        "shipping": frame.select(-_total_of(("shipping_fee", "shipping_paid"))).to_series(),
        "refund": frame.select(-pl.col("refunded")).to_series(),
        "advertised": _advertised(frame["advertised"]),
        "complaint": complaint_of(frame["state"]),
        "ship_days": frame.select((pl.col("dispatched") - pl.col("at")).dt.total_minutes() / 1440).to_series(),
        "currency": None if currency is None else constant(currency, frame.height),
        "assumed_currency": constant("BRL", frame.height),
        "net": frame["total"] if has_total else None,
        "total_name": constant(named[key(TOTAL)], frame.height) if has_total else None,
        "total_theirs": frame["total"] if has_total else None,
        "total_ours": frame["our_total"] if has_total else None,
        "total_row": frame["total_row"] if has_total else None,
    }


def _advertised(mark: pl.Series) -> pl.Series | None:
    """Return which sales came by advertising: a blank means no, where the column says yes or no at all."""
    if mark.null_count() == len(mark):
        return None
    yes = pl.DataFrame({"mark": mark}).select(folded(pl.col("mark")).str.contains(_YES).fill_null(value=False))
    return yes.to_series()


def _listing_type(told: pl.Series | None) -> pl.Series | None:
    """Return the type of each listing; null for one that is not known."""
    if told is None:
        return None
    said = folded(pl.col("told"))
    classic, premium = LISTING_TYPES
    of = pl.when(said.str.contains(_CLASSIC)).then(pl.lit(classic)).when(said == premium).then(pl.lit(premium))
    return pl.DataFrame({"told": told}).select(of).to_series()

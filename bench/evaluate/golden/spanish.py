"""Mercado Libre's "Ventas" of Mexico and Tiendanube's list of Argentina: exports that Brazil knows, in Spanish."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden, scaled, with_freight, write_table
from local.samples.catalog import LOSER, RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.workbook import Cell, brazilian, write_workbook

_LIBRE: Final = Scenario(cancelled=0.09, advertised=0.45, slow=0.06)
_NUBE: Final = Scenario(cancelled=0.02, unpaid=0.12, discount=0.0, slow=0.35, has_loser=False)
#: What one of the catalogue's prices is in Mexican and in Argentine pesos.
_MEXICAN: Final = 4
_ARGENTINE: Final = 250
_FREIGHT_ARS: Final = 5200.0
_MONTHS: Final = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
_LIBRE_HEADER: Final = (
    "# de venta", "Fecha de venta", "Estado", "Descripción del estado", "Paquete de varios productos",
    "Pertenece a un kit", "Unidades", "Ingresos por productos (MXN)", "Cargo por venta e impuestos (MXN)",
    "Ingresos por envío (MXN)", "Costos de envío (MXN)", "Anulaciones y reembolsos (MXN)", "Total (MXN)",
    "Mes de facturación de tus cargos", "Venta por publicidad", "SKU", "# de publicación", "Canal de venta",
    "Título de la publicación", "Variante", "Precio unitario de venta de la publicación (MXN)",
    "Tipo de publicación", "Datos personales o de empresa", "Tipo y número de documento", "Dirección", "Comprador",
    "Domicilio", "Municipio/Alcaldía", "Estado", "Código postal", "País", "Forma de entrega", "Fecha en camino",
    "Fecha entregado", "Número de seguimiento", "Unidades", "Forma de entrega", "Motivo del resultado", "", "",
)  # fmt: skip
_LIBRE_STATES: Final = {
    "sold": ("Entregado", "Entregado", "En camino", "Venta entregada", "Mediación finalizada. Te dimos el dinero."),
    "returned": ("Devolución finalizada con reembolso al comprador", "Devuelto el 20 de marzo"),
    "cancelled": ("Venta cancelada. No envíes", "Cancelada por el comprador"),
    "unpaid": ("Pendiente de pago",),
}
_NUBE_HEADER: Final = (
    "Número de orden", "Email", "Fecha", "Estado de la orden", "Estado del pago", "Estado del envío", "Moneda",
    "Subtotal de productos", "Descuento", "Costo de envío", "Total", "Nombre del comprador", "DNI / CUIT", "Teléfono",
    "Nombre para el envío", "Dirección", "Ciudad", "Código postal", "Provincia o estado", "País", "Medio de envío",
    "Medio de pago", "Cupón de descuento", "Notas del comprador", "Fecha de pago", "Fecha de envío",
    "Nombre del producto", "Precio del producto", "Cantidad del producto", "SKU", "Canal", "Identificador de la orden",
)  # fmt: skip
_NUBE_STATES: Final = {
    "sold": ("Archivada", "Recibido", "Enviado"),
    "returned": ("Archivada", "Reembolsado", "Enviado"),
    "cancelled": ("Cancelada", "Rechazado", "No está empaquetado"),
    "unpaid": ("Abierta", "Pendiente", "No está empaquetado"),
}


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write the workbook of Mercado Libre and the CSV of Tiendanube."""
    libre = scaled(market(Random(f"libre-{seed}"), rows, _LIBRE), _MEXICAN)
    nube = scaled(market(Random(f"nube-{seed}"), rows, _NUBE), _ARGENTINE)
    return [_libre(folder / "ventas_mercado_libre.xlsx", libre), _nube(folder / "tiendanube_ventas.csv", nube)]


def _libre(path: Path, sold: Market) -> Golden:
    help_sheet: list[list[Cell]] = [["Ayuda"], ["Cómo leer este reporte"], ["Cada fila es una venta."]]
    write_workbook(path, {"Ventas MX": _libre_rows(sold), "Ayuda": help_sheet})
    planted = {
        "returns": RETURNED.sku, "losses": LOSER.sku, "stock-out": SILENT.sku, "cancellations": "", "advertising": "",
    }  # fmt: skip
    truth = sold.truth(planted=planted, costs=True, returns=True)
    channel = "mercado_livre"
    return Golden(path, [channel], "mercado_livre.vendas", {channel: truth}, {channel: "MXN"})


def _libre_rows(sold: Market) -> Iterator[list[Cell]]:
    yield ["Ventas"]
    yield ["Reporte de ventas, diciembre de 2025 a marzo de 2026"]
    yield []
    yield ["Los importes en MXN ya consideran descuentos"]
    yield ["Ventas", *[None] * 14, "Publicaciones", *[None] * 6, "Facturación", None, None, "Compradores"]
    yield list(_LIBRE_HEADER)
    for order in reversed(sold.orders):  # newest first
        state = _LIBRE_STATES[order.status][order.number % len(_LIBRE_STATES[order.status])]
        if len(order.lines) == 1:
            yield _libre_row(order, state, order.lines[0], money=True, package="No")
            continue
        yield _libre_row(order, f"Paquete de {len(order.lines)} productos", None, money=True, package="")
        for line in order.lines:
            yield _libre_row(order, state, line, money=False, package="Sí")


def _libre_row(order: Order, state: str, line: Line | None, *, money: bool, package: str) -> list[Cell]:
    """Return a row: a package's head has the money and no product, its members have products and no money."""
    buyer = order.buyer
    amounts: list[Cell] = [None] * 7
    if money:
        undone = -order.revenue if order.status in ("returned", "cancelled") else None
        income = 60.0 if order.number % 4 == 0 else None
        total = round(order.revenue - order.fee - order.shipping + (undone or 0.0), 2)
        charged = round(-order.shipping - (income or 0.0), 2)
        amounts = [order.revenue, -order.fee, income, charged, undone, total, "Marzo 2026"]
    product: list[Cell] = ["", "", "Mercado Libre", "", "", None, ""]
    if line is not None:
        listing = f"MLM{3_000_000_000 + sum(map(ord, line.item.sku)) * 7919}"
        product = [line.item.sku, listing, "Mercado Libre", line.item.title, "", line.price, "Clásica"]
    units = None if line is None else line.units
    sent = f"{_day(order.dispatched)} | {order.dispatched:%H:%M}" if money else ""
    return [
        str(2_000_000_000_000_000 + order.number * 10 + (0 if money else 1)),
        f"{_day(order.at)} de {order.at:%Y %H:%M} hs.", state, "", package, "No", units, *amounts,
        "Sí" if order.advertised and line is not None else "", *product, buyer.name,
        f"RFC {buyer.cpf}", f"{buyer.street} - {buyer.city}", buyer.name, buyer.street, buyer.city, buyer.state,
        buyer.postcode, "México", "Mercado Envíos Full", sent, sent, f"MX{order.number:09d}", units, "Sucursal",
        "Producto defectuoso" if order.status == "returned" else None, None, None,
    ]  # fmt: skip


def _day(at: datetime) -> str:
    return f"{at.day} de {_MONTHS[at.month - 1]}"


def _nube(path: Path, sold: Market) -> Golden:
    rows = [_nube_row(order, line, is_first=line is order.lines[0]) for order in sold.orders for line in order.lines]
    write_table(path, [_NUBE_HEADER, *rows], delimiter=";", encoding="cp1252")
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "unpaid": "", "slow-dispatch": ""}
    truth = sold.truth(planted=planted, costs=False, returns=True, refunds=False)
    channel = "own_store"
    told = {channel: with_freight(truth, _FREIGHT_ARS)}
    return Golden(path, [channel], "nuvemshop.orders", told, {channel: "ARS"})


def _nube_row(order: Order, line: Line, *, is_first: bool) -> list[object]:
    buyer = order.buyer
    is_sent = order.status in ("sold", "returned")
    own: list[object] = [
        f"{order.at:%d/%m/%Y %H:%M:%S}", *_NUBE_STATES[order.status], "ARS", brazilian(order.revenue), "0,00",
        brazilian(_FREIGHT_ARS), brazilian(order.revenue + _FREIGHT_ARS), buyer.name, buyer.cpf, buyer.phone,
        buyer.name, buyer.street, buyer.city, buyer.postcode, buyer.state, "Argentina", "Correo Argentino",
        "Mercado Pago", "", "", f"{order.at:%d/%m/%Y}" if is_sent else "",
        f"{order.dispatched:%d/%m/%Y %H:%M:%S}" if is_sent else "",
    ]  # fmt: skip
    return [
        str(100 + order.number), buyer.email, *(own if is_first else [""] * len(own)),
        line.item.title.replace("”", '"'), brazilian(line.price), line.units, line.item.sku,
        "Tienda online" if is_first else "", 70_000_000 + order.number if is_first else "",
    ]  # fmt: skip

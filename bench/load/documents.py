"""Small sales reports, each another one. Pure."""

from __future__ import annotations

from typing import Final

BOUNDARY: Final = "bench-7f3a1c5e"
MEDIA: Final = f"multipart/form-data; boundary={BOUNDARY}"
_HEADER: Final = "Pedido;Data da venda;SKU;Produto;Qtde;Valor Unitário;Valor Total;Comissão;Frete;Situação"


def report(number: int, rows: int) -> str:
    """Return a table of orders of four months; `number` makes it another document."""
    return "\n".join([_HEADER, *(_row(number, n, rows) for n in range(rows))]) + "\n"


def form(number: int, rows: int) -> bytes:
    """Return the body of an upload of a report: a form of type MEDIA."""
    parts = [
        'name="channels"\r\n\r\nown_store',
        f'name="file"; filename="vendas-{number}.csv"\r\nContent-Type: text/csv\r\n\r\n{report(number, rows)}',
    ]
    body = "".join(f"--{BOUNDARY}\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    return f"{body}--{BOUNDARY}--\r\n".encode()


def _row(number: int, n: int, rows: int) -> str:
    product, day = n * 7919 % 40, n * 120 // rows
    units, cents = 1 + (n % 4 == 0), product % 30 * 1000 + 9990
    amounts = (cents, cents * units, cents * units // 7, 850)
    money = ";".join(f"{amount // 100},{amount % 100:02d}" for amount in amounts)
    at = f"{day % 28 + 1:02d}/{day // 30 + 1:02d}/2026 10:{n % 60:02d}"
    status = "Entregue" if n % 20 else "Cancelado"
    return f"{number:06d}-{n:06d};{at};SKU-{product:04d};Produto de teste número {product};{units};{money};{status}"

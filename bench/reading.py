"""What a plan costs: 100,000 rows in every layout that is a table, read and analysed, and tables of 1.5 million."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.evaluate.golden import SEED, each_layout
from bench.evaluate.reading import Read, read
from schemas.facts import DocumentFacts
from streams.analysis.rules import analyse

ROWS: Final = 100_000
#: As many as are read by default, and about as many bytes.
LARGE_ROWS: Final = 1_490_000
#: Bytes of a letter: a table of as many bytes has fewer rows.
ENCODINGS: Final = {"utf-8": 1, "cp1252": 1, "utf-16": 2}
_HEADER: Final = (
    "Pedido;Data da venda;SKU;Produto;Qtde;Valor Unitário;Valor Total;Comissão;Frete;Situação;Cliente;Cidade\n"
)
_BLOCK: Final = 10_000
_HEAD: Final = ("document", "rows", "file, MiB", "read, s (CPU)", "rules, s (CPU)", "read, s", "peak, MiB")


def main() -> None:
    """Write a document, read it as the gateway does, have the rules analyse it, print what it took, and so on.

    Writing takes longer than reading, which is why each document is read before the next is written.
    """
    parser = argparse.ArgumentParser(prog="python -m bench reading", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help=f"of each layout (default {ROWS:,})")
    parser.add_argument(
        "--large", type=int, default=LARGE_ROWS, help=f"rows of the large table (default {LARGE_ROWS:,})"
    )
    options = parser.parse_args()
    print("| " + " | ".join(_HEAD) + " |\n|" + "---|" * len(_HEAD))
    with tempfile.TemporaryDirectory() as folder:
        for document in each_layout(Path(folder), SEED, options.rows):
            print(line(document.path, read(document.path, document.path.name, document.channels)), flush=True)
            document.path.unlink()
        for encoding, size in ENCODINGS.items():
            large = Path(folder) / f"large.{encoding}.csv"
            with large.open("w", encoding=encoding) as file:
                file.writelines(large_table(options.large // size))
            print(line(large, read(large, large.name, ["own_store"])), flush=True)
            large.unlink()


def line(path: Path, done: Read) -> str:
    """Return the row of a document that was read; of one that was refused it has the reason, and no analysis."""
    rows = 0 if done.facts is None else sum(table.rows for table in done.facts.tables)
    what = f"{rows:,}" if done.facts is not None else done.refused["code"]
    size = path.stat().st_size / 1024**2
    rules = "-" if done.facts is None else f"{_rules_s(done.facts):.3f}"
    return (
        f"| {done.name} | {what} | {size:.1f} | {done.cpu_s:.2f} | {rules} | {done.wall_s:.1f} | {done.peak_mib:.0f} |"
    )


def _rules_s(facts: DocumentFacts) -> float:
    """Return the processor time in which the rules analyse all channels of a document, as a runner does."""
    began = time.process_time()
    for own in facts.channels:
        analyse(own.channel, facts)
    return time.process_time() - began


def large_table(rows: int) -> Iterator[str]:
    """Yield a plain table's lines, a block at a time: two thousand products, four months, every twentieth cancelled."""
    yield _HEADER
    for start in range(0, rows, _BLOCK):
        yield "".join(_line(number, rows) for number in range(start, min(start + _BLOCK, rows)))


def _line(number: int, rows: int) -> str:
    product, day = number * 7919 % 2000, number * 120 // rows
    units, cents = 1 + (number % 4 == 0), product % 300 * 100 + 990
    total = cents * units
    fee = total * 14 // 100
    at = f"{day % 28 + 1:02d}/{day // 30 + 1:02d}/2026 10:{number % 60:02d}"
    status = "Entregue" if number % 20 else "Cancelado"
    money = ";".join(f"{amount // 100},{amount % 100:02d}" for amount in (cents, total, fee, 850))
    return (
        f"PED{number:09d};{at};SKU-{product:04d};Produto de teste número {product} azul;{units};{money};{status};"
        f"Fulano de Tal {number % 997};São Paulo\n"
    )


if __name__ == "__main__":
    main()

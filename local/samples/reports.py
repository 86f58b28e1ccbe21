"""Reports in prose: a PDF without tables, a DOCX, a Markdown and an HTML page with a table of products each."""

from __future__ import annotations

import html
import io
from datetime import UTC
from pathlib import Path
from random import Random
from typing import Final

import docx
from fpdf import FPDF

from local.samples.catalog import RETURNED, Item, buyers, items
from local.samples.truth import ChannelTruth, Sample, Truth
from local.samples.workbook import WRITTEN, brazilian, without_times

_HEADER: Final = ("SKU", "Produto", "Unidades vendidas", "Receita", "Devoluções")
_PARAGRAPHS: Final = (
    "Resumo do trimestre para a reunião de planejamento.",
    (
        "As vendas cresceram no fim de ano e voltaram ao normal em fevereiro. A equipe relata atraso na postagem às "
        "segundas-feiras e dúvidas repetidas sobre medidas nas perguntas dos anúncios."
    ),
    "O concorrente principal baixou o preço das mochilas; decidimos esperar março para reagir.",
)


def write_all(folder: Path, seed: int) -> list[Sample]:
    """Write the four reports."""
    random = Random(f"reports-{seed}")  # noqa: S311 - sample data
    buyer = buyers(random, 1)[0]
    complaint = (
        f"Reclamação em aberto. Comprador: {buyer.name}\n"
        f"CPF {buyer.cpf}, telefone {buyer.phone}, e-mail {buyer.email}, CEP {buyer.postcode}."
    )
    secrets = [buyer.name, buyer.cpf, buyer.phone, buyer.email, buyer.postcode]
    rows = _products(random)
    truth = ChannelTruth(
        revenue=round(sum(row[2] for row in rows), 2),
        orders=None,
        units=sum(row[1] for row in rows),
        returned_units=sum(row[3] for row in rows),
        planted={"returns": RETURNED.sku},
    )
    cells = [[i.sku, i.title, str(units), f"R$ {brazilian(money)}", str(back)] for i, units, money, back in rows]
    assert truth.units is not None
    total = ["Total", "", str(int(truth.units)), f"R$ {brazilian(truth.revenue)}", ""]
    paragraphs = [*_PARAGRAPHS, complaint]
    cells.append(total)

    def known(channel: str) -> Truth:
        return Truth("plain", {channel: truth}, secrets)

    return [
        _pdf(folder / "relatorio_trimestral.pdf", paragraphs, Truth("", {}, secrets)),
        _docx(folder / "relatorio_loja.docx", paragraphs, cells, known("own_store")),
        _markdown(folder / "resumo_shein.md", paragraphs, cells, known("shein")),
        _html(folder / "painel_americanas.html", paragraphs, cells, known("americanas")),
    ]


def _products(random: Random) -> list[tuple[Item, int, float, int]]:
    rows = []
    for item in (*items()[:14], RETURNED):
        units = random.randrange(40, 400)
        back = round(units * (0.3 if item is RETURNED else 0.02))
        rows.append((item, units, round(units * item.price, 2), back))
    return rows


def _pdf(path: Path, paragraphs: list[str], truth: Truth) -> Sample:
    page = FPDF()
    page.set_creation_date(WRITTEN.replace(tzinfo=UTC))
    page.add_page()
    page.set_font("Helvetica", style="B", size=16)
    page.cell(text="Relatório trimestral - Magalu", new_x="LMARGIN", new_y="NEXT")
    page.set_font("Helvetica", size=11)
    for paragraph in paragraphs:
        page.ln(4)
        page.multi_cell(0, 6, paragraph)
    page.output(str(path))
    return Sample(path, ["magalu"], "Relatório trimestral (PDF)", truth)


def _docx(path: Path, paragraphs: list[str], rows: list[list[str]], truth: Truth) -> Sample:
    document = docx.Document()
    document.add_heading("Relatório da loja própria", level=1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    indicators = document.add_table(rows=0, cols=2)
    for name, value in (("Indicador", "Valor"), ("Nota média", "4,6"), ("Prazo médio de resposta", "3 h")):
        for cell, text in zip(indicators.add_row().cells, (name, value), strict=True):
            cell.text = text
    table = document.add_table(rows=0, cols=len(_HEADER))
    for row in (_HEADER, *rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    path.write_bytes(without_times(buffer.getvalue()))
    return Sample(path, ["own_store"], "Relatório da loja (DOCX)", truth)


def _markdown(path: Path, paragraphs: list[str], rows: list[list[str]], truth: Truth) -> Sample:
    lines = ["# Resumo Shein", "", *(f"{p}\n" for p in paragraphs), "| " + " | ".join(_HEADER) + " |"]
    lines.append("|" + "---|" * len(_HEADER))
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Sample(path, ["shein"], "Resumo da Shein (Markdown)", truth)


def _html(path: Path, paragraphs: list[str], rows: list[list[str]], truth: Truth) -> Sample:
    head = "".join(f"<th>{html.escape(name)}</th>" for name in _HEADER)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    text = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    path.write_text(
        '<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>Painel</title>'
        f"<script>var ignored = 1;</script></head><body><h1>Americanas</h1>{text}"
        f"<table><tr>{head}</tr>{body}</table></body></html>",
        encoding="utf-8",
    )
    return Sample(path, ["americanas"], "Painel da Americanas (HTML)", truth)

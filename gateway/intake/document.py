"""From a file to its facts, inside the reading process: sniff, read, understand, sum up, mask."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from gateway.intake import sniff
from gateway.intake.figures import channel_facts
from gateway.intake.layouts import UNKNOWN, Reading, understand
from gateway.intake.limits import Limits
from gateway.intake.masking import mask
from gateway.intake.quoting import quote
from gateway.intake.refused import Refused
from gateway.intake.tables import RawDocument, RawTable
from schemas.facts import DocumentFacts


def read(path: Path, filename: str, channels: list[str], limits: Limits) -> DocumentFacts:
    """Return the facts of the document. Raises `Refused`; any other exception is a bug or a hostile file."""
    media_type = sniff.media_type(path, filename)
    raw = _read(path, media_type, limits)
    readings = [understand(table, channels) for table in raw.tables]
    known = [reading for reading in readings if reading.report.layout != UNKNOWN]
    text = "" if media_type == sniff.TEXT and known else raw.text
    text = _text(text, raw.tables, readings)
    if not text.strip() and not any(reading.report.rows for reading in readings):
        raise Refused.because("no-content")
    warnings = list(raw.warnings)
    if len(text) > limits.max_text_chars:
        text = text[: limits.max_text_chars]
        warnings.append("O texto é longo; só o começo foi lido.")
    reports = [reading.report for reading in readings]
    if media_type == sniff.TEXT and not known:
        reports = []  # it was prose after all
    return DocumentFacts(
        media_type=media_type,
        title=mask(" ".join(Path(filename).stem.replace("_", " ").split()))[:200],
        tables=reports,
        channels=channel_facts(_frames(readings, "lines"), _frames(readings, "exposure")),
        text=mask(text),
        warnings=warnings,
    )


def _read(path: Path, media_type: str, limits: Limits) -> RawDocument:
    """Read with the reader of the type; only that one is imported."""
    if media_type == sniff.PDF:
        from gateway.intake.readers.pdf import read_pdf  # noqa: PLC0415

        return read_pdf(path, limits)
    if media_type == sniff.XLSX:
        from gateway.intake.readers.xlsx import read_xlsx  # noqa: PLC0415

        return read_xlsx(path, limits)
    if media_type == sniff.DOCX:
        from gateway.intake.readers.docx import read_docx  # noqa: PLC0415

        return read_docx(path, limits)
    if media_type == sniff.HTML:
        from gateway.intake.readers.html import read_html  # noqa: PLC0415

        return read_html(path.read_bytes(), limits)
    if media_type == sniff.MARKDOWN:
        from gateway.intake.readers.plain_text import read_markdown  # noqa: PLC0415

        return read_markdown(path.read_bytes(), limits)
    if media_type == sniff.CSV:
        from gateway.intake.readers.delimited import read_csv  # noqa: PLC0415

        return read_csv(path.read_bytes(), limits)
    from gateway.intake.readers.plain_text import read_text  # noqa: PLC0415

    return read_text(path.read_bytes(), limits)


def _text(text: str, tables: list[RawTable], readings: list[Reading]) -> str:
    """Return the running text with the small tables that are not understood, as far as they name no person."""
    quoted = [
        quote(table)
        for table, reading in zip(tables, readings, strict=True)
        if table.free and reading.report.layout == UNKNOWN
    ]
    return "\n\n".join(part for part in (text, *quoted) if part)


def _frames(readings: list[Reading], kind: str) -> pl.DataFrame | None:
    frames = [frame for reading in readings if (frame := getattr(reading, kind)) is not None]
    return pl.concat(frames) if frames else None

"""Turns a file into facts, inside the reading process: sniff, read, understand, sum up, mask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from gateway.intake import sniff
from gateway.intake.comments import Period, without_comments
from gateway.intake.extracts import without_cut, without_extracts
from gateway.intake.fields import Mappings
from gateway.intake.figures import channel_facts
from gateway.intake.figures.ad_rows import reports_of
from gateway.intake.figures.came_back import kept_of
from gateway.intake.goods import Goods, against, dated, over, together
from gateway.intake.goods_told import wrong_rows
from gateway.intake.kept import NOTHING_KEPT, Kept, digest_of
from gateway.intake.layouts import UNKNOWN, Reading
from gateway.intake.layouts.advertising_columns import marketplace_in, period_in
from gateway.intake.layouts.channel_words import channel_of_file, named_by_sheet
from gateway.intake.layouts.parts import tables_of
from gateway.intake.limits import LARGE_BYTES, Limits
from gateway.intake.masking import mask
from gateway.intake.nameless import nameless
from gateway.intake.orders_beside import told_by_orders
from gateway.intake.progress import Progress, Tell, tell_nobody
from gateway.intake.quoting import quote
from gateway.intake.readers.one_column import spread
from gateway.intake.readers.two_byte_texts import without_nulls
from gateway.intake.refused import Refused
from gateway.intake.returned_before import told_of
from gateway.intake.returned_beside import as_others_tell
from gateway.intake.returns_listed import told_by_returns
from gateway.intake.rows_in_text import Lifted, lift_rows
from gateway.intake.same_header import as_those_beside
from gateway.intake.settling import settled
from gateway.intake.small_beside import with_small_ones
from gateway.intake.stated import stated_figures
from gateway.intake.tables import RawDocument, RawTable, Want, check_shape
from gateway.intake.told_again import without_told_again
from gateway.intake.unnamed import counted, facts_of_unnamed, named, with_told
from gateway.intake.unpriced_beside import without_unpriced
from gateway.intake.unread import report_of
from gateway.intake.whole import understood, wanted, without_rows
from schemas.facts import ChannelFacts, DocumentFacts

TEXT_CUT: Final = "O texto é longo; só o começo foi lido."


@dataclass(frozen=True, slots=True)
class Contents:
    """What leaves the reading process: the facts of the sales, and the costs, stock and advertising."""

    facts: DocumentFacts
    goods: Goods


def read(
    path: Path,
    filename: str,
    channels: list[str],
    limits: Limits,
    mappings: Mappings | None = None,
    tell: Tell = tell_nobody,
) -> DocumentFacts:
    """Return the facts of the document, as `contents` does."""
    return contents(path, filename, channels, limits, mappings, tell=tell).facts


@dataclass(frozen=True, slots=True)
class Opened:
    """A document whose type is known from its first bytes and whose reader is imported; its content is yet unread."""

    media_type: str
    read: Callable[[Want], RawDocument]


def opened(path: Path, filename: str, limits: Limits, tell: Tell = tell_nobody) -> Opened:
    """Find the type of a document, and import its reader. Raises `Refused`."""
    media_type = sniff.media_type(path, filename)
    return Opened(media_type, _reader(path, filename, media_type, limits, tell))


def contents(
    path: Path,
    filename: str,
    channels: list[str],
    limits: Limits,
    mappings: Mappings | None = None,
    kept: Kept = NOTHING_KEPT,
    tell: Tell = tell_nobody,
) -> Contents:
    """Return the facts and the goods of the document, as `contents_of` does."""
    return contents_of(opened(path, filename, limits, tell), filename, channels, limits, mappings, kept, tell)


def contents_of(
    document: Opened,
    filename: str,
    channels: list[str],
    limits: Limits,
    mappings: Mappings | None = None,
    kept: Kept = NOTHING_KEPT,
    tell: Tell = tell_nobody,
) -> Contents:
    """Return the facts and the goods of a document. Raises `Refused`; else it is a bug or a hostile file.

    `mappings` is what a person says of tables' columns (`layouts.mapping`); it stands above what is guessed. `kept` are
    the costs and the stock that sales are joined with, beside the document's own. `tell` hears how far it is.
    """
    media_type = document.media_type
    by_file, today = channel_of_file(filename, channels), kept.day

    def understand(table: RawTable, said: Mappings | None = None) -> Reading:
        known = replace(table, filename=filename, named_by_file=by_file, today=today, currency=kept.currency)
        of_people = {**(said or {}), **(mappings or {})}
        return with_told(settled(known, channels, of_people, kept.currency, kept.currencies), channels, kept)

    raw = document.read(lambda table: wanted(table, understand))
    tell(Progress("figures", rows=sum(max(table.height, table.frame.height) for table in raw.tables)))
    tables, readings, lifted = _understand(raw, filename, media_type, limits, understand)
    readings = as_those_beside(tables, readings, understand)
    readings = [nameless(without_cut(table, reading)) for table, reading in zip(tables, readings, strict=True)]
    stated = stated_figures(lifted.text, raw.parts)
    readings = without_unpriced(without_extracts(tables, without_told_again(tables, readings), stated))
    readings = with_small_ones(tables, as_others_tell(told_by_returns(told_by_orders(readings))))
    quotes = [_quote(table, reading) for table, reading in zip(tables, readings, strict=True)]
    text = "\n\n".join(part for part in (lifted.text, *quotes) if part)
    if not lifted.text.strip() and not any(one.report.rows or one.lines is not None for one in readings):
        raise Refused.because("no-rows" if tables else "no-content")
    is_cut = lifted.is_cut or len(text) > limits.max_text_chars
    frames = {kind: _frames(readings, kind) for kind in ("lines", "exposure", "returned", "ads")}
    every, frames["lines"], frames["returned"] = frames["lines"], named(frames["lines"]), named(frames["returned"])
    goods, wrong = _goods(readings, frames["ads"], filename, kept)
    warnings = [*raw.warnings, *([TEXT_CUT] if is_cut else []), *wrong]
    joined = over(goods, kept.goods)
    channels_read = _channels(frames, joined, kept, _periods(readings))
    returned, too_many = kept_of(frames["returned"], frames["lines"])
    warnings += told_of(returned, too_many)
    facts = DocumentFacts(
        media_type=media_type,
        title=mask(" ".join(Path(filename).stem.replace("_", " ").split()))[:200],
        tables=[
            report_of(counted(one, channels), quoted, alone=every is None)
            for one, quoted in zip(readings, quotes, strict=True)
        ],
        channels=channels_read,
        text=mask(text[: limits.max_text_chars]),
        warnings=warnings,
        stated=stated,
        goods=digest_of(channels_read),
        goods_version=kept.version,
        returned=returned,
        unnamed=facts_of_unnamed(every, channels, joined),
    )
    return Contents(facts, goods)


def _periods(readings: list[Reading]) -> dict[int, Period]:
    """Return, by a table's index, the period of a table whose rows have no days."""
    return {index: one.period for index, one in enumerate(readings) if one.period is not None}


def _channels(
    frames: Mapping[str, pl.DataFrame | None], goods: Goods, kept: Kept, periods: Mapping[int, Period]
) -> list[ChannelFacts]:
    return channel_facts(
        frames["lines"],
        frames["exposure"],
        goods=goods,
        ads=frames["ads"],
        returned=frames["returned"],
        elsewhere=kept.elsewhere,
        returned_before=kept.returned,
        periods=periods,
    )


def _goods(readings: list[Reading], ads: pl.DataFrame | None, filename: str, kept: Kept) -> tuple[Goods, list[str]]:
    """Return the costs, stock and advertising that a document tells, and what is told of rows that are not used."""
    own = together(reading.goods for reading in readings if reading.goods is not None)
    goods = against(dated(own, kept.today), kept.goods)
    told = reports_of(ads, period_in([filename]), marketplace_in([filename]), kept.today)
    goods = replace(goods, ads=told.reports, ads_unusable=told.unusable)
    return goods, wrong_rows([one for one in goods.wrong if one not in own.wrong])


def _reader(path: Path, filename: str, media_type: str, limits: Limits, tell: Tell) -> Callable[[Want], RawDocument]:
    """Return a call that reads a document of this type; only this type's reader is imported."""
    if media_type == sniff.PDF:
        from gateway.intake.readers.pdf import read_pdf  # noqa: PLC0415

        return lambda _: read_pdf(path, limits, tell)
    if media_type in (sniff.XLSX, sniff.XLSB, sniff.ODS, sniff.XLS):
        from gateway.intake.readers.workbook import read_workbook  # noqa: PLC0415

        if media_type == sniff.XLS:
            return lambda _: without_nulls(read_workbook(path, limits, tell, is_packed=False))
        return lambda want: read_workbook(path, limits, tell, want, is_packed=True)
    if media_type == sniff.XML_2003:
        from gateway.intake.readers.xml_2003 import read_xml_2003  # noqa: PLC0415

        return lambda _: read_xml_2003(path, limits, tell)
    if media_type == sniff.DOCX:
        from gateway.intake.readers.docx import read_docx  # noqa: PLC0415

        return lambda _: read_docx(path, limits)
    return _reader_of_text(path, filename, media_type, limits)


def _reader_of_text(path: Path, filename: str, media_type: str, limits: Limits) -> Callable[[Want], RawDocument]:
    """As `_reader`, for a type whose file is text."""
    if media_type == sniff.HTML:
        from gateway.intake.readers.html import read_html  # noqa: PLC0415

        return lambda _: read_html(path.read_bytes(), limits, is_workbook=filename.lower().endswith(".xls"))
    if media_type == sniff.MARKDOWN:
        from gateway.intake.readers.plain_text import read_markdown  # noqa: PLC0415

        return lambda _: read_markdown(path.read_bytes(), limits)
    if path.stat().st_size > LARGE_BYTES:
        from gateway.intake.readers.large import read_large  # noqa: PLC0415

        return lambda _: read_large(path, limits, is_table=media_type == sniff.CSV)
    if media_type == sniff.CSV:
        from gateway.intake.readers.delimited import read_csv  # noqa: PLC0415

        return lambda _: read_csv(path.read_bytes(), limits)
    from gateway.intake.readers.plain_text import read_text  # noqa: PLC0415

    return lambda _: read_text(path.read_bytes(), limits)


def _understand(
    raw: RawDocument, filename: str, media_type: str, limits: Limits, understand: Callable[[RawTable], Reading]
) -> tuple[list[RawTable], list[Reading], Lifted]:
    """Return the tables, those that stand in the text included, what each of them is, and the text without them.

    The document's own list of tables is empty afterwards, so that the raw cells of a large one are not kept beside
    these.
    """
    places = [table.where for table in raw.tables]
    tables = [
        part
        for table in _taken(raw.tables)
        for part in tables_of(spread(without_comments(_called(table, filename, places)), limits))
    ]
    readings = []
    for at, table in enumerate(tables):
        readings.append(understood(table, understand))
        tables[at] = without_rows(table)  # the figures are made beside the rows that were read of it, not of its cells
    if media_type == sniff.TEXT:
        if any(reading.report.layout != UNKNOWN for reading in readings):
            return tables, readings, Lifted("", [])
        tables, readings = [], []  # prose with commas, or rows that nobody knows: the text itself will tell
    lifted = lift_rows(raw.text, limits)
    found = [replace(table, cut=raw.cut) for table in lifted.tables]
    tables = [*tables, *found]
    check_shape(0, sum(max(table.height, table.frame.height) for table in tables), limits)
    return tables, [*readings, *map(understand, found)], lifted


def _called(table: RawTable, filename: str, places: list[str]) -> RawTable:
    """Return the table with what its file's name and the names of the sheets beside it may tell of it."""
    return replace(table, filename=filename, named_by_sheet=named_by_sheet(table.where, places))


def _taken(tables: list[RawTable]) -> Iterator[RawTable]:
    while tables:
        yield tables.pop(0)


def _quote(table: RawTable, reading: Reading) -> str:
    """Return a small table of a text as text where no figures come of it; a part of one would be summed by readers."""
    is_used = any(one is not None for one in (reading.lines, reading.exposure, reading.goods, reading.ads))
    return quote(table) if table.free and not table.cut and not is_used else ""


def _frames(readings: list[Reading], kind: str) -> pl.DataFrame | None:
    """Return all tables' rows of a kind as one frame, each with the number of its table."""
    frames = [(index, frame) for index, reading in enumerate(readings) if (frame := getattr(reading, kind)) is not None]
    placed = [
        frame.with_columns(pl.lit(index, dtype=pl.Int64).alias("table")) if "table" in frame.columns else frame
        for index, frame in frames
    ]
    return pl.concat(placed) if placed else None

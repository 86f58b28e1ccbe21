"""Recognises a channel by its name in a column, a title or a header."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.masking import mask
from gateway.intake.said_channel import BLANK, NAMES_NONE, NOBODYS
from gateway.intake.values import classify_folded, folded
from gateway.intake.words import fold, in_portuguese
from schemas.channels import CHANNELS, channel_name

#: channel texts, folded -> channel id
CHANNEL_WORDS: Final[list[tuple[str, str]]] = [
    (r"mercado[ _-]?(li[vb]re|shops)|\bmeli\b|^ml\b|\bmlb\b", "mercado_livre"),
    (r"shopee", "shopee"),
    (r"amazon|\bamz\b|\bfnsku\b", "amazon"),  # Amazon alone numbers units so
    (r"magalu|magazine[ _-]?luiza|\bmgl\b", "magalu"),
    (r"tik[ _-]?tok", "tiktok_shop"),
    (r"americanas|b2w|submarino|shoptime", "americanas"),
    (r"shein", "shein"),
    (
        r"loja[ _-]?propria|site|own[ _-]?store|e-?commerce|loja virtual|shopify|nuvemshop|vtex|tray|woocommerce",
        "own_store",
    ),
]
_WORDS: Final = [*CHANNEL_WORDS, *((f"^{fold(name)}$", channel) for channel, name in CHANNELS.items())]
_FOLDED: Final = folded(pl.col("text"))
_CHANNEL: Final = classify_folded(pl.col("text"), _WORDS, None).alias("channel")
_SHEET: Final = re.compile(r"planilha “(.*)”")
#: What the seller's own shop is called where each sheet has the sales of one channel.
_OWN_SHOP: Final = re.compile(
    r"((sales|orders|vendas|pedidos|ventas|faturamento)( d[oa]| del?| of| from)?)?\s*"
    r"((my|own|our|meu|nosso|nuestro|mi) )?"
    r"(site|website|web site|web ?shop|web ?store|e ?commerce|(loja|tienda) (propria|propia|virtual|on ?line)|"
    r"(own|online) (store|shop)|sitio web|pagina web|shopify|nuvemshop|tiendanube|woocommerce)"
)
#: A line above a table that is longer than this, or ends so, is a sentence: it may speak of another channel.
_HEADING_WORDS: Final = 10
_SENTENCE_ENDS: Final = (".", "!", "?", ";", ",")
#: What a line says of a channel that the table below is not of.
_OTHER: Final = re.compile(r"\b(compar\w*|vs|versus|contra|exceto|menos|sem|fora|alem|except|without|than|beside)\b")
#: Of rows that name a channel that is none of ours: where what was sold by it is known, and where not.
UNKNOWN_WORTH: Final = (
    "{rows} linha(s) são de um canal que não conhecemos ({names}; {amount} em vendas), e não foram contadas. Se são de "
    "um dos canais daqui, escreva o nome dele na coluna do canal (“Loja própria”, por exemplo) e envie o arquivo de "
    "novo."
)
UNKNOWN: Final = (
    "{rows} linha(s) são de um canal que não conhecemos ({names}), e não foram contadas. Se são de um dos canais "
    "daqui, escreva o nome dele na coluna do canal (“Loja própria”, por exemplo) e envie o arquivo de novo."
)
_NAMED: Final = 3
#: As a person is told it.
ABOVE: Final = "da linha acima da tabela"
HEADING: Final = "do título da seção"
SHEET: Final = "do nome da planilha, ao lado das de outros canais"


def channel_named(where: str, titles: Iterable[str], headers: Iterable[str]) -> str | None:
    """Return the one channel that columns or the title above them name, else the sheet's name; None if not just one.

    "Site" and the like are no name: they stand in every other table. (As a sheet's among those of channels: see
    `named_by_sheet`.)
    """
    sheet = _SHEET.search(where)
    for texts in ((*headers, *titles), (sheet[1],) if sheet else ()):
        found = {channel for text in texts if (channel := _channel_of(text)) not in (None, "own_store")}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def named_by_sheet(where: str, places: Iterable[str]) -> str:
    """Return the seller's own shop for a sheet that is called after it beside one of a channel; else nothing."""
    sheet = _SHEET.search(where)
    if sheet is None or not _OWN_SHOP.fullmatch(re.sub(r"[\W_]+", " ", fold(sheet[1])).strip()):
        return ""
    return "own_store" if any(channel_named(place, (), ()) is not None for place in places) else ""


def channel_named_of(columns: Columns, headers: Iterable[str]) -> str | None:
    """Return the one channel that the table names (`channel_named`); of one in a text else that of what is above.

    That is the line above it, then the headings that it stands under, from the nearest one on.
    """
    table = columns.table
    named = channel_named(table.where, columns.titles, headers)
    if named is None and table.named_by_sheet:
        columns.channel_from = SHEET
        return table.named_by_sheet
    if named is not None or not table.free:
        return named
    for text, place in ((table.caption, ABOVE), *((heading, HEADING) for heading in reversed(table.headings))):
        if (found := _named_above(text)) is not None:
            columns.channel_from = place
            return found
    return None


def _named_above(caption: str) -> str | None:
    """Return the one channel that a heading names; None of a sentence, or where it names none or several."""
    plain = fold(caption)
    if len(plain.split()) > _HEADING_WORDS or plain.endswith(_SENTENCE_ENDS) or _OTHER.search(plain):
        return None
    found = {channel for pattern, channel in CHANNEL_WORDS if channel != "own_store" and re.search(pattern, plain)}
    return found.pop() if len(found) == 1 else None


def channel_of_file(filename: str, channels: Iterable[str]) -> str:
    """Return the only one of these channels in the file's name; empty for none, or if the name has several channels."""
    plain = re.sub(r"[\W_]+", " ", fold(filename))
    found = {channel for pattern, channel in CHANNEL_WORDS if channel != "own_store" and re.search(pattern, plain)}
    return next((channel for channel in channels if {channel} == found), "")


def _channel_of(text: str) -> str | None:
    plain = fold(text)
    return next((channel for pattern, channel in CHANNEL_WORDS if re.search(pattern, plain)), None)


def channel_called(text: str) -> str | None:
    """Return the channel whose name the whole text is; None otherwise."""
    plain = fold(text)
    return next((channel for pattern, channel in _WORDS if re.fullmatch(pattern, plain)), None)


def channel_column(
    table: Columns,
    text: pl.Series | None,
    channels: list[str],
    named: str | None,
    worth: Callable[[pl.Series], float] | None = None,
) -> pl.Series | None:
    """Return the rows' channels, of those that are blank beside others `NOBODYS`; None where nothing tells them.

    `worth` tells what was sold in the rows that are true, for the remark on those of an unknown channel.
    """
    height = table.height
    if text is not None:
        found = text.to_frame("text").select(_FOLDED).select(_CHANNEL).to_series()
        unknown = found.is_null() & text.is_not_null()
        if found.null_count() < height:
            if unknown.any():
                told = {"rows": int(unknown.sum()), "names": _most_frequent(text.filter(unknown))}
                amount = worth(unknown) if worth else 0.0
                table.warnings.append(
                    UNKNOWN_WORTH.format(**told, amount=in_portuguese(amount)) if amount else UNKNOWN.format(**told)
                )
            if blank := text.null_count():
                table.warnings.append(BLANK.format(rows=blank))
            return found.zip_with(text.is_not_null(), pl.Series([NOBODYS]).new_from_index(0, height))
    one = _channel_of_all(table, channels, named)
    return None if one is None else pl.Series([one], dtype=pl.String).new_from_index(0, height)


def _most_frequent(names: pl.Series) -> str:
    """Return the names that stand most often, as a remark quotes them."""
    first = names.value_counts(sort=True, name="rows").sort("rows", names.name, descending=[True, False])[names.name]
    quoted = ", ".join(f"“{mask(name.strip())}”" for name in first.head(_NAMED))
    return f"{quoted}, …" if len(first) > _NAMED else quoted


def one_channel(table: Columns, channels: list[str], named: str | None, rows: int) -> pl.Series:
    """Return the channel of so many rows, which all have the table's; nulls where nothing tells it."""
    one = _channel_of_all(table, channels, named)
    return pl.Series([one], dtype=pl.String).new_from_index(0, rows)


def _channel_of_all(table: Columns, channels: list[str], named: str | None) -> str | None:
    """Return the channel that no column tells by row, and tell where it was read."""
    if named is not None:
        table.warnings.append(f"Canal lido {table.channel_from}: {channel_name(named)}.")
        return named
    if len(channels) == 1:
        return channels[0]
    if table.table.named_by_file:
        table.warnings.append(f"Canal lido do nome do arquivo: {channel_name(table.table.named_by_file)}.")
        return table.table.named_by_file
    table.warnings.append(NAMES_NONE)
    return None

"""A large text in another encoding is read piece by piece: cut between rows, never within a quoted cell."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from gateway.intake import Limits
from gateway.intake.limits import HEAD_ROWS
from gateway.intake.readers import pieces
from gateway.intake.readers.large import read_large
from gateway.intake.readers.pieces import UnmatchedQuotesError, encoding_of

ROWS = [("1", "São", 'uma ""linha""\ne outra'), ("2", "João", "\n\n"), ("3", "é", "simples"), ("4", "ã", '""')]
TEXT = "id;nome;nota\n" + "".join(f'{a};{b};"{c}"\n' for a, b, c in ROWS * 10)


def whole(path: Path) -> pl.DataFrame:
    table = read_large(path, Limits(), is_table=True).tables[0]
    assert table.whole is not None
    return table.whole(["0", "1", "2"])


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("chunk", [16, 64, 1_000_000])
def test_every_cut_gives_the_rows_of_the_text_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, chunk: int
) -> None:
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    plain.write_text(TEXT, encoding="utf-8", newline="")
    other.write_text(TEXT, encoding=encoding, newline="")
    monkeypatch.setattr(pieces, "_CHUNK", chunk)

    assert encoding_of(plain) == ""
    assert encoding_of(other) == encoding
    assert whole(other).equals(whole(plain))
    assert whole(other).height == 1 + len(ROWS) * 10
    assert "".join(piece.decode() for piece in pieces.pieces(other, encoding, quoted=True)) == TEXT


def test_no_piece_is_larger_than_a_chunk_and_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TEXT, encoding="cp1252")
    monkeypatch.setattr(pieces, "_CHUNK", 200)

    sizes = [len(piece) for piece in pieces.pieces(path, "cp1252", quoted=True)]

    assert len(sizes) > 3
    assert max(sizes) <= 2 * 300  # in UTF-8 no letter of these takes more than two bytes


def test_quotes_that_do_not_match_end_the_search_and_are_plain_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id;nome;nota\n1;"São;x\n' + "2;João;y\n" * 500, encoding="cp1252")
    monkeypatch.setattr(pieces, "_CHUNK", 64)
    monkeypatch.setattr(pieces, "_MOST", 512)

    with pytest.raises(UnmatchedQuotesError):
        list(pieces.pieces(path, "cp1252", quoted=True))
    assert whole(path).height == 502


def test_the_head_is_read_of_as_many_pieces_as_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id;nome;nota\n" + "".join(f"{n};São;x\n" for n in range(3_000)), encoding="cp1252")
    monkeypatch.setattr(pieces, "_CHUNK", 4_000)

    head = read_large(path, Limits(), is_table=True).tables[0].frame

    assert head.height == HEAD_ROWS
    assert head["0"][-1] == str(HEAD_ROWS - 2)

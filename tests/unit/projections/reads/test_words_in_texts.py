"""Words in a text: what takes little time is asked first, and alone where it says all."""

from __future__ import annotations

from projections.reads.rows import Where


def test_small_letters_of_ascii_are_all_that_is_needed_for_words_of_ascii() -> None:
    where = Where()
    assert where.has("title", "Loja 7%") == '(lower((title) collate "C") like lower($1))'
    assert where.args == ["%Loja 7\\%%"]


def test_of_other_words_their_longest_part_of_ascii_is_looked_for_first() -> None:
    where = Where()
    where.arg("before")
    ascii_first = '(lower((title) collate "C") like lower($2) and lower(title) like lower($3))'
    assert where.has("title", "à vista é") == ascii_first
    assert where.args == ["before", "% vista %", "%à vista é%"]


def test_where_there_is_no_such_part_the_words_are_looked_for_as_they_are() -> None:
    assert Where().has("title", "ÇÃ") == "(lower(title) like lower($1))"
    assert Where().has("title", "") == "(true)"

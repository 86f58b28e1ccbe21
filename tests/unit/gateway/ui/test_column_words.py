"""Each column of a file that a person downloads has a name in his language."""

from __future__ import annotations

from gateway.exports import columns, figures, proposals
from gateway.ui import i18n
from gateway.ui.words.column_words import COLUMNS, heads

DOWNLOADED = (
    *(columns.PLANS, columns.TASKS, columns.ATTEMPTS, columns.AUDIT, proposals.COLUMNS),
    *figures.COLUMNS.values(),
)


def test_a_column_has_words_and_words_have_a_column() -> None:
    assert {name for of in DOWNLOADED for name in of} - COLUMNS.keys() == {"id", "sku", "acos"}, (
        "the same in every language"
    )
    assert COLUMNS.keys() <= {name for of in DOWNLOADED for name in of}


def test_columns_are_named_in_the_readers_language() -> None:
    i18n.use("pt_BR")
    assert heads(["id", "due_on", "who"]) == ["id", "Prazo", "Quem"]

"""What rules and agents have written, as it stands on a page: named as of its language, which may not be the page's."""

from __future__ import annotations

from markupsafe import Markup

from schemas.plan import WRITTEN_IN


def written(text: str, typed: bool = False) -> Markup:
    """Return a text of an analysis or a phase. `typed`: a person wrote it, in a language that nobody knows."""
    return Markup("<bdi{}>{}</bdi>").format(written_in(typed), text)


def written_in(typed: bool = False) -> Markup:
    """Return the attribute that names the language of such a text, for an element that holds no other element."""
    return Markup("") if typed else Markup(' lang="{}"').format(WRITTEN_IN)

"""What rules and agents have written, as it stands on a page: named as of its language, which may not be the page's."""

from __future__ import annotations

from markupsafe import Markup

from schemas.plan import WRITTEN_IN


def written(text: str, typed: bool = False) -> Markup:
    """Return a text of an analysis or a phase. `typed`: a person wrote it, in a language that nobody knows."""
    said = Markup("") if typed else Markup(' lang="{}"').format(WRITTEN_IN)
    return Markup("<bdi{}>{}</bdi>").format(said, text)

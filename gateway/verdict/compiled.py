"""The texts of pages and messages in another language: one catalogue, compiled in memory when it is first needed."""

from __future__ import annotations

import gettext
from functools import cache
from importlib import resources
from io import BytesIO


@cache  # it takes a fifth of a second
def compiled(language: str) -> gettext.GNUTranslations:
    """Read the catalogue of a language; English is the language of the code and has none."""
    # imported here: a process that speaks English alone should not pay for the library
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with resources.files("gateway").joinpath("ui", "locales", f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    made = BytesIO()
    write_mo(made, catalogue)
    made.seek(0)
    return gettext.GNUTranslations(made)

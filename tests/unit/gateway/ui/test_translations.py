"""Every text that people read exists in Brazilian Portuguese, with the same places to fill in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from gateway.alerts.words import messages as texts_of_alerts
from gateway.figures.words import messages as texts_of_figures
from gateway.http.asyncapi import document as log_document
from gateway.operations.charts import messages as texts_of_charts
from gateway.operations.objectives import messages as texts_of_objectives
from gateway.ui import i18n
from gateway.ui.reference import calls, events
from gateway.ui.words.reference_words import messages as texts_of_the_reference
from gateway.verdict.words.catalogue import messages as catalogue_of_the_verdict
from tests.support.api_document import api_document

UI = Path(i18n.__file__).parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")


def messages() -> set[Any]:
    """Every message of code, templates, verdict, figures and reference: a text, or a pair of singular and plural."""
    options = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
    ours = extract_from_dir(str(UI), method_map=METHODS, options_map=options, keywords=KEYWORDS)
    said = (*catalogue_of_the_verdict(), *texts_of_figures(), *texts_of_objectives(), *texts_of_alerts())
    drawn = texts_of_charts()
    reference = texts_of_the_reference(calls(api_document()).values(), events(log_document("0")).values())
    return {found[2] for found in ours} | set(said) | set(drawn) | set(reference)


def catalogue(locale: str) -> Catalog:
    with (UI / "locales" / f"{locale}.po").open("rb") as file:
        return read_po(file, locale=locale)


def forms(text: str | Sequence[str] | None) -> list[str]:
    """The singular alone, or singular and plural."""
    return [text] if isinstance(text, str) else list(text or [])


@pytest.mark.traced
def test_every_text_is_translated() -> None:
    """No text of the pages is missing, empty or marked as a guess."""
    known = catalogue("pt_BR")
    missing = []
    for message in messages():
        found = known.get(message if isinstance(message, str) else message[0])
        texts = forms(found.string) if found else []
        if not texts or not all(texts) or (found and found.fuzzy):
            missing.append(message)

    assert len(messages()) > 300
    assert missing == []


def test_no_translation_is_left_over() -> None:
    """A text that is gone takes its translation with it."""
    used = {m if isinstance(m, str) else m[0] for m in messages()}
    known = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue("pt_BR") if m.id}

    assert known - used == set()


def test_translations_have_the_same_places() -> None:
    """A place that is missing would lose a value, one too many would break the page."""
    for message in catalogue("pt_BR"):
        wanted = set(PLACE.findall(forms(message.id)[-1]))
        for text in forms(message.string):
            assert set(PLACE.findall(text)) == wanted, message.id


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt_BR"),
        ("pt", "pt_BR"),
        ("pt-PT", "pt_BR"),
        ("en-GB,pt;q=0.5", "en"),
        ("de,pt;q=0.2,en;q=0.1", "pt_BR"),
        ("pt;q=0, en", "en"),
        ("", "en"),
        ("*;q=x,,;;", "en"),
        ("ja", "en"),
    ],
)
def test_chooses_the_language_of_the_browser(header: str, locale: str) -> None:
    """The best language that there is, English otherwise; a malformed header harms nobody."""
    assert i18n.negotiate(header) == locale


def test_plurals_follow_the_language() -> None:
    """Nobody says `0 oportunidade`: none is as many, in Portuguese too."""
    i18n.use("pt_BR")
    forms = [i18n.ngettext("%(n)s plan", "%(n)s plans", n) for n in (0, 1, 2)]
    i18n.use("en")

    assert forms == ["0 planos", "1 plano", "2 planos"]
    assert i18n.ngettext("%(n)s plan", "%(n)s plans", 0) == "0 plans"


def test_a_text_of_a_page_is_looked_up_once_a_language_and_what_is_put_into_it_is_escaped() -> None:
    i18n.use("pt_BR")
    assert i18n.on_page("Plans") is i18n.on_page("Plans") == i18n.gettext("Plans")
    i18n.use("en")
    assert i18n.on_page("Plans") == "Plans"
    assert i18n.on_page("%(name)s <b>", name="<i>") == "&lt;i&gt; <b>"
    assert i18n.on_page("100 %%") == "100 %"
    assert i18n.plural_on_page("%(n)s plan of %(num)s", "%(n)s plans of %(num)s", 2, n="<2>") == "&lt;2&gt; plans of 2"

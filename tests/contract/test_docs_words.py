"""Pages, buttons and sentences that the docs name in italics are those that the pages show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from local.state import ROOT

with (ROOT / "gateway" / "ui" / "locales" / "pt_BR.po").open("rb") as file:
    SHOWN = [(str(one.id), str(one.string)) for one in read_po(file) if isinstance(one.id, str)]
#: Names in other products, which people use beside this one.
OTHERS = {"Events API v2", "Incoming Webhooks", "Add to Slack", "Apps", "Generic Webhook (v3)", "Describe"}
#: Words that a page of the docs stresses.
STRESSED = {"Measured once", "Processor time"}
ENGLISH = sorted(
    [ROOT / "README.md", *(page for page in (ROOT / "docs").rglob("*.md") if page.parent.name not in ("adr", "pt-BR"))]
)
PORTUGUESE = sorted((ROOT / "docs" / "runbooks" / "pt-BR").glob("*.md"))


def named(text: str) -> Iterator[str]:
    """Yield what stands in italics and begins like a title; no code, and nothing that is bold."""
    plain = re.sub(r"`[^`]*`", "``", " ".join(text.split()))
    for name in re.findall(r"(?<![*\w])\*(\w[^*]{1,60})\*(?![*\w])", plain):
        if name[0].isupper():
            yield name.rstrip(".: ")


def is_shown(name: str, texts: list[str]) -> bool:
    """Say whether a page shows it, as a whole or as what stands before a colon."""
    return any(text == name or text.startswith(f"{name}:") for text in texts)


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: page.name)
def test_what_a_page_of_the_docs_names_is_shown(page: Path) -> None:
    texts = [english for english, _ in SHOWN]
    names = set(named(page.read_text("utf-8"))) - OTHERS - STRESSED
    assert [name for name in sorted(names) if not is_shown(name, texts)] == []


@pytest.mark.parametrize("page", PORTUGUESE, ids=lambda page: page.name)
def test_what_a_portuguese_runbook_names_is_shown(page: Path) -> None:
    texts = [portuguese for _, portuguese in SHOWN]
    names = set(named(page.read_text("utf-8"))) - OTHERS
    assert [name for name in sorted(names) if not is_shown(name, texts)] == []


def test_a_button_that_there_is_not_is_seen() -> None:
    found = list(named("Press *Upload anyway*, *Let it go on*, or **bold**; *it* is `*code*`. *Wrong again: ...*"))
    assert found == ["Upload anyway", "Let it go on", "Wrong again"]
    texts = [english for english, _ in SHOWN]
    assert [is_shown(name, texts) for name in found] == [False, True, True]

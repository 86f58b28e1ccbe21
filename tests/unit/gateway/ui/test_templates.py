"""What templates and style sheets refer to exists; what the security policy forbids is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.ui import i18n, navigation, states
from gateway.ui.rendering import environment
from gateway.ui.words import lifecycle_words, sentences

UI = Path(i18n.__file__).parent
TEMPLATES = sorted((UI / "templates").glob("*.html"))
SHEETS = sorted((UI / "static").glob("*.css"))
ICONS = set(re.findall(r'symbol id="([\w-]+)"', (UI / "static" / "icons.svg").read_text()))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_compiles_and_runs_nothing_inline(template: Path) -> None:
    """Inline scripts, handlers and styles would be refused by the browser."""
    environment().get_template(template.name)
    text = template.read_text()

    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|javascript:", text)
    assert "|safe" not in text
    assert not re.search(r"https?://", text)


def test_icons_exist() -> None:
    """Every icon that is named is in the sprite."""
    text = "".join(t.read_text() for t in TEMPLATES)
    named = set(re.findall(r"icon\('([\w-]+)'", text)) | set(re.findall(r"(?:empty|act)\([^)]*?'([\w-]+)'", text))
    looks = [
        look
        for table in (
            lifecycle_words.PLAN,
            lifecycle_words.TASK,
            states.CHANNEL,
            states.PRIORITY,
            states.SOURCE,
            states.ORIGIN,
        )
        for look in table.values()
    ]
    named |= {button.icon for button in lifecycle_words.PLAN_BUTTONS.values()}
    named |= {look.icon for look in looks} | {entry.icon for entry in navigation.PAGES}
    named |= set(re.findall(r'"(?:done|run|wait|fail|retry|off)",\s*"([\w-]+)"', Path(sentences.__file__).read_text()))

    assert {n for n in named if n not in ICONS and n not in lifecycle_words.TASK} - {"start"} == set()


def test_colours_are_tokens() -> None:
    """A colour is named once, for light and for dark: no other sheet has one of its own."""
    defined = set(re.findall(r"(--[\w-]+):", (UI / "static" / "tokens.css").read_text()))
    for sheet in SHEETS:
        text = sheet.read_text()
        used = set(re.findall(r"var\((--[\w-]+)", text))

        assert used - defined == set(), sheet.name
        if sheet.name != "tokens.css":
            assert re.findall(r"#[0-9a-f]{3,8}\b", text) == [], sheet.name

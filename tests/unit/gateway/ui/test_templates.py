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


def test_sizes_of_text_are_tokens() -> None:
    """But for what is a share of the text around it, and the letters in a drawing, whose unit is the drawing's own."""
    for sheet in SHEETS:
        if sheet.name != "tokens.css":
            sizes = re.findall(r"font-size: ([^;}]+)", sheet.read_text())
            assert [s for s in sizes if not re.fullmatch(r"var\(--text-\w+\)|100%|[\d.]+em|inherit", s.strip())] == (
                ["14px", "13px", "13px"] if sheet.name == "flow.css" else []
            ), sheet.name

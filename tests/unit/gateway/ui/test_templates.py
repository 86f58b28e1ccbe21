"""What templates and style sheets refer to exists; what the security policy forbids is not there."""

from __future__ import annotations

import re
from itertools import pairwise
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


def test_what_a_template_asks_a_person_may_is_given_to_it() -> None:
    """A permission under another name is found by nobody until its page is opened, which fails then."""
    asked = set(re.findall(r"\bmay_\w+", "".join(t.read_text() for t in TEMPLATES)))
    given = "".join([*(file.read_text() for file in UI.rglob("*.py")), *(t.read_text() for t in TEMPLATES)])
    assert {name for name in asked if not re.search(rf'"{name}":|\b{name} ?=[^=]', given)} == set()


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


def luminance(colour: str) -> float:
    """How light a colour is, as WCAG 2 counts it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_dark_surfaces_can_be_told_apart() -> None:
    """In the dark no shadow tells what lies on what: each step upwards is lighter, by so much that it is seen."""
    colours = dict(
        re.findall(r"--([\w-]+): light-dark\(#\w{6}, (#\w{6})\)", (UI / "static" / "tokens.css").read_text())
    )
    steps = [colours[name] for name in ("bg", "surface", "raised")]
    seen = [round(ratio(one, other), 2) for one, other in pairwise(steps)]

    assert [luminance(one) for one in steps] == sorted(luminance(one) for one in steps)
    assert min(seen) >= 1.12, seen
    assert ratio(colours["surface"], colours["sunken"]) >= 1.07, "what is sunk into a card"
    assert ratio(colours["surface"], colours["hover"]) >= 1.1, "the row under the pointer"
    assert ratio(colours["surface"], colours["line"]) >= 1.3, "the edge of a card"
    assert ratio(colours["surface"], colours["field"]) >= 3, "the edge of a field, as WCAG 2.2 asks"


def test_sizes_of_text_are_tokens() -> None:
    """But for what is a share of the text around it, and the letters in a drawing, whose unit is the drawing's own."""
    for sheet in SHEETS:
        if sheet.name != "tokens.css":
            sizes = re.findall(r"font-size: ([^;}]+)", sheet.read_text())
            assert [s for s in sizes if not re.fullmatch(r"var\(--text-\w+\)|100%|[\d.]+em|inherit", s.strip())] == (
                ["14px", "13px", "13px"] if sheet.name == "flow.css" else []
            ), sheet.name

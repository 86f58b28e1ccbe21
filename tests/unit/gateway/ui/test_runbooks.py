"""Each finding's runbook is a page, and each of its links leads somewhere."""

from __future__ import annotations

import re

import pytest

from gateway.ui.i18n import DEFAULT
from gateway.ui.runbooks import FOLDERS, TRANSLATED, runbooks, slug
from gateway.verdict.kinds import TRAITS
from gateway.verdict.runbooks import address, source

NAMED = sorted({traits.runbook for traits in TRAITS.values() if traits.runbook})


LANGUAGES = (DEFAULT, *TRANSLATED)
#: What is typed stands in every language as it is; what explains it behind a # is translated.
CODE = re.compile(r"`[^`]+`", re.DOTALL)
BLOCK = re.compile(r"^```.*?^```|^(?: {4}\S[^\n]*\n)+", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]*)(#[^)]*)?\)")


def sections(text: str) -> list[str]:
    """The parts of a text, each from its heading on."""
    return re.split(r"^(?=#+ )", text, flags=re.MULTILINE)[1:]


def typed(section: str) -> list[str]:
    blocks = [re.sub(r"\s+#.*", "", line).strip() for block in BLOCK.findall(section) for line in block.splitlines()]
    return blocks + sorted(" ".join(code.split()) for code in CODE.findall(BLOCK.sub("", section)))


@pytest.mark.parametrize("folder", TRANSLATED.values())
@pytest.mark.parametrize("name", runbooks())
def test_a_translation_has_the_same_headings_steps_commands_and_links(name: str, folder: str) -> None:
    english, other = (
        sections((where / f"{name}.md").read_text("utf-8")) for where in (FOLDERS[0], FOLDERS[0] / folder)
    )
    assert [part.split(" ")[0] for part in other] == [part.split(" ")[0] for part in english]
    for here, there in zip(other, english, strict=True):
        title = here.splitlines()[0]
        assert typed(here) == typed(there), title
        assert [path.replace("../../", "../") for path, _ in LINK.findall(here)] == [
            path for path, _ in LINK.findall(there)
        ], title
        for sign in (r"^\d+\. ", r"^- ", r"^\|"):
            count = [len(re.findall(sign, part, re.MULTILINE)) for part in (here, there)]
            assert count[0] == count[1], (title, sign)


#: What each situation says, in this order, by language.
SAID = {
    "en": ["You see", "Look", "Act", "It is over when"],
    "pt_BR": ["Você vê", "Olhe", "Faça", "Acabou quando"],
}
#: What is begun on purpose has a procedure: its parts, in this order, by language.
PROCEDURE = {
    "en": ["First safe action", "Occasion", "How to see it", "Full procedure", "How to know it is over"],
    "pt_BR": ["Primeira ação segura", "Ocasião", "Como ver", "Procedimento completo", "Como saber que acabou"],
}
#: What the first sentence of a runbook of situations begins with, by language.
FIRST = {"en": "Do first", "pt_BR": "Faça primeiro"}
#: Runbooks of situations with how many they have at least, and those of procedures.
SITUATIONS = {"alerts": 10, "dead-letters": 4, "something-is-stuck": 10}
PROCEDURES = {"canary", "capacity", "rebuild-a-projection", "rolling-deploy", "set-aside-events"}
#: Commands that change nothing.
ONLY_LOOKS = (
    r"(marketplace (doctor|top|slo|charts|size|verify|rebuild --check|letters groups|outbox (list|show))"
    r"|python -m (streams\.provision|projections\.migrate) plan)\b"
)
#: Parts of these runbooks that are no situation.
NO_SITUATION = {"one-plan-that-cannot-wait", "causes", "what-a-replay-does", "change-the-keys", "who-did-it"}


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("name", sorted(SITUATIONS))
def test_each_situation_says_what_to_see_where_to_look_what_to_do_and_when_it_is_over(name: str, locale: str) -> None:
    _, *parts = re.split(r'<h2 id="([^"]*)">', runbooks(locale)[name].html)
    said = {
        anchor: re.findall(r"<strong>(.+?):</strong>", text)
        for anchor, text in zip(parts[::2], parts[1::2], strict=True)
    }
    situations = {anchor: labels for anchor, labels in said.items() if anchor not in NO_SITUATION}
    assert len(situations) >= SITUATIONS[name]
    assert situations == dict.fromkeys(situations, SAID[locale])


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("name", sorted(PROCEDURES))
def test_each_procedure_has_the_same_parts(name: str, locale: str) -> None:
    assert [title for _, title in runbooks(locale)[name].parts] == PROCEDURE[locale]


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("name", runbooks())
def test_each_runbook_begins_with_what_to_do(name: str, locale: str) -> None:
    """At three in the morning nobody reads on to find it."""
    first = f"<p><strong>{FIRST[locale]}:</strong>" if name in SITUATIONS else f">{PROCEDURE[locale][0]}</h2>"
    beginning, _, rest = runbooks(locale)[name].html.lstrip().partition(first)
    assert re.fullmatch(r'(<h2 id="[^"]*")?', beginning), beginning
    assert "<code>" in rest.partition("</p>")[0] or name == "rolling-deploy", "a command to type"


@pytest.mark.parametrize("name", sorted(PROCEDURES))
def test_what_is_typed_to_see_something_changes_nothing(name: str) -> None:
    [see] = [part for part in sections((FOLDERS[0] / f"{name}.md").read_text("utf-8")) if "How to see it" in part[:20]]
    typed_there = [line for block in BLOCK.findall(see) for line in block.splitlines() if not line.startswith("```")]
    assert typed_there
    assert [line for line in typed_there if not re.match(ONLY_LOOKS, line)] == []


def test_each_runbook_has_one_of_the_two_forms() -> None:
    assert set(runbooks()) == SITUATIONS.keys() | PROCEDURES


def test_a_translation_answers_to_the_english_anchors() -> None:
    for name, english in runbooks().items():
        translated = runbooks("pt_BR")[name]
        assert (translated.language, english.language) == ("pt_BR", "en")
        assert [anchor for anchor, _ in translated.parts] == [anchor for anchor, _ in english.parts]
        assert re.findall(r' id="([^"]*)"', translated.html) == re.findall(r' id="([^"]*)"', english.html)
        assert translated.title != english.title
    assert runbooks("xx") == runbooks()


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("file", NAMED)
def test_a_findings_runbook_is_a_page_with_that_part(file: str, locale: str) -> None:
    path, _, anchor = address(file).partition("#")
    found = runbooks(locale)[path.removeprefix("/runbooks/")]

    assert not anchor or f'id="{anchor}"' in found.html


def test_an_address_is_made_of_the_file_and_of_its_place_in_the_source() -> None:
    file, page = "dead-letters.md#something-waits", "/runbooks/dead-letters#something-waits"
    assert (address(file), address(source(file))) == (page, page)
    assert (address(""), source("")) == ("", "")


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("name", runbooks())
def test_links_lead_to_pages_of_this_site_or_are_text(name: str, locale: str) -> None:
    pages = runbooks(locale)
    for href in re.findall(r'href="([^"]*)"', pages[name].html):
        path, _, anchor = href.partition("#")
        target = pages[path.removeprefix("/runbooks/")] if path else pages[name]
        assert not anchor or f'id="{anchor}"' in target.html, href


def test_every_file_is_a_page_with_its_title() -> None:
    assert set(runbooks()) == {file.stem for file in FOLDERS[0].glob("*.md")}
    assert all(one.title and "<h1" not in one.html for one in runbooks().values())
    assert "<script" not in "".join(one.html for one in runbooks().values())


@pytest.mark.parametrize(
    ("title", "anchor"),
    [("A plan is escalated", "a-plan-is-escalated"), ("event-held", "event-held"), ("Who did it?", "who-did-it")],
)
def test_anchors_are_those_that_documents_name(title: str, anchor: str) -> None:
    assert slug(title) == anchor

"""Each finding's runbook is a page, and each of its links leads somewhere."""

from __future__ import annotations

import re

import pytest

from gateway.ui.runbooks import FOLDERS, runbooks, slug
from gateway.verdict.kinds import TRAITS
from gateway.verdict.runbooks import address, source

NAMED = sorted({traits.runbook for traits in TRAITS.values() if traits.runbook})


@pytest.mark.parametrize("file", NAMED)
def test_a_findings_runbook_is_a_page_with_that_part(file: str) -> None:
    path, _, anchor = address(file).partition("#")
    found = runbooks()[path.removeprefix("/runbooks/")]

    assert not anchor or f'id="{anchor}"' in found.html


def test_an_address_is_made_of_the_file_and_of_its_place_in_the_source() -> None:
    file, page = "dead-letters.md#something-waits", "/runbooks/dead-letters#something-waits"
    assert (address(file), address(source(file))) == (page, page)
    assert (address(""), source("")) == ("", "")


@pytest.mark.parametrize("name", runbooks())
def test_links_lead_to_pages_of_this_site_or_are_text(name: str) -> None:
    for href in re.findall(r'href="([^"]*)"', runbooks()[name].html):
        path, _, anchor = href.partition("#")
        target = runbooks()[path.removeprefix("/runbooks/")] if path else runbooks()[name]
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

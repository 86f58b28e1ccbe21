"""What a person had written stands in the form again, as it was and nowhere else."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from gateway.ui.filled import filled

PAGE = """<details class="menu"><summary>x</summary>
<form method="post" action="/a"><input type="hidden" name="csrf_token" value="new">
<input type="hidden" name="key" value="k2">
<input type="hidden" name="id" value="1"><input name="reason" value=""><input type="password" name="secret">
<textarea name="what" rows="2">old &amp; gone</textarea>
<select name="channel"><option value="one" selected>1</option><option value="two">2</option></select>
<label><input type="checkbox" name="drop" value="1">1</label>
<label><input type="checkbox" name="drop" value="2" checked>2</label>
<input type="date" name="due_on"><button formaction="/b">B</button></form></details>
<form action="/a"><input type="hidden" name="id" value="2"><input name="reason"></form>
<details open><form id="bulk" action="/c"><input name="why"></form></details>
<input type="checkbox" name="id" value="7" form="bulk"><input type="checkbox" name="id" value="8" form="bulk">
"""


class Shown(HTMLParser):
    """What the fields of a page show, by form and name; the folds that are open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str, object]] = []
        self.open = 0
        self._form = self._name = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.open += tag == "details" and "open" in said
        if tag == "form":
            self._form = said["action"] or ""
        elif tag == "select":
            self._name = said["name"] or ""
        elif tag == "option" and "selected" in said:
            self.fields.append((self._form, self._name, said["value"]))
        elif tag == "input" and said.get("type") == "checkbox":
            self.fields.append((self._form, f"{said['name']} {said['value']}", "checked" in said))
        elif tag == "input":
            self.fields.append((self._form, said["name"] or "", said.get("value")))
        elif tag == "textarea":
            self._name = said["name"] or ""

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea" and data.strip():
            self.fields.append((self._form, self._name, data.removeprefix("\n")))


def test_every_kind_of_field_comes_back() -> None:
    written = [
        ("csrf_token", "sent"), ("key", "k1"), ("id", "1"), ("reason", '"><script>&'), ("secret", "s3cret"),
        ("what", "one\r\n</textarea>two"), ("channel", "two"), ("drop", "1"), ("due_on", "2031-05-20"),
    ]  # fmt: skip
    shown = Shown(filled(PAGE, "/a", written))
    assert [one[1:] for one in shown.fields][:11] == [
        ("csrf_token", "new"), ("key", "k2"), ("id", "1"), ("reason", '"><script>&'), ("secret", None),
        ("what", "one\n</textarea>two"), ("channel", "two"), ("drop 1", True), ("drop 2", False),
        ("due_on", "2031-05-20"), ("id", "2"),
    ]  # fmt: skip
    assert shown.open == 2, "what it is folded into is open, too"


@pytest.mark.parametrize(("which", "reasons"), [("1", ["mine", None]), ("2", ["", "mine"])])
def test_of_two_forms_for_an_address_it_is_the_one_that_was_sent(which: str, reasons: list[str | None]) -> None:
    shown = Shown(filled(PAGE, "/a", [("id", which), ("reason", "mine")]))
    assert [value for _form, name, value in shown.fields if name == "reason"] == reasons


def test_rows_that_were_ticked_for_a_form_elsewhere_are_ticked_again() -> None:
    shown = Shown(filled(PAGE, "/c", [("id", "8"), ("why", "so")]))
    assert [(name, value) for _form, name, value in shown.fields][-3:] == [
        ("why", "so"),
        ("id 7", False),
        ("id 8", True),
    ]


def test_a_button_with_an_address_of_its_own_sends_the_form_that_it_is_in() -> None:
    shown = Shown(filled(PAGE, "/b", [("id", "1"), ("reason", "by the other button")]))
    assert ("/a", "reason", "by the other button") in shown.fields


def test_a_page_without_the_form_and_a_choice_that_is_gone_stay_as_they_are() -> None:
    assert filled(PAGE, "/nowhere", [("reason", "x")]) == PAGE
    assert ("/a", "channel", "one") in Shown(filled(PAGE, "/a", [("channel", "three")])).fields

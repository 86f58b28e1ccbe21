"""For which channels an uploaded document is analysed: what was asked for, or of it what the document has."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.problems.problem import Problem
from gateway.uploads.multipart import Form
from gateway.uploads.wanted import channels_for, found_in, wanted_of
from schemas.facts import ChannelFacts, DocumentFacts


def form(**fields: str) -> Form:
    return Form(Path("none"), fields={name: [value] for name, value in fields.items()})


def facts(*channels: str) -> DocumentFacts:
    return DocumentFacts("text/csv", "t", [], [ChannelFacts(one, [], "BRL", []) for one in channels])


ASKED = "shopee,amazon,shein"


@pytest.mark.parametrize(
    ("narrow", "found", "expected"),
    [
        ("true", ["shein", "shopee", "magalu"], ["shopee", "shein"]),
        ("true", ["amazon"], ["amazon"]),
        ("true", [], ["shopee", "amazon", "shein"]),
        ("false", ["amazon"], ["shopee", "amazon", "shein"]),
        ("", ["magalu"], ["shopee", "amazon", "shein"]),
    ],
)
def test_of_several_files_each_is_for_its_own_channels(narrow: str, found: list[str], expected: list[str]) -> None:
    assert channels_for(wanted_of(form(channels=ASKED, narrow=narrow)), facts(*found)) == expected
    assert found_in(facts(*found)) == found


def test_a_file_of_other_channels_alone_is_refused_with_them() -> None:
    with pytest.raises(Problem) as refused:
        channels_for(wanted_of(form(channels=ASKED, narrow="1")), facts("magalu"))

    assert (refused.value.kind, refused.value.extra) == ("other-channels", {"found": ["magalu"]})
    assert "sales of magalu" in refused.value.detail


def test_costs_need_no_channel_and_name_their_currency() -> None:
    with pytest.raises(Problem) as refused:
        wanted_of(form(currency="brl"))

    assert [one["path"] for one in refused.value.extra["errors"]] == ["channels"]
    asked = wanted_of(form(currency="brl"), of_sales=False)
    assert (asked.channels, asked.currency, asked.narrow) == ([], "BRL", False)


def test_a_flag_is_true_or_false() -> None:
    with pytest.raises(Problem) as refused:
        wanted_of(form(channels=ASKED, narrow="perhaps"))

    assert refused.value.extra["errors"] == [{"path": "narrow", "message": "is true or false"}]

"""Sales that name no channel, of a document that was sent for several: their figures, and a person's word of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.intake.document import contents, read
from gateway.intake.kept import Kept
from gateway.intake.limits import DEFAULT_LIMITS
from gateway.intake.said_channel import NAMES_NONE, NOBODYS, TOLD_LATER, choosable, said_of
from schemas.channels import CHANNELS
from schemas.facts import ChannelFacts, DocumentFacts

HEAD = "Pedido;Data;SKU;Produto;Quantidade;Valor total"
BARE = f"{HEAD}\n1;01/04/2026;A1;Caneca;20;59,80\n2;02/04/2026;A2;Prato;1;19,90\n3;03/04/2026;A1;Caneca;1;29,90\n"
#: One row names a channel, one names one that we do not know, one is blank.
IN_PART = (
    f"{HEAD};Canal\n1;01/04/2026;A1;Caneca;2;59,80;Shopee\n"
    "2;02/04/2026;A2;Prato;1;19,90;Feira\n3;03/04/2026;A3;Copo;1;9,90;\n"
)
TWO = ["shopee", "amazon"]


def of(tmp_path: Path, text: str, channels: list[str]) -> DocumentFacts:
    path = tmp_path / "vendas.csv"
    path.write_text(text, "utf-8")
    return read(path, path.name, channels, DEFAULT_LIMITS)


def of_kept(tmp_path: Path, kept: Kept, channels: list[str], text: str = BARE) -> DocumentFacts:
    path = tmp_path / "vendas.csv"
    path.write_text(text, "utf-8")
    return contents(path, path.name, channels, DEFAULT_LIMITS, kept=Kept.from_dict(kept.to_dict())).facts


def value(own: ChannelFacts | None, metric: str) -> float | None:
    assert own is not None
    return next((one.value for one in own.figures if one.metric == metric), None)


def test_their_figures_are_those_of_one_channel(tmp_path: Path) -> None:
    found, alone = of(tmp_path, BARE, TWO), of(tmp_path, BARE, ["shopee"])

    assert (found.channels, [table.unnamed for table in found.tables]) == ([], [3])
    assert found.unnamed is not None
    assert found.unnamed.channel == NOBODYS
    assert found.unnamed.figures == alone.channels[0].figures
    assert value(found.unnamed, "revenue") == pytest.approx(109.6)
    assert (alone.unnamed, alone.tables[0].unnamed) == (None, 0)


def test_they_are_read_from_what_is_stored(tmp_path: Path) -> None:
    found = of(tmp_path, BARE, TWO)

    assert DocumentFacts.from_dict(found.to_dict()) == found
    assert DocumentFacts.from_dict({k: v for k, v in found.to_dict().items() if k != "unnamed"}).unnamed is None


@pytest.mark.parametrize("channels", [TWO, ["shopee"]])
def test_blank_rows_beside_some_that_name_a_channel_are_such_sales(tmp_path: Path, channels: list[str]) -> None:
    """A row of a channel that we do not know is of a place: nobody is asked which."""
    found = of(tmp_path, IN_PART, channels)

    assert [(own.channel, value(own, "revenue")) for own in found.channels] == [("shopee", 59.8)]
    assert (value(found.unnamed, "revenue"), found.tables[0].unnamed) == (9.9, 1)
    assert "1 linha(s) não dizem de qual canal são, e não foram contadas." in found.tables[0].warnings


@pytest.mark.parametrize(("said", "sums"), [("amazon", {"amazon": 9.9, "shopee": 59.8}), ("shopee", {"shopee": 69.7})])
def test_blank_rows_are_of_the_channel_that_a_person_says(tmp_path: Path, said: str, sums: dict[str, float]) -> None:
    found = of_kept(tmp_path, Kept(channel=said), TWO, IN_PART)

    assert {own.channel: value(own, "revenue") for own in found.channels} == pytest.approx(sums)
    assert (found.unnamed, found.tables[0].unnamed, found.tables[0].told_channel) == (None, 0, said)
    assert not any("não dizem de qual canal" in one for one in found.tables[0].warnings)


def test_items_below_the_first_of_an_order_are_of_its_channel(tmp_path: Path) -> None:
    rows = "1;01/04/2026;A1;Caneca;2;59,80;Shopee\n1;;A2;Prato;1;19,90;\n3;03/04/2026;A3;Copo;1;9,90;Amazon\n"
    found = of(tmp_path, f"{HEAD};Canal\n{rows}", TWO)

    assert {own.channel: value(own, "revenue") for own in found.channels} == {"amazon": 9.9, "shopee": 79.7}
    assert found.unnamed is None


def test_what_a_person_says_makes_them_a_channels(tmp_path: Path) -> None:
    found, alone = of(tmp_path, BARE, TWO), of(tmp_path, BARE, ["amazon"])
    said = said_of(found, "amazon")

    assert (said.unnamed, said.tables[0].unnamed, said.tables[0].told_channel) == (None, 0, "amazon")
    assert [own.channel for own in said.channels] == ["amazon"]
    assert said.channels[0].figures == alone.channels[0].figures
    assert said.channels[0].sold == alone.channels[0].sold is not None
    assert TOLD_LATER in said.channels[0].warnings
    assert NAMES_NONE in found.tables[0].warnings
    assert NAMES_NONE not in said.tables[0].warnings
    assert "O canal destas vendas foi informado por uma pessoa: Amazon." in said.tables[0].warnings
    # the file for this channel alone is the same reading: it is known by then
    assert (said.mapping, said.goods) == (alone.mapping, alone.goods)


def test_no_channel_can_be_said_of_which_there_are_other_sales() -> None:
    """Sums do not join: which sales stand twice is known from their rows alone."""
    own = ChannelFacts("shopee", [], "BRL")

    assert choosable([]) == list(CHANNELS)
    assert choosable([own]) == [channel for channel in CHANNELS if channel != "shopee"]


def test_what_is_said_with_the_upload_stands_above_what_was_said_before(tmp_path: Path) -> None:
    """And what was said before holds where it is among the channels that are asked for."""
    header = of(tmp_path, BARE, TWO).tables[0].header_id
    before = Kept(channels={header: "shopee"})
    cases: tuple[tuple[Kept, list[str], list[str]], ...] = (
        (Kept(channel="amazon", channels={header: "shopee"}), TWO, ["amazon"]),
        (before, TWO, ["shopee"]),
        (before, ["amazon", "magalu"], []),
        (before, ["amazon"], ["amazon"]),
        (Kept(channels={"another": "shopee"}), TWO, []),
    )

    for kept, channels, expected in cases:
        found = of_kept(tmp_path, kept, channels)
        assert [own.channel for own in found.channels] == expected
        assert (found.unnamed is None, found.tables[0].unnamed == 0) == (bool(expected), bool(expected))

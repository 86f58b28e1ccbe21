"""Every channel of the upload form has a layout, and rows of channels that nobody asked about are kept."""

from pathlib import Path

import pytest

from gateway.intake.document import read
from gateway.intake.layouts import LAYOUTS
from gateway.intake.layouts.signatures import NAMED
from gateway.intake.limits import Limits
from schemas.channels import CHANNELS

#: first part of a layout's name -> channel, where they differ
STORES = {"tiktok": "tiktok_shop", "mercado_pago": "mercado_livre"} | dict.fromkeys(
    (
        "shopify",
        "vtex",
        "nuvemshop",
        "woocommerce",
        "store",
        "ebay",
        "etsy",
        "lazada",
        "meesho",
        "paypal",
        "seller_center",
        "squarespace",
        "stripe",
        "walmart",
        "wildberries",
        "wix",
    ),
    "own_store",
)


def test_every_channel_has_a_layout() -> None:
    names = [layout.name.split(".")[0] for layout in LAYOUTS]

    assert {STORES.get(name, name) for name in names} | set(NAMED) == set(CHANNELS)


@pytest.mark.parametrize("asked", [["shopee"], ["magalu"], ["shopee", "magalu", "amazon"]])
def test_all_channels_of_a_document_are_told(tmp_path: Path, asked: list[str]) -> None:
    path = tmp_path / "upload"
    path.write_text(
        "Pedido;SKU;Valor total;Marketplace\n1;A;10,00;Shopee\n2;B;20,00;Magazine Luiza\n3;C;5,00;Mercado Livre",
        "utf-8",
    )
    found = read(path, "vendas.csv", asked, Limits())

    assert [channel.channel for channel in found.channels] == ["magalu", "mercado_livre", "shopee"]


def test_a_document_of_another_channel_keeps_its_figures(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_text("Order ID;Date;Status;Qty;Amount;ASIN\n1;04-05-22;Shipped;1;10.00;B0", "utf-8")

    assert [channel.channel for channel in read(path, "vendas.csv", ["shopee"], Limits()).channels] == ["amazon"]

"""No webhook leads into a network that nobody named, however its address is written."""

from __future__ import annotations

import ipaddress

import pytest

from gateway.webhooks.reach import may_reach, networks, refused
from schemas.process.settings import SettingsError

OWN = networks({"MARKETPLACE_WEBHOOK_NETWORKS": "10.1.0.0/16, fd00::/8"})


@pytest.mark.parametrize(
    "url",
    [
        "https://erp.example.com/hooks?tenant=7",
        "https://8.8.8.8:8443/x",
        "https://[2606:4700::1111]/x",
        "https://0x7f.1/x",  # a name as far as it is written: it is looked up before anything is sent
    ],
)
def test_a_public_address_is_taken_as_it_is_written(url: str) -> None:
    assert refused(url, ()) == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://erp.example.com/",
        "ftp://erp.example.com/",
        "erp.example.com",
        "https://",
        "https:///path",
        "https://user:secret@erp.example.com/",
        "https://erp.example.com/#part",
        "https://erp.example.com:0/",
        "https://erp.example.com:99999/",
        "https://[::1",
        "https://erp.example.com/ path",
        "https://erp.example.com/\x7f",
        "https://loja.exemplo.com.br/ação",
        "https://erp.example.com/" + "x" * 2000,
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
    ],
)
def test_any_other_is_refused_and_the_reason_is_said(url: str) -> None:
    assert refused(url, ())


def test_a_network_of_ones_own_is_reached_without_tls_too() -> None:
    assert refused("http://10.1.2.3/x", OWN) == ""
    assert refused("https://[fd00::7]/x", OWN) == ""
    assert refused("http://erp.internal/x", OWN) == "", "what the name leads to is seen when it is called"
    assert "10.2.0.1" in refused("https://10.2.0.1/x", OWN)
    assert refused("http://8.8.8.8/x", OWN), "out in the open only with TLS"


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        ("8.8.8.8", True),
        ("127.0.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("10.1.2.3", True),
        ("2606:4700::1111", True),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", True),
        ("ff0e::1", False),
        ("::ffff:192.168.1.1", False),
        ("2002:c0a8:0101::1", False),  # 192.168.1.1 by 6to4
        ("64:ff9b::c0a8:101", False),  # the same behind a translator
        ("64:ff9b::808:808", True),
        ("64:ff9b::a83f:8110", False),
        ("64:ff9b:1::7f00:1", False),  # behind a translator of one's own
        ("::7f00:1", False),  # 127.0.0.1 as it was written once
        ("::ffff:0:7f00:1", False),  # and translated
        ("::808:808", False),
        ("fec0::1", False),
        ("5f00::1", False),
        ("3fff::1", False),
        ("2001:db8::1", False),
        ("168.63.129.16", False),  # within a cloud
        ("::ffff:168.63.129.16", False),
    ],
)
def test_what_a_name_leads_to_is_judged_by_what_it_means(address: str, reached: bool) -> None:
    assert may_reach(ipaddress.ip_address(address), OWN, tls=True) is reached


def test_networks_that_are_none_are_a_wrong_setting() -> None:
    assert networks({}) == ()
    with pytest.raises(SettingsError, match=r"MARKETPLACE_WEBHOOK_NETWORKS: .*10\.0\.0\.1/8"):
        networks({"MARKETPLACE_WEBHOOK_NETWORKS": "10.0.0.1/8"})

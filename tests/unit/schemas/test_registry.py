"""The registry is asked by who its address names, and by nobody else."""

from __future__ import annotations

import base64

from schemas.registry import Registry
from tests.support.odd_registry import odd_registry


def test_who_an_address_names_asks_with_a_password() -> None:
    with odd_registry(body=b"[]") as site:
        site.answers.set()
        host = site.url.removeprefix("http://")
        Registry(f"http://ana:p%40ss@{host}/").subjects()
        Registry(site.url).subjects()
    assert site.logins == ["Basic " + base64.b64encode(b"ana:p@ss").decode(), None]
    assert site.asked == ["/subjects"] * 2

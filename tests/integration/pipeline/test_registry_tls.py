"""A registry behind https: it is spoken to where its certificate is of an authority that is trusted, and else not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from streams.provision.__main__ import WRONG_USE
from tests.integration.pipeline.conftest import Bare
from tests.support.module import Done, run
from tests.support.secure_broker import certificates
from tests.support.tls_door import Door, tls_door


@pytest.fixture
def door(bare: Bare, tmp_path: Path) -> Iterator[Door]:
    """A door of TLS in front of the registry."""
    port = urlsplit(bare.env["MARKETPLACE_REGISTRY_URL"]).port
    assert port is not None
    with tls_door(tmp_path / "door", port, asked=False) as made:
        yield made


def planned(bare: Bare, door: Door, ca: Path | str, scheme: str = "https") -> Done:
    """Ask for what differs from what is declared: each schema is asked for at the registry."""
    url = f"{scheme}://ana:p%40ss@127.0.0.1:{door.port}"
    env = {**bare.env, "MARKETPLACE_REGISTRY_URL": url, "SSL_CERT_FILE": str(ca)}
    return run("streams.provision", "plan", env=env)


def test_schemas_are_compared_through_tls_by_the_registrys_own_authority(bare: Bare, door: Door) -> None:
    done = planned(bare, door, door.ca)
    assert (done.returncode, done.stdout) == (0, "topics and schemas are as declared\n"), done.stderr
    assert door.taken > 0


def test_a_registry_of_another_authority_is_not_spoken_to(bare: Bare, door: Door, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    for ca in (certificates(tmp_path / "other")[0], ""):
        done = planned(bare, door, ca)
        assert done.returncode not in (0, WRONG_USE)
        assert "CERTIFICATE_VERIFY_FAILED" in done.stderr
        assert "p@ss" not in done.stderr
        assert "p%40ss" not in done.stderr
    assert door.taken == 0


def test_a_registry_that_wants_tls_answers_nobody_without(bare: Bare, door: Door) -> None:
    done = planned(bare, door, door.ca, scheme="http")
    assert done.returncode not in (0, WRONG_USE)
    assert door.taken == 0

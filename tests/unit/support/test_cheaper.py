"""What makes a run of tests cheaper is in force."""

import gc
import logging
import ssl
import sys
import time
from collections.abc import Callable
from pathlib import Path

import certifi
import httpx
import httpx2
import pytest
import structlog
from _pytest.logging import catching_logs
from hypothesis.internal import constants_ast
from hypothesis.internal.conjecture import providers
from typer import testing

from gateway.cli.main import app
from tests.support.cheaper import ROOT, TRUSTED_ELSEWHERE, _catch, catch, is_local, trust, trust2


def test_what_was_collected_is_set_aside_and_the_command_line_is_built_once() -> None:
    assert gc.get_freeze_count() > 0
    build = vars(testing)["_get_command"]
    assert build(app) is build(app)


def test_hypothesis_finds_the_constants_of_the_same_modules() -> None:
    loaded = [str(file) for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))]
    # not what somebody plugs in from a folder of his own
    files = [file for file in loaded if file.startswith((ROOT, sys.prefix, sys.base_prefix))]

    assert vars(providers)["is_local_module_file"] is is_local
    assert [file for file in files if is_local(file) != constants_ast.is_local_module_file(file)] == []
    assert any(is_local(file) for file in files)


def test_clients_that_ask_for_nothing_of_their_own_trust_the_same_authorities_as_ever() -> None:
    with httpx.Client() as one, httpx.Client() as other:
        first, second = (vars(vars(client._transport)["_pool"])["_ssl_context"] for client in (one, other))
    fresh = httpx.create_ssl_context()

    assert first is second is trust()
    assert first.verify_mode == fresh.verify_mode == ssl.CERT_REQUIRED
    assert first.check_hostname
    assert first.get_ca_certs(binary_form=True) == fresh.get_ca_certs(binary_form=True) != []


def test_a_client_that_is_told_whom_to_trust_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = ssl.create_default_context(cafile=certifi.where())
    assert trust(own) is own
    assert trust(verify=False).verify_mode == ssl.CERT_NONE

    one = tmp_path / "one.pem"
    known = Path(certifi.where()).read_text("utf-8")
    one.write_text(known[: known.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----\n", "utf-8")
    for name in TRUSTED_ELSEWHERE:
        monkeypatch.delenv(name, raising=False)
    ordinary = trust()
    monkeypatch.setenv(TRUSTED_ELSEWHERE[0], str(one))
    assert len(trust().get_ca_certs()) == 1
    assert trust(trust_env=False) is ordinary
    assert len(ordinary.get_ca_certs()) > 1


def test_the_clients_of_agents_and_of_sign_ins_trust_the_same_authorities_as_ever() -> None:
    fresh = ssl.create_default_context()

    assert httpx2.create_ssl_context() is httpx2.create_ssl_context() is trust2()
    assert trust2().verify_mode == ssl.CERT_REQUIRED
    assert trust2().check_hostname
    assert {one for one in fresh.get_ca_certs(binary_form=True) if one} <= set(trust2().get_ca_certs(binary_form=True))


def test_a_traceback_is_written_as_the_system_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.reset_defaults()
    try:
        int("no number")
    except ValueError:
        structlog.get_logger().exception("failed")

    said = capsys.readouterr().out
    assert "Traceback (most recent call last):" in said
    assert "ValueError: invalid literal" in said
    assert "─" not in said, "nobody reads a box"


class Kept(logging.Handler):
    """Keeps which logger each line is of."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.name)


def test_lines_of_loggers_are_caught_as_pytest_does() -> None:
    def lines(catch: Callable[[catching_logs[Kept]], Kept]) -> list[str]:
        catching = catching_logs(Kept())
        kept = catch(catching)
        try:
            for name in ("tests.alone", "tests.alone.below", "tests.ordinary"):
                logging.getLogger(name).warning("told")
        finally:
            catching.__exit__(None, None, None)
        logging.getLogger("tests.ordinary").warning("told of nobody's business")
        return kept.told

    logging.getLogger("tests.alone").propagate = False
    logging.getLogger("tests.alone.below")
    logging.getLogger(f"tests.{time.monotonic_ns()}")

    assert catching_logs.__enter__ is catch
    assert lines(catch) == lines(_catch) == ["tests.alone", "tests.alone.below", "tests.ordinary"]
    assert vars(logging.getLogger("tests.alone"))["handlers"] == []

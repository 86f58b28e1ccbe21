"""Settings from the environment, and the file names and actions that need no server."""

from __future__ import annotations

import errno

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.roles import Role
from gateway.intake.refused import REASONS, Refused
from gateway.problems.answers import problem_of
from gateway.problems.problem import Problem
from gateway.settings import Settings
from gateway.uploads.multipart import safe_filename
from schemas.process.settings import SettingsError

URL = {"MARKETPLACE_DATABASE_URL": "postgresql://u@h/d"}


def test_defaults_listen_on_this_machine_only() -> None:
    settings = Settings.from_env(URL)
    assert (settings.host, settings.port, settings.loopback) == ("127.0.0.1", 8080, True)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("::", False), ("box.local", False)],
)
def test_who_can_reach_it(host: str, loopback: bool) -> None:
    assert Settings.from_env({**URL, "MARKETPLACE_HOST": host}).loopback is loopback


def test_documents_are_kept_for_ever_or_long_enough_to_be_compared() -> None:
    kept = {days: Settings.from_env({**URL, "MARKETPLACE_DOCUMENT_DAYS": days}).document_days for days in ("0", "30")}
    assert (Settings.from_env(URL).document_days, kept) == (0, {"0": 0, "30": 30})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MARKETPLACE_DOCUMENT_DAYS", "29"),
        ("MARKETPLACE_DOCUMENT_DAYS", "-1"),
        ("MARKETPLACE_DATABASE_URL", ""),
        ("MARKETPLACE_PORT", "http"),
        ("MARKETPLACE_PORT", "70000"),
        ("MARKETPLACE_PORT", "-1"),
        ("MARKETPLACE_POOL_SIZE", "1"),
        ("MARKETPLACE_MAX_UPLOAD_MIB", "0"),
        ("MARKETPLACE_LIMITS", "reads=fast"),
        ("MARKETPLACE_BOOTSTRAP_KEY", "mrs_short_x"),
        ("MARKETPLACE_GRAFANA_URL", "127.0.0.1:3000"),
        ("MARKETPLACE_GRAFANA_URL", "javascript:alert(1)"),
        ("MARKETPLACE_TRACE_URL", "127.0.0.1:16686/trace/{trace}"),
        ("MARKETPLACE_TRACE_URL", "javascript:alert('{trace}')"),
        ("MARKETPLACE_TRACE_URL", "http://jaeger/trace/"),
        ("MARKETPLACE_TRACE_URL", "http://jaeger/trace/{trace}?again={trace}"),
        ("MARKETPLACE_TRACE_URL", "http://jaeger/trace/{trace}?span={span}"),
        ("MARKETPLACE_TRACE_URL", "http://jaeger/trace/{{trace}}"),
        ("MARKETPLACE_TRACE_URL", "http://jaeger/trace/{trace}}"),
    ],
)
def test_a_wrong_setting_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({**URL, name: value})


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("", None),
        ("http://127.0.0.1:16686/trace/{trace}", "http://127.0.0.1:16686/trace/abc"),
        ("https://traces.example/?id={trace}&view=flat", "https://traces.example/?id=abc&view=flat"),
    ],
)
def test_a_trace_has_a_page_where_its_address_is_known(url: str, page: str | None) -> None:
    settings = Settings.from_env({**URL, "MARKETPLACE_TRACE_URL": url})
    assert settings.trace_page("abc") == page
    assert settings.trace_page(None) is None


def test_a_wrong_trace_url_says_what_to_give() -> None:
    with pytest.raises(
        SettingsError, match=r"'x': give an address .* such as http://127\.0\.0\.1:16686/trace/\{trace\}$"
    ):
        Settings.from_env({**URL, "MARKETPLACE_TRACE_URL": "x"})


def test_roles_include_those_below() -> None:
    order = [Role.VIEWER, Role.ANALYST, Role.OPERATOR, Role.ADMIN]
    for i, has in enumerate(order):
        assert [has.includes(needed) for needed in order] == [j <= i for j in range(4)]


@given(st.text())
def test_file_names_are_always_harmless(given_name: str) -> None:
    name = safe_filename(given_name)
    assert 0 < len(name) <= 120
    assert not set(name) & set("/\\\0\n\r\t\u202e")
    assert not name.startswith(".")
    assert safe_filename(name) == name


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("C:\\a\\b.csv", "b.csv"),
        ("../../etc/passwd", "passwd"),
        ("...", "document"),
        (". 0", "0"),
        ("x" * 119 + " y" + "z" * 20, "x" * 119),
        ("x" * 300 + ".xlsx", "x" * 115 + ".xlsx"),
    ],
)
def test_file_names(given_name: str, kept: str) -> None:
    assert safe_filename(given_name) == kept


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ConnectionRefusedError(), 503),
        (TimeoutError(), 503),
        (asyncpg.CannotConnectNowError(), 503),
        (asyncpg.AdminShutdownError(), 503),
        (asyncpg.TooManyConnectionsError(), 503),
        (asyncpg.DeadlockDetectedError(), 503),
        (asyncpg.ReadOnlySQLTransactionError(), 503),
        (asyncpg.InterfaceError("connection is closed"), 503),
        (asyncpg.InterfaceError("the server expects 2 arguments"), 500),
        (asyncpg.CharacterNotInRepertoireError(), 422),
        (asyncpg.UndefinedTableError(), 500),
        (OSError(errno.ENOSPC, "full"), 503),
        (OSError(errno.EACCES, "denied"), 500),
        (FileNotFoundError(errno.ENOENT, "no such socket"), 503),
        (FileNotFoundError(errno.ENOENT, "no such file", "/tmp/x"), 500),
        (KeyError("x"), 500),
        (Problem("wrong-status", "no"), 409),
    ],
)
def test_each_failure_has_its_answer(error: Exception, status: int) -> None:
    problem = problem_of(error)
    assert problem.status == status
    assert ("Retry-After" in problem.headers) is (status == 503)


@pytest.mark.parametrize("code", sorted(REASONS))
def test_each_refusal_of_a_document_has_its_answer(code: str) -> None:
    values = {
        "limit": "1",
        "name": "a",
        "found": "b",
        "advice": "c",
        "column": "d",
        "field": "e",
        "known": "f",
        "columns": "g",
    }
    problem = problem_of(Refused.because(code, **values))
    assert (problem.status, problem.title) == (REASONS[code].status, REASONS[code].title)
    assert problem.extra == {"code": code}

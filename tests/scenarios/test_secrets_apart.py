"""The system of this machine as a person starts it: each process has, in its own memory, the secrets that it needs."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.blueprint import NAMES
from local.environment import SECRETS
from local.ports import RANGE_VARIABLE
from local.state import ROOT, State
from tests.support.patience import PATIENCE_S, eventually

#: A mark in each secret, by which it is found in whatever holds it.
MARK = "planted" + secrets.token_hex(4)
NOWHERE = "127.0.0.1:1"
HEX = secrets.token_hex(32)
#: Secrets as a person may have set them, each in a form that its reader takes. Settings of a broker that wants a user
#: are wrong ones here: the system's own wants none (tests/contract/test_told.py has them).
PLANTED = {
    "MARKETPLACE_SIGNING": "require",
    "MARKETPLACE_SIGNING_KEYS": f"{MARK} {HEX}",
    "MARKETPLACE_SECRET_KEYS": f"{MARK} {HEX}",
    "MARKETPLACE_BOOTSTRAP_KEY": f"mrs_{MARK}_{secrets.token_urlsafe(32)}",
    "PAGERDUTY_WEBHOOK_SECRET": MARK * 4,
    "OPENAI_API_KEY": MARK,
    "OPENAI_BASE_URL": f"http://{NOWHERE}/{MARK}",
    "MARKETPLACE_AGENT_FALLBACK_KEY": MARK,
    "SLACK_WEBHOOK_URL": f"http://{NOWHERE}/{MARK}",
    "PAGERDUTY_KEY": MARK,
    "SMTP_USER": MARK,
    "SMTP_PASSWORD": MARK,
    "MARKETPLACE_ALERT_URLS": f"json://{NOWHERE}/{MARK}",
    "MARKETPLACE_ALERT_WEBHOOK_URL": f"http://{NOWHERE}/{MARK}",
    "MARKETPLACE_ALERT_WEBHOOK_SECRET": MARK,
    "MARKETPLACE_API_KEY": MARK,
    "POSTGRES_PASSWORD": MARK,
    "GRAFANA_PASSWORD": MARK,
}
#: What else may lie in the environment of a person's shell.
STRANGERS = {"AWS_SECRET_ACCESS_KEY": MARK, "GITHUB_TOKEN": MARK, "MARKETPLACE_OLD_TOKEN": MARK}
#: A second agent, as the key for one needs it.
AGENT = {"MARKETPLACE_AGENT_FALLBACK_MODEL": "another"}
#: Those of the system's processes that do not end by themselves.
STAYING = [name for name in NAMES if name not in ("migrate", "provision")]
MAIL = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": "1", "SMTP_FROM": "a@example.com", "SMTP_TO": "b@example.com"}


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    """The system with such an environment, up, started by its command."""
    data = tmp_path_factory.mktemp("planted")
    usual = {
        k: v for k, v in os.environ.items() if k == RANGE_VARIABLE or not k.startswith(("MARKETPLACE_", "OPENAI_"))
    }
    command = [sys.executable, "-m", "local", "--data", str(data), "up"]
    with (data / "said").open("w+") as said:
        supervisor = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**usual, **MAIL, **AGENT, **PLANTED, **STRANGERS},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            eventually(lambda: _ready(data, supervisor), say=lambda: (data / "said").read_text()[-1500:])
            found = State.load(data)
            assert found is not None
            yield found
        finally:
            supervisor.terminate()
            supervisor.wait(PATIENCE_S)


def _ready(data: Path, supervisor: subprocess.Popen[bytes]) -> bool:
    assert supervisor.poll() is None, "the supervisor has ended"
    found = State.load(data)
    if found is None or found.pid != supervisor.pid or not found.ready:
        return False
    # a process that has ended is begun again: it is waited for
    return all(found.processes[name].alive for name in STAYING)


def environment(pid: int) -> dict[str, str]:
    """Return what a process was started with, as the kernel has it."""
    raw = Path(f"/proc/{pid}/environ").read_bytes().decode("utf-8", "replace")
    return dict(entry.split("=", 1) for entry in raw.split("\0") if "=" in entry)


@pytest.mark.parametrize("name", STAYING)
def test_a_process_has_its_own_secrets_and_no_others(state: State, name: str) -> None:
    had = environment(state.pid_of(name))
    assert {variable for variable, value in had.items() if MARK in value} == {
        variable for variable in PLANTED if name in SECRETS[variable]
    } - {"MARKETPLACE_SIGNING"}
    assert {variable for variable in had if name not in SECRETS.get(variable, (name,))} == set()


def test_what_processes_begin_has_no_more_than_they_have(state: State) -> None:
    seen = 0
    for name in STAYING:
        for child in psutil.Process(state.pid_of(name)).children(recursive=True):
            try:
                had = environment(child.pid)
            except (FileNotFoundError, ProcessLookupError):  # a session of Postgres has ended since it was listed
                continue
            assert {variable for variable in had if name not in SECRETS.get(variable, (name,))} == set()
            assert not set(had) & set(STRANGERS)
            seen += 1
    assert seen, "Postgres has processes of its own"

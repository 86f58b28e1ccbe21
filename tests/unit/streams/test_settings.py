"""A setting that makes no sense is named, and not taken."""

from __future__ import annotations

import pytest

from projections.settings import Settings as ProjectionSettings
from schemas.process.settings import SettingsError
from streams.settings import Settings
from tests.support.module import run

GIVEN = {
    "MARKETPLACE_BROKERS": "127.0.0.1:1",
    "MARKETPLACE_REGISTRY_URL": "http://127.0.0.1:1",
    "MARKETPLACE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
}


def test_the_defaults() -> None:
    found = Settings.from_env(GIVEN | {"MARKETPLACE_SESSION_TIMEOUT": "", "MARKETPLACE_REPLICATION": "3"})
    assert (found.session_timeout_s, found.analysis_concurrency, found.deaf_after_s) == (6.0, 16, 15.0)
    assert found.worker_host == "faust"
    assert Settings.from_env(GIVEN | {"MARKETPLACE_WORKER_HOST": "aiokafka"}).worker_host == "aiokafka"
    assert (found.replication, found.min_insync, found.retry_delays_s) == (3, None, (1.0, 5.0, 30.0))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MARKETPLACE_BROKERS", ""),
        ("MARKETPLACE_REGISTRY_URL", ""),
        ("MARKETPLACE_SESSION_TIMEOUT", "soon"),
        ("MARKETPLACE_SESSION_TIMEOUT", "nan"),
        ("MARKETPLACE_SESSION_TIMEOUT", "inf"),
        ("MARKETPLACE_ANALYSIS_CONCURRENCY", "0.5"),
        ("MARKETPLACE_ANALYSIS_CONCURRENCY", "nan"),
        ("MARKETPLACE_REPLICATION", "0"),
        ("MARKETPLACE_MIN_INSYNC", "1.5"),
        ("MARKETPLACE_DEAF_AFTER", "-1"),
        ("MARKETPLACE_RETRY_JITTER", "nan"),
        ("MARKETPLACE_WORKER_HOST", "Faust"),
        ("MARKETPLACE_RETRY_DELAYS", "1,5"),
        ("MARKETPLACE_RETRY_DELAYS", "nan,nan,nan"),
        ("MARKETPLACE_RETRY_DELAYS", "1,5,inf"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env(GIVEN | {name: value})


@pytest.mark.parametrize("value", ["nan", "inf", "0", "soon"])
def test_the_projections_name_it_too(value: str) -> None:
    for name in ("MARKETPLACE_DEAF_AFTER", "MARKETPLACE_REGISTRY_PATIENCE", "MARKETPLACE_VERIFY_PATIENCE"):
        with pytest.raises(SettingsError, match=name):
            ProjectionSettings.from_env(GIVEN | {name: value})


@pytest.mark.parametrize(
    ("command", "env", "status", "named"),
    [
        (
            ["streams.runner"],
            {"OPENAI_API_KEY": "k", "MARKETPLACE_AGENT_DEADLINE": "0"},
            2,
            "MARKETPLACE_AGENT_DEADLINE",
        ),
        (["streams.watchdog"], {"MARKETPLACE_AGENT_DEADLINE": "nan"}, 2, "MARKETPLACE_AGENT_DEADLINE"),
        # 2 is taken: `plan` says by it that something differs
        (["streams.provision", "plan"], {"MARKETPLACE_REPLICATION": "nan"}, 64, "MARKETPLACE_REPLICATION"),
    ],
)
def test_a_process_ends_at_once_and_says_which(
    command: list[str], env: dict[str, str], status: int, named: str
) -> None:
    done = run(*command, env=GIVEN | env, inherited=False)
    assert done.returncode == status, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr

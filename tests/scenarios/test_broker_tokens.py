"""A cluster that wants TLS and a token: every process has one, Faust's clients too; a refusal says what to do."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from aiokafka.errors import KafkaError

from local.stack import Stack
from schemas.process import kafka
from schemas.process.kafka import Brokers
from tests.scenarios.conftest import KEY
from tests.scenarios.test_secure_broker import PROCESSES
from tests.support import one_plan
from tests.support.secure_broker import TOKENS, Secure, secure_broker
from tests.support.systems import Systems
from tests.support.token_provider import CLIENT, SECRET, Provider, token, token_provider


def settings(secure: Secure, provider: Provider) -> dict[str, str]:
    return {
        "MARKETPLACE_BROKERS": secure.servers,
        "MARKETPLACE_BROKER_SECURITY": "SASL_SSL",
        "MARKETPLACE_BROKER_MECHANISM": TOKENS,
        "MARKETPLACE_BROKER_TOKEN_URL": provider.url,
        "MARKETPLACE_BROKER_USER": CLIENT,
        "MARKETPLACE_BROKER_PASSWORD": SECRET,
        "MARKETPLACE_BROKER_CA_FILE": str(secure.ca),
    }


async def refused(env: dict[str, str], log: pytest.LogCaptureFixture) -> str:
    """Return what the log says of a client that is not let in."""
    log.clear()
    stranger = kafka.admin(Brokers.from_env(env), "stranger", answer_ms=5000)
    with pytest.raises(KafkaError):
        await stranger.start()
    await stranger.close()
    return log.text


async def test_a_plan_gets_its_tasks_through_a_broker_that_wants_tokens(
    tmp_path: Path, systems: Systems, caplog: pytest.LogCaptureFixture
) -> None:
    database = (await systems.bare())["MARKETPLACE_DATABASE_URL"]
    caplog.set_level(logging.ERROR)
    with secure_broker(tmp_path, mechanism=TOKENS) as secure, token_provider() as provider:
        env = {**settings(secure, provider), "MARKETPLACE_DATABASE_URL": database, "MARKETPLACE_BOOTSTRAP_KEY": KEY}

        said = await refused({**env, "MARKETPLACE_BROKER_PASSWORD": "another"}, caplog)
        assert "gives no token (HTTP 401, invalid_client): see to MARKETPLACE_BROKER_USER and" in said
        assert "another" not in said

        kept = tmp_path / "token"
        of_file = {name: "" for name in env if name.endswith(("_URL", "_USER", "_PASSWORD")) and "_BROKER_" in name}
        of_file = {**env, **of_file, "MARKETPLACE_BROKER_TOKEN_FILE": str(kept)}
        for wrong in (token(life_s=-60.0), "no.token.at-all"):
            kept.write_text(wrong)
            said = await refused(of_file, caplog)
            assert "the broker refuses this process's token" in said
            assert "It may be over, of another issuer or audience" in said
            assert wrong not in said
        kept.write_text(token())
        welcome = kafka.admin(Brokers.from_env(of_file), "welcome")
        await welcome.start()
        await welcome.close()

        stack = Stack(tmp_path / "data", PROCESSES, env=env)
        await one_plan.goes_all_its_way(stack)
        # each process asks once and shares what it is given among its clients
        assert len(PROCESSES) - 3 <= provider.given < 30

"""A cluster that wants TLS and a user: every process speaks to it so, Faust's clients too."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiokafka.errors import KafkaError

from local.stack import Stack
from schemas.process import kafka
from schemas.process.kafka import Brokers
from tests.scenarios.conftest import KEY
from tests.support import one_plan
from tests.support.secure_broker import MECHANISM, PASSWORD, USER, Secure, secure_broker
from tests.support.systems import Systems

PROCESSES = ("registry", "provision", "migrate", "gateway", "worker", "runner", "projections", "pump", "watchdog")


def settings(secure: Secure) -> dict[str, str]:
    return {
        "MARKETPLACE_BROKERS": secure.servers,
        "MARKETPLACE_BROKER_SECURITY": "SASL_SSL",
        "MARKETPLACE_BROKER_MECHANISM": MECHANISM,
        "MARKETPLACE_BROKER_USER": USER,
        "MARKETPLACE_BROKER_PASSWORD": PASSWORD,
        "MARKETPLACE_BROKER_CA_FILE": str(secure.ca),
    }


async def test_a_plan_gets_its_tasks_through_a_broker_that_wants_tls_and_a_user(
    tmp_path: Path, systems: Systems
) -> None:
    database = (await systems.bare())["MARKETPLACE_DATABASE_URL"]
    with secure_broker(tmp_path) as secure:
        env = {**settings(secure), "MARKETPLACE_DATABASE_URL": database, "MARKETPLACE_BOOTSTRAP_KEY": KEY}
        for other in (
            {"MARKETPLACE_BROKER_PASSWORD": "another"},
            {"MARKETPLACE_BROKER_CA_FILE": ""},
            {name: "" for name in env if name.startswith("MARKETPLACE_BROKER_")},
        ):
            stranger = kafka.admin(Brokers.from_env({**env, **other}), "stranger", answer_ms=5000)
            with pytest.raises(KafkaError):
                await stranger.start()
            await stranger.close()

        stack = Stack(tmp_path / "data", PROCESSES, env=env)
        await one_plan.goes_all_its_way(stack)

"""Numbers in the docs on outages, breakers, requests of people and backups are those of the code."""

from __future__ import annotations

import inspect
import re

import yaml

from bench.foresight import judging, steps
from gateway.alerts import breaker as of_receivers
from gateway.cli.connection import find
from gateway.commands.turns import BATCH_LIMIT
from gateway.shapes.recovery import MOST
from gateway.sizing.needs import BUSY
from local.state import ROOT
from projections.reads.processes import BACK_S
from schemas.process import broker_links, repeats
from schemas.process.sessions import STAY_S
from schemas.registry import wait_for_codec
from streams.backup import moment
from streams.breakers.settings import DEFAULT as OF_AGENTS
from streams.breakers.settings import PER_PLAN
from streams.watchdog import registry
from streams.watchdog.settings import DEFAULT as PATIENCE
from tests.contract.docs_text import NUMBERS, text_of
from tests.support.doc_tables import rows

TIMES = {2: "twice", 5: "five times"}


def test_how_often_the_watchdog_looks_is_as_told() -> None:
    told = text_of("docs/resilience.md")
    quiet, busy = (TIMES[round(1 / pause)] for pause in (PATIENCE.quiet_s, PATIENCE.tick_s))
    assert f"looks for missed deadlines {quiet} a second, and {busy} a second while something is late or gone" in told
    assert f"The watchdog asks the registry every {NUMBERS[int(registry.EVERY_S)]} seconds" in told
    assert f"for {registry.SILENT_S:g} s, that is the finding `registry-away`" in told


def test_outages_of_the_broker_are_as_told() -> None:
    told = text_of("docs/resilience.md")
    assert f"is noticed after {NUMBERS[int(broker_links.SILENT_S)]} seconds: the kernel ends" in told
    assert f"that refuses connections is asked {TIMES[round(1 / broker_links.LEFT_ALONE_S)]} a second" in told
    assert f"the same line of it at most once in {NUMBERS[int(repeats.EVERY_S)]} seconds" in told
    assert f"While they wait for a broker, they send a query every {STAY_S:g} s" in told


def test_a_start_without_the_registry_is_as_told() -> None:
    assert inspect.signature(wait_for_codec).parameters["within_s"].default == 60
    assert "A process that starts meanwhile waits for a minute and ends" in text_of("docs/resilience.md")


def test_breakers_open_and_close_as_told() -> None:
    heads = "step", "agent, channel", "plan", "notifier, webhook"
    told = {step: tuple(others) for step, *others in rows("resilience.md", *heads)}
    five, four, three = (NUMBERS[n] for n in (OF_AGENTS.failures, PER_PLAN.failures, of_receivers.FAILURES))
    assert told["opens after"] == (f"{five} failures in a row", f"{four} recent failures", f"{three} failures in a row")
    waits = OF_AGENTS.reset_s, PER_PLAN.reset_s, of_receivers.RESET_S
    assert told["lets one probe through after"] == tuple(f"{reset_s:g} s" for reset_s in waits)
    two, one, once = (NUMBERS[n] for n in (OF_AGENTS.successes, PER_PLAN.successes, of_receivers.SUCCESSES))
    assert told["closes after"] == (f"{two} successes", f"{one} success", f"{once} success")
    stuck = text_of("docs/runbooks/something-is-stuck.md")
    assert f"the breaker opens again after {five} failures" in stuck
    assert f"one probe goes after {OF_AGENTS.reset_s:g} s" in stuck


def test_what_people_ask_for_is_as_told() -> None:
    told = text_of("docs/resilience.md")
    assert f"for all stalled ones; {MOST} at once" in told
    assert f"Its role counts as missing only if it is not back within {BACK_S:g} s" in told


def test_whom_a_backup_keeps_waiting_is_as_told() -> None:
    told, wait_s = text_of("docs/deploy.md"), {table: ms / 1000 for table, ms in moment._LOCKS}
    commands, models = wait_s["decide.outbox"], wait_s["rm.projection_offset"] + wait_s["decide.outbox"]
    tries = f"tries again for {NUMBERS[int(moment.GIVE_UP_S / 60)]} minutes"
    assert f"{tries}, at most {TIMES[round(1 / moment.BETWEEN_S)]} a second" in told
    assert f"commands wait for at most {commands:g} s and read models for at most {models:g} s" in told


def test_how_full_a_core_is_planned_is_as_told() -> None:
    assert f"It plans with {100 * BUSY:.0f} % of a core" in text_of("docs/runbooks/capacity.md")
    assert f"Ele planeja com {100 * BUSY:.0f} % de um núcleo" in text_of("docs/runbooks/pt-BR/capacity.md")


def test_what_commits_wait_for_together_is_as_told() -> None:
    assert f"Commands share a transaction (up to {BATCH_LIMIT})" in text_of("docs/regions.md")


def test_how_foresight_is_judged_is_as_told() -> None:
    told = text_of("docs/foresight.md")
    assert f"the error is taken over {NUMBERS[judging.BLOCKS]} blocks of time" in told
    assert f"differs from the predicted one by at most {NUMBERS[round(100 * judging.NEAR)]} points" in told
    assert f"the last {steps.LATELY} steps that ended" in told


def test_a_backup_with_compose_needs_the_folder_that_is_told() -> None:
    setup = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]["setup"]
    assert setup["read_only"], "what it writes outside of a volume is gone with it"
    assert not [volume for volume in setup["volumes"] if not volume.partition(":")[2].startswith("/keys/")]
    [user, group] = re.findall(
        r"^USER (\d+):(\d+)$", (ROOT / "deploy" / "Dockerfile").read_text("utf-8"), re.MULTILINE
    )[-1]
    told = text_of("docs/deploy.md")
    assert f"install -d -o {user} -g {group} -m 700 /backups docker compose run --rm -v /backups:/backups setup" in told


def test_the_command_line_runs_in_the_container_of_the_gateway_as_told() -> None:
    """It needs no more than a key there: the gateway's own environment names the address."""
    told = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]["gateway"]["environment"]
    address = told["MARKETPLACE_URL"].removeprefix("${MARKETPLACE_URL:-").removesuffix("}")
    assert address == f"http://127.0.0.1:{told['MARKETPLACE_PORT']}"
    assert find({"MARKETPLACE_URL": address, "MARKETPLACE_API_KEY": "a key"}).url == address
    typed = "`docker compose exec -e MARKETPLACE_API_KEY=KEY gateway marketplace doctor`"
    for page in ("README.md", "docs/runbooks/something-is-stuck.md", "docs/runbooks/pt-BR/something-is-stuck.md"):
        assert typed in text_of(page)

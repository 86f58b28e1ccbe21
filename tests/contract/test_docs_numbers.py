"""Numbers and lists in running text are those of the code: each sentence is made from it, and has to stand there."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
import yaml

from gateway.alerts.queue import CLAIM_S
from gateway.alerts.sender import DEADLINE_S
from gateway.alerts.starting import LONGEST, START
from gateway.ui.letter_lists import RATES
from gateway.verdict.kinds import TRAITS
from gateway.verdict.traits import Effect
from local.state import ROOT
from schemas.lifecycle import TaskAction
from schemas.process.sessions import FROZEN_S
from schemas.process.sign_of_life import SILENT_S
from schemas.topics import declared
from streams.breakers.settings import PER_PLAN
from streams.hosts.lane_host import REVOKE_DRAIN_S
from streams.watchdog import broker, care
from streams.watchdog.consumption import STILL_S
from streams.watchdog.processes import SILENT_S as ENDED_AFTER_S
from streams.watchdog.settings import DEFAULT as PATIENCE
from tests.contract.docs_text import NUMBERS, text_of

ORDINALS = {4: "fourth"}


def test_partitions_are_as_told() -> None:
    """The page says 12, and names each topic that has another number, or what such topics hold."""
    others: dict[int, set[str]] = defaultdict(set)
    for name, topic in declared().items():
        others[topic.partitions].add(name)
    assert others.keys() == {1, 3, 12}
    assert (others[1], others[3]) == ({"goods.events"}, {"agents.dlq", "projections.dlq", "system.events"})
    assert "have 12 each, so at most 12" in text_of("docs/deploy.md")
    assert "`goods.events` has 1, and dead letters and `system.events` have 3." in text_of("docs/deploy.md")


def test_what_a_liveness_probe_ends_is_as_told() -> None:
    manifests = yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yml").read_text("utf-8"))
    containers = [
        container
        for one in manifests
        if one and one["kind"] == "Deployment"
        for container in one["spec"]["template"]["spec"]["containers"]
    ]
    asked = {one["name"]: "httpGet" in one["livenessProbe"] for one in containers}
    assert [name for name, by_http in asked.items() if by_http] == ["gateway"]
    assert len(asked) > 1, "any other process"
    told = f"any other process that has not touched its file for {SILENT_S / 60:g} minutes"
    assert told in text_of("docs/deploy.md")


def test_all_flows_beside_notes_as_told() -> None:
    assert Effect.NOTE in {traits.effect for traits in TRAITS.values()}
    assert '"All flowing" appears only if there is no finding but notes.' in text_of("docs/resilience.md")


def test_when_the_broker_is_away_is_as_told() -> None:
    told = text_of("docs/resilience.md")
    assert f"refused {NUMBERS[broker.UNREACHED]} connections in a row, {broker.AGAIN_S:g} s apart;" in told
    assert f"refused requests for {broker.REFUSED_S:g} s" in told
    assert f"or if it was silent for {broker.SILENT_S:g} s." in told


def test_what_the_others_wait_for_is_as_told() -> None:
    assert f"the others wait {NUMBERS[int(REVOKE_DRAIN_S)]} second at most" in text_of("docs/resilience.md")


def test_the_rate_of_a_replay_is_as_told() -> None:
    assert f"offers rates, {NUMBERS[RATES[0]]} a second at first" in text_of("docs/runbooks/dead-letters.md")
    assert "oferece ritmos, primeiro vinte por segundo" in text_of("docs/runbooks/pt-BR/dead-letters.md")


def test_what_can_be_done_with_a_task_is_as_told() -> None:
    (told,) = re.findall(r"marketplace task \S+ assign ana +# ([a-z, ]+);", (ROOT / "README.md").read_text("utf-8"))
    assert {"assign", *told.split(", ")} == set(TaskAction)


def test_the_times_of_recoveries_are_as_told() -> None:
    told = text_of("docs/resilience.md")
    first, second, third = (f"{PATIENCE.recheck_s * n:g} s" for n in (1, 2, 3))
    assert f"tried again after {first}, {second} and {third}." in told
    assert f"When the {ORDINALS[PATIENCE.attempts + 1]} begins, or {PATIENCE.escalate_s:g} s after" in told
    assert f"a recovery begins at most every {care.ESCALATED_S:g} s." in told
    assert f"After {NUMBERS[PER_PLAN.failures]} that did not help, the plan's circuit breaker opens" in told
    assert PER_PLAN.reset_s == 60.0
    assert "and one recovery a minute goes through" in told
    stuck = text_of("docs/runbooks/something-is-stuck.md")
    assert f"every {care.ESCALATED_S:g} s at most, and once a minute where the plan's breaker" in stuck


def test_who_is_silent_frozen_or_deaf_is_as_told() -> None:
    told = text_of("docs/resilience.md")
    assert f"once it has been silent for {PATIENCE.stopped_s:g} s and a signal" in told
    assert f"or once it has been silent for {ENDED_AFTER_S:g} s for whatever reason" in told
    assert f"One that has not touched it for {SILENT_S / 60:g} minutes" in told
    assert f"Postgres ends the session after {FROZEN_S:g} s without a query" in told
    assert f"for {PATIENCE.deaf_s:g} s (`MARKETPLACE_LAG_PATIENCE`; projections: at least {STILL_S:g} s)" in told
    assert f"in the first {PATIENCE.young_s:g} s (`MARKETPLACE_START_PATIENCE`)" in told
    assert f"after {STILL_S:g} s they are told to end" in told
    assert f"has waited for {PATIENCE.busy_s / 60:g} minutes, although its partition moves" in told


def test_when_alerts_are_sent_is_as_told() -> None:
    told = text_of("docs/alerts.md")
    assert f"claims it for {CLAIM_S:g} s, sends it within {DEADLINE_S:g} s" in told
    assert f"only once no process of any role has started for {START.total_seconds():g} s" in told
    assert f"at the latest {LONGEST.total_seconds():g} s after the engine has started" in told


MEASURED = [part.partition("\n") for part in (ROOT / "docs/performance.md").read_text("utf-8").split("\n## ")[1:]]
AGAIN = re.compile(r"`(?:python -m bench|make bench|marketplace size)\b")


@pytest.mark.parametrize(("section", "text"), [(head, text) for head, _, text in MEASURED])
def test_figures_have_a_command_or_were_measured_once(section: str, text: str) -> None:
    figures = re.search(r"^\|.*\d", text, re.MULTILINE)
    assert figures is None or AGAIN.search(text) or text.lstrip().startswith("*Measured once"), section

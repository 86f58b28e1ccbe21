"""Numbers and lists in running text are those of the code: each sentence is made from it, and has to stand there."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
import yaml

from gateway.ui.pages.letters import RATES
from gateway.verdict.kinds import TRAITS
from gateway.verdict.traits import Effect
from local.state import ROOT
from schemas.lifecycle import TaskAction
from schemas.process.sign_of_life import SILENT_S
from schemas.topics import declared
from streams.hosts.lane_host import REVOKE_DRAIN_S
from streams.watchdog import broker

NUMBERS = {1: "one", 2: "two", 20: "twenty"}


def text_of(page: str) -> str:
    return " ".join((ROOT / page).read_text("utf-8").split())


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


MEASURED = [part.partition("\n") for part in (ROOT / "docs/performance.md").read_text("utf-8").split("\n## ")[1:]]
AGAIN = re.compile(r"`(?:python -m bench|make bench|marketplace size)\b")


@pytest.mark.parametrize(("section", "text"), [(head, text) for head, _, text in MEASURED])
def test_figures_have_a_command_or_were_measured_once(section: str, text: str) -> None:
    figures = re.search(r"^\|.*\d", text, re.MULTILINE)
    assert figures is None or AGAIN.search(text) or text.lstrip().startswith("*Measured once"), section

"""The deployed routes of Alertmanager, as its own tool reads them: each alert goes where its severity sends it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.traits import Effect
from tests.support.prometheus import ALERTMANAGER, accepted, ask, rules

#: severity -> who is told: who is called, the channel that all can read, mail
TOLD = {"critical": "page,chat", "warning": "chat", "info": "mail"}


def routed(receivers: str, config: Path = ALERTMANAGER, **labels: str) -> bool:
    given = [f"{name}={text}" for name, text in labels.items()]
    wanted = f"--verify.receivers={receivers}"
    return ask("amtool", "config", "routes", "test", f"--config.file={config}", wanted, *given).returncode == 0


def test_the_file_is_right() -> None:
    said = accepted("amtool", "check-config", ALERTMANAGER)
    assert "SUCCESS" in said
    assert "2 inhibit rules" in said


@pytest.mark.parametrize(("severity", "receivers"), TOLD.items())
def test_a_severity_goes_its_way(severity: str, receivers: str) -> None:
    assert routed(receivers, severity=severity, scope="system", finding="broker-away")
    others = {*TOLD.values()} - {receivers}
    assert not any(routed(other, severity=severity, scope="system", finding="broker-away") for other in others)


def test_every_alert_has_a_severity_that_has_a_way() -> None:
    declared = {rule["labels"]["severity"] for rule in rules() if "severity" in rule.get("labels", {})}
    findings = {str(traits.severity) for traits in TRAITS.values() if traits.effect is not Effect.NOTE}
    assert declared <= findings == set(TOLD)


def test_one_message_is_for_a_finding_and_what_is_not_well_says_less() -> None:
    config = yaml.safe_load(ALERTMANAGER.read_text("utf-8"))
    assert config["route"]["group_by"] == ["finding"]
    assert all("group_by" not in route for route in config["route"]["routes"])
    named = {rule["labels"]["finding"] for rule in rules() if "alert" in rule}
    assert all(name in {*Kind} or "$labels.kind" in name for name in named)
    assert {TRAITS[Kind.BROKER_AWAY].scope, TRAITS[Kind.TASKS_FAILED].scope} == {"system", "business"}

"""The published schema of what callers send and the shape that takes it say the same of members that hang together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it has no types
from pydantic import ValidationError

from gateway.shapes.alerts import Silence
from gateway.shapes.dead_letters import DiscardWanted, DryRunWanted
from gateway.shapes.keys import KeyChange
from gateway.shapes.operations import FlagSwitch
from gateway.shapes.people import PersonChange, PersonWanted
from gateway.shapes.plans import PlanDecision
from gateway.shapes.recovery import RecoveryAsk
from gateway.shapes.shape import Taken
from gateway.shapes.tasks import BulkWork, TaskWork
from gateway.shapes.webhooks import SendAgain, WebhookChange

ID = str(UUID(int=7))
PHASE1 = {"tasks": [{"title": "Fotos"}], "reason": "melhor assim"}
LETTER = "agents.dlq-0-1"
ANA = {"handle": "ana.lima", "name": "Ana Lima", "email": "ana@example.com", "role": "viewer"}

TAKEN: list[tuple[type[Taken], dict[str, Any]]] = [
    (TaskWork, {"action": "assign", "assignee": ""}),
    (TaskWork, {"action": "start"}),
    (TaskWork, {"action": "fail", "reason": "sem estoque", "note": None}),
    (TaskWork, {"action": "complete"}),
    (TaskWork, {"action": "reschedule", "dueOn": ""}),
    (BulkWork, {"action": "cancel", "ids": [ID]}),
    (PlanDecision, {"action": "approve", "phase1": PHASE1}),
    (PlanDecision, {"action": "reject", "phase1": None}),
    (DryRunWanted, {"recordIds": [LETTER]}),
    (DryRunWanted, {"selection": {}, "recordIds": None}),
    (DiscardWanted, {"selection": {}, "reason": "ruído"}),
    (Silence, {"forSeconds": 60, "reason": "manutenção"}),
    (Silence, {"until": "2026-11-30T12:00:00Z", "reason": "manutenção", "forSeconds": None}),
    (FlagSwitch, {"name": "automatic_recovery", "enabled": True}),
    (FlagSwitch, {"name": "automatic_recovery", "enabled": False, "reason": "manutenção"}),
    (RecoveryAsk, {"how": "recover"}),
    (WebhookChange, {"paused": False, "url": None}),
    (SendAgain, {"deliveryIds": [ID]}),
    (SendAgain, {"givenUp": True}),
    (KeyChange, {"lasting": True, "days": None}),
    (KeyChange, {"days": 3}),
    (KeyChange, {"person": ""}),
    (PersonWanted, ANA),
    (PersonWanted, {**ANA, "email": ""}),
    (PersonChange, {"email": ""}),
]
REFUSED: list[tuple[type[Taken], dict[str, Any]]] = [
    (TaskWork, {"action": "assign"}),
    (TaskWork, {"action": "start", "note": "x"}),
    (TaskWork, {"action": "fail"}),
    (TaskWork, {"action": "fail", "reason": " "}),
    (TaskWork, {"action": "comment", "comment": "a\0b"}),
    (BulkWork, {"action": "comment", "ids": [ID]}),
    (PlanDecision, {"action": "cancel", "phase1": PHASE1}),
    (DryRunWanted, {}),
    (DryRunWanted, {"recordIds": [LETTER], "selection": {}}),
    (DiscardWanted, {"selection": {}, "reason": " "}),
    (Silence, {"reason": "manutenção"}),
    (Silence, {"forSeconds": 60, "until": "2026-11-30T12:00:00Z", "reason": "manutenção"}),
    (Silence, {"forSeconds": 60, "reason": "\t"}),
    (WebhookChange, {}),
    (WebhookChange, {"url": None, "types": None, "paused": None}),
    (WebhookChange, {"types": ["plan.unheard"]}),
    (SendAgain, {}),
    (SendAgain, {"deliveryIds": [ID], "givenUp": True}),
    (SendAgain, {"deliveryIds": [ID], "givenUp": 0}),
    (KeyChange, {}),
    (KeyChange, {"lasting": True, "days": 3}),
    (PersonWanted, {**ANA, "handle": "nobody"}),
    (PersonWanted, {**ANA, "handle": " ana"}),
    (PersonWanted, {**ANA, "handle": "a" * 41}),
    (PersonWanted, {**ANA, "email": "ana@"}),
    (PersonWanted, {**ANA, "email": "ana@example.com "}),
    (PersonChange, {}),
    (PersonChange, {"name": None}),
]


def published(shape: type[Taken], body: dict[str, Any]) -> bool:
    return bool(Draft202012Validator(shape.model_json_schema(by_alias=True)).is_valid(body))


def taken(shape: type[Taken], body: dict[str, Any]) -> bool:
    try:
        shape.model_validate(body)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(("shape", "body"), TAKEN)
def test_what_the_schema_says_is_taken_is_taken(shape: type[Taken], body: dict[str, Any]) -> None:
    assert (published(shape, body), taken(shape, body)) == (True, True)


@pytest.mark.parametrize(("shape", "body"), REFUSED)
def test_what_the_schema_refuses_is_refused(shape: type[Taken], body: dict[str, Any]) -> None:
    assert (published(shape, body), taken(shape, body)) == (False, False)


#: Asked by the operation, where the words of the refusal are.
@pytest.mark.parametrize(
    ("shape", "body"),
    [
        (FlagSwitch, {"name": "automatic_recovery", "enabled": False}),
        (FlagSwitch, {"name": "automatic_recovery", "enabled": False, "reason": " "}),
        (RecoveryAsk, {"how": "move_on"}),
    ],
)
def test_the_schema_says_when_a_reason_is_needed(shape: type[Taken], body: dict[str, Any]) -> None:
    assert not published(shape, body)

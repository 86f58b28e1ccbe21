"""Whoever adds a way to change something says what tells of it: by the texts of the gateway, and of the table below.

That an entry is written with its change is in tests/integration/gateway/test_gateway_audit.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from starlette.routing import Route

from gateway.app import all_routes
from gateway.http.door import Resource
from schemas.audit import ACTIONS, SystemAction
from schemas.lifecycle import RULES

ROOT = Path(__file__).parents[2]
#: Changes nothing that anybody else sees.
NOTHING = ""
#: Each write of the API and of the pages, and the beginning of the actions that tell of it.
WRITES = {
    "POST /api/marketplace/analysis/upload": "plan.upload",
    "POST /api/marketplace/analysis/upload/preview": "mapping.propose",
    "PUT /api/mappings/{header_id}": "mapping.change",
    "DELETE /api/mappings/{header_id}": "mapping.forget",
    "POST /api/marketplace/costs": "goods.record",
    "PATCH /api/marketplace/costs": "goods.cost.",
    "DELETE /api/marketplace/advertising/{key}": "goods.advertising.delete",
    "POST /api/marketplace/analysis/bulk": "plan.",
    "PATCH /api/marketplace/analysis/{plan_id}": "plan.",
    "POST /api/marketplace/analysis/{plan_id}/channels": "plan.upload",
    "POST /api/marketplace/analysis/{plan_id}/channels/{channel}/analysis": "plan.channel.",
    "POST /api/marketplace/analysis/{plan_id}/phases": "plan.phase.",
    "POST /api/marketplace/analysis/{plan_id}/tasks": "plan.task.",
    "PUT /api/tasks/{task_id}/text": "task.text.",
    "POST /api/marketplace/analysis/recovery": "plan.recover",
    "POST /api/marketplace/analysis/{plan_id}/recovery": "plan.",
    "POST /api/marketplace/analysis/{plan_id}/erasure": "plan.erase",
    "POST /api/tasks/bulk": "task.",
    "PATCH /api/tasks/{task_id}": "task.",
    "POST /api/keys": "key.create",
    "PATCH /api/keys/{key_id}": "key.change",
    "DELETE /api/keys/{key_id}": "key.revoke",
    "POST /api/keys/{key_id}/rotate": "key.rotate",
    "POST /api/keys/{key_id}/link": "link.create",
    "POST /api/teams": "team.create",
    "PATCH /api/teams/{team_id}": "team.change",
    "DELETE /api/teams/{team_id}": "team.close",
    "POST /api/teams/{team_id}/members": "team.add",
    "DELETE /api/teams/{team_id}/members/{kind}/{member}": "team.remove",
    "PATCH /api/marketplace/analysis/{plan_id}/team": "plan.move",
    "POST /api/teams/moves": "plan.move",
    "POST /api/people": "person.create",
    "PATCH /api/people/me": "person.change",
    "PATCH /api/people/{handle}": "person.change",
    "DELETE /api/people/{handle}": "person.end",
    "POST /api/people/{handle}/link": "link.create",
    "POST /api/people/{handle}/erasure": "person.erase",
    "DELETE /api/sign-ins/{sign_in_id}": "sign-in.end",
    "PATCH /api/system/breakers": "breaker.",
    "PATCH /api/system/flags": "flag.",
    "PATCH /api/system/processes": "process.end",
    "POST /api/alerts/test": "alert.test",
    "POST /api/alerts/{alert_id}/acknowledge": "alert.acknowledge",
    "POST /api/alerts/{alert_id}/silence": "alert.silence",
    "DELETE /api/alerts/{alert_id}/silence": "alert.unsilence",
    "POST /api/hooks/pagerduty": "alert.",
    "POST /login/oidc/ended": "sign-in.end",
    "POST /api/webhooks": "webhook.create",
    "PATCH /api/webhooks/{webhook_id}": "webhook.change",
    "DELETE /api/webhooks/{webhook_id}": "webhook.remove",
    "POST /api/webhooks/{webhook_id}/rotate": "webhook.rotate",
    "POST /api/webhooks/{webhook_id}/again": "webhook.again",
    "POST /api/retries/now": "retry.now",
    "POST /api/retries/give-up": "retry.give-up",
    "POST /api/dead-letters/dry-run": NOTHING,
    "POST /api/dead-letters/replay": "replay.start",
    "POST /api/dead-letters/discard": "letter.discard",
    "DELETE /api/dead-letters/jobs/{job_id}": "replay.cancel",
    "POST /api/dead-letters/{record_id}/replay": "letter.replay",
    "PATCH /api/dead-letters/{record_id}": "letter.edit",
    "PATCH /api/outbox/set-aside/{seq}": "outbox.edit",
    "POST /api/outbox/set-aside/{seq}/removal": "outbox.remove",
    "POST /login": "sign-in",
    "POST /logout": "sign-out",
    "POST /preferences": NOTHING,
    "POST /plans/upload": "plan.upload",
    "POST /plans/upload/mapping": NOTHING,
    "POST /plans/upload/mapped": "plan.upload",
    "POST /costs/upload": "goods.record",
    "POST /costs/advertising/delete": "goods.advertising.delete",
    "POST /costs/correct": "goods.cost.",
    "POST /mappings/{header_id}/change": "mapping.change",
    "POST /mappings/{header_id}/forget": "mapping.forget",
    "POST /plans/bulk": "plan.",
    "POST /plans/{plan_id}/phase1": "plan.approve",
    "POST /plans/{plan_id}/channels": "plan.upload",
    "POST /plans/{plan_id}/channels/{channel}/analysis": "plan.channel.",
    "POST /plans/team": "plan.move",
    "POST /plans/recovery": "plan.recover",
    "POST /plans/{plan_id}/recovery": "plan.",
    "POST /plans/{plan_id}/erasure": "plan.erase",
    "POST /plans/{plan_id}/phases": "plan.phase.",
    "POST /plans/{plan_id}/tasks": "plan.task.",
    "POST /tasks/{task_id}/text": "task.text.",
    "POST /plans/{plan_id}/{action}": "plan.",
    "POST /tasks/bulk": "task.",
    "POST /tasks/{task_id}/{action}": "task.",
    "POST /retries/act": "retry.",
    "POST /letters/act": "letter.",
    "POST /letters/jobs/{job_id}/cancel": "replay.cancel",
    "POST /letters/{record_id}/edit": "letter.edit",
    "POST /set-aside/{seq}/edit": "outbox.edit",
    "POST /set-aside/{seq}/removal": "outbox.remove",
    "POST /keys": "key.create",
    "POST /keys/{key_id}/change": "key.change",
    "POST /keys/{key_id}/rotate": "key.rotate",
    "POST /keys/{key_id}/link": "link.create",
    "POST /keys/{key_id}/revoke": "key.revoke",
    "POST /teams": "team.create",
    "POST /teams/{team_id}/change": "team.change",
    "POST /teams/{team_id}/close": "team.close",
    "POST /teams/{team_id}/members": "team.add",
    "POST /teams/{team_id}/out": "team.remove",
    "POST /teams/{team_id}/plans": "plan.move",
    "POST /plans/{plan_id}/team": "plan.move",
    "POST /people": "person.create",
    "POST /people/{handle}/change": "person.change",
    "POST /people/{handle}/link": "link.create",
    "POST /people/{handle}/end": "person.end",
    "POST /people/{handle}/erasure": "person.erase",
    "POST /sign-ins/reminders": "person.change",
    "POST /sign-ins/{sign_in_id}/end": "sign-in.end",
    "POST /webhooks": "webhook.create",
    "POST /webhooks/{webhook_id}/{action}": "webhook.",
    "POST /alerts/test": "alert.test",
    "POST /alerts/{alert_id}/{action}": "alert.",
    "POST /system/breaker": "breaker.",
    "POST /system/flag": "flag.",
    "POST /system/process": "process.end",
}
#: Modules of the gateway that change the database by themselves: what they do, no person asked for.
BY_ITSELF = {
    "gateway/audit/texts.py",  # the key of who writes
    "gateway/audit/expiring.py",
    "gateway/commands/calling.py",  # the function of the database that it calls
    "gateway/problems/in_the_way.py",  # what it has judged is told when an operator takes it out
    "gateway/operations/housekeeping.py",
    "gateway/operations/replaying.py",
    "gateway/uploads/unnamed_sales.py",  # the upload that it is decided with
}
ROOMS_BY_THEMSELVES = ("gateway/alerts/", "gateway/outbox/")
#: Within the transaction of another module, which tells.
IN_ANOTHERS = {
    "gateway/uploads/mapping_store.py": "gateway/uploads/mapping_change.py",
    "gateway/access/person_erasure.py": "gateway/operations/people.py",
}
CHANGES = re.compile(
    r"select (?:decide|flow|audit)\.\w+\(|insert into (?:decide|flow|access)\.|update (?:decide|flow|access)\."
    r"|delete from (?:decide|flow|access)\."
)


def writes() -> Iterator[str]:
    for route in all_routes():
        if isinstance(route, Route) and isinstance(route.endpoint, Resource):
            yield from (f"{method} {route.path}" for method in route.endpoint.operations if method != "GET")


def test_every_write_is_in_the_table_with_actions_that_there_are() -> None:
    assert sorted(writes()) == sorted(WRITES)
    for write, told in WRITES.items():
        assert any(action.startswith(told) for action in ACTIONS), write


def test_every_action_is_named_in_the_gateway() -> None:
    text = "".join(
        file.read_text("utf-8") for file in (ROOT / "gateway").rglob("*.py") if file.name != "audit_words.py"
    )
    made = {"breaker.trip", "breaker.reset", "plan.recover", "plan.move_on", "goods.cost.delete", "goods.cost.currency"}
    made |= set(get_args(SystemAction))  # at a command line
    assert all(f'f"{start}' in text for start in ("breaker.{action}", "plan.{how}", "goods.cost.{wanted.action}"))
    assert [a for a in ACTIONS if a not in RULES and a not in made and f'"{a}"' not in text] == []


def test_each_action_is_held_to_its_entry() -> None:
    """A test on a real database names it and looks for its entry. One statement tells of all commands alike."""
    looked = [
        text
        for folder in ("integration", "scenarios", "drills")
        for file in (ROOT / "tests" / folder).rglob("test_*.py")
        if re.search(r"audit\.entry|/api/audit", text := file.read_text("utf-8"))
    ]
    assert [a for a in ACTIONS if a not in RULES and not any(re.search(rf"[\"']{a}[\"']", one) for one in looked)] == []


def silent(files: dict[str, str]) -> list[str]:
    """Return the modules that change something and import nothing that tells of it."""
    return [
        name
        for name, text in files.items()
        if CHANGES.search(text)
        and not re.search(r"^from gateway\.audit\.writing import .*\b(?:audited|write|Entry)\b", text, re.MULTILINE)
        and name not in BY_ITSELF | IN_ANOTHERS.keys()
        and not name.startswith(ROOMS_BY_THEMSELVES)
    ]


def test_every_module_that_changes_something_imports_what_tells_of_it() -> None:
    files = {str(f.relative_to(ROOT)): f.read_text("utf-8") for f in (ROOT / "gateway").rglob("*.py")}
    # when a key was used last; its changes are in key_changes.py
    assert silent(files) == ["gateway/access/api_keys.py"]
    for module, telling in IN_ANOTHERS.items():
        assert "audited(request)" in files[telling], module


def test_a_change_without_that_import_is_seen() -> None:
    assert silent({"gateway/x.py": 'await pool.execute("update flow.flag set enabled = false")'}) == ["gateway/x.py"]
    assert silent({"gateway/x.py": 'await pool.execute("select 1 from flow.flag")'}) == []

"""The lifecycle stands in schemas/lifecycle.py and nowhere else: no list, no table, no chain of it in any language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from schemas.rules import Role
from tests.support.lifecycle_copies import copies_in, cut_short

ROOT = Path(__file__).parents[2]
PLACES = ("schemas", "streams", "projections", "gateway", "local", "bench", "deploy")
#: The API's document has its lists from the enums themselves.
KINDS = {".py", ".sql", ".html", ".js", ".mjs", ".css", ".json", ".toml", ".yaml", ".yml", ".tpl"}
DOCS = sorted(file for file in (ROOT / "docs").rglob("*.md") if file.parent.name != "adr")
AT_HOME = {"schemas/lifecycle.py", "schemas/rules.py"}
#: file -> why it may
ALLOWED = {
    "schemas/database/tables/access.sql": "the database itself refuses a key without a known role",
    "schemas/database/migrations/0230_pre_people.sql": "the same of a person",
    "schemas/database/migrations/0379_pre_filters.sql": "which tasks an index is of: chosen for it, and no rule",
    "schemas/database/functions/decide/sees.sql": "who is confined to teams; a test holds it to the gateway's rule",
    "bench/dashboard/histories.py": "how plans and tasks of a long time went: chosen for it, and no rule",
    "deploy/grafana/dashboards/marketplace-flow.json": "made by make_dashboards.py, from the lifecycle",
    "gateway/ui/words/lifecycle_words.py": "a sentence for each event, which tests hold complete",
    "projections/slo/projection.py": "events that are counted: chosen, each with its measure",
    "schemas/typed/unions.py": "made from schemas/avro; PLAN_DECISIONS is compared with the rules",
}


@cache
def copies() -> dict[str, list[str]]:
    everywhere = [path for place in PLACES for path in sorted((ROOT / place).rglob("*"))]
    # golden events are what was in the log
    files = [path for path in everywhere if path.suffix in KINDS and path.parent.name != "examples"]
    files.append(ROOT / "docker-compose.yml")
    found = {str(path.relative_to(ROOT)): copies_in(path, path.read_text("utf-8")) for path in files}
    return {name: lines for name, lines in found.items() if lines and name not in AT_HOME}


def test_nobody_repeats_the_lifecycle() -> None:
    assert {name: lines for name, lines in copies().items() if name not in ALLOWED} == {}
    assert set(copies()) >= set(ALLOWED), "it repeats nothing any more"


def test_the_allowed_copy_is_whole() -> None:
    text = (ROOT / "schemas/database/tables/access.sql").read_text("utf-8")

    roles = ", ".join(f"'{role}'" for role in Role)

    assert f"check (role in ({roles}))" in text


@pytest.mark.parametrize("doc", [ROOT / "README.md", *DOCS], ids=lambda doc: doc.relative_to(ROOT).as_posix())
def test_a_document_that_lists_them_lists_all(doc: Path) -> None:
    assert cut_short(doc.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("| the roles | viewer, analyst, operator |\n", ["1: viewer, analyst, operator"]),
        ("the roles are viewer, analyst, operator and admin.\n", []),
        ("\n`task.completed, task.failed, task.cancelled`\n", ["2: task.completed, task.failed, task.cancelled"]),
        ("a plan is analyzing, approved, executing for minutes\n", ["1: analyzing, approved, executing"]),
        ("Open, start, or fail.\n", []),
    ],
)
def test_a_list_in_a_document_that_leaves_one_out_is_found(text: str, found: list[str]) -> None:
    assert cut_short(text) == found


PLANTED = {
    "a tuple": ("x.py", 'STATUSES = ("open", "assigned", "started")'),
    "a pair": ("x.py", 'if plan["status"] in {"rejected", "cancelled"}: pass'),
    "members of the enum": ("x.py", "ENDED = frozenset([PlanStatus.REJECTED, PlanStatus.CANCELLED])"),
    "among others": ("x.py", 'SHOWN = ["all", "open", "started", "failed"]'),
    "a type": ("x.py", 'PlanStatus = Literal["analyzing", "awaiting_approval", "approved"]'),
    "an enum": ("x.py", 'class S(StrEnum):\n    A = "analyzing"\n    B = "approved"\n    C = "executing"'),
    "a table of texts": ("x.py", 'COLOURS = {"open": 1, "started": 2, "completed": 3}'),
    "events and what they lead to": ("x.py", 'TO = {"a": "approved", "b": "rejected", "c": "cancelled"}'),
    "the same with members": (
        "x.py",
        'TO = {"a": PlanStatus.APPROVED, "b": PlanStatus.REJECTED, "c": PlanStatus.CANCELLED}',
    ),
    "a chain": ("x.py", 'if status == "analyzing" or status == "approved": pass'),
    "a match": ("x.py", 'match s:\n    case "open": a()\n    case "started" | "failed": b()'),
    "commands": ("x.py", 'NEEDS_WORDS = {"plan.reject", "task.fail"}'),
    "events of commands": ("x.py", 'TAKEN_BACK = frozenset({"plan.cancelled", "plan.rejected"})'),
    "the same in a tuple": ("x.py", 'ENDS = ("task.completed", "task.failed", "task.cancelled")'),
    "a table of events": ("x.py", 'TO = {"task.completed": "done", "task.failed": 1, "task.cancelled": 2}'),
    "events in SQL": ("x.sql", "where e.type in ('plan.cancelled', 'plan.rejected')"),
    "actions of channels and phases": ("x.py", 'OTHERS = ["analyse_again", "start"]'),
    "members of those": ("x.py", "OTHERS = (ChannelAction.ANALYSE_AGAIN, PhaseAction.START)"),
    "actions": ("x.py", 'ACTIONS = ("approve", "reject", "cancel")'),
    "roles": ("x.py", 'ROLES = ("viewer", "analyst", "operator", "admin")'),
    "SQL in Python": ("x.py", "ASK = \"select 1 from rm.task where status in ('open', 'failed')\""),
    "a list in SQL": ("x.sql", "and h.status not in ('completed', 'cancelled')"),
    "an array in SQL": ("x.sql", "('plan.cancel', 'plan', '{analyzing,awaiting_approval,executing}', null)"),
    "a case in SQL": (
        "x.sql",
        "case status when 'open' then a when 'assigned' then b when 'started' then c else d end",
    ),
    "a case of conditions": (
        "x.sql",
        "case when status = 'analyzing' then a when status = 'approved' then b when status = 'executing' then c end",
    ),
    "a comment": ("x.sql", "status text not null, -- open, assigned, started"),
    "a list in a template": ("x.html", "{% if plan.status in ('analyzing', 'approved') %}"),
    "a table in a template": (
        "x.html",
        "{% set allowed = {'open': ('start', 'x'), 'started': ('complete',), 'failed': ('retry',)} %}",
    ),
    "a chain in a template": ("x.html", "{% if t.status == 'failed' or t.status == 'cancelled' %}"),
    "a list in a script": ("x.js", 'const ENDED = ["completed", "rejected", "cancelled"];'),
    "a chain in a script": ("x.js", 'if (s === "open" || s === "failed") show();'),
    "classes of a style sheet": ("x.css", ".open { color: red }\n.assigned, .started { color: blue }"),
    "attributes of a style sheet": (
        "x.css",
        '[data-status="open"] {}\n[data-status=assigned] {}\n[data-status="failed"] {}',
    ),
    "a query of a panel": ("x.json", '{"expr": "sum(marketplace_tasks{status=~\\"open|assigned|started\\"})"}'),
    "a list of a panel": ("x.json", '{"options": ["open", "assigned", "started"]}'),
    "a list in YAML": ("x.yml", "statuses:\n  - analyzing\n  - approved\n"),
    "a list in TOML": ("x.toml", 'roles = ["viewer", "analyst"]'),
    "a table in a script": ("x.js", 'const T = {"open": 1, "started": 2, "failed": 3,};'),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_copy_is_found(name: str) -> None:
    file, text = PLANTED[name]

    assert copies_in(Path(file), text)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("x.py", 'if plan.status == PlanStatus.EXECUTING or role == "worker": pass'),
        ("x.py", 'STATES = {"closed": "green", "half_open": "yellow", "open": "red"}'),
        ("x.py", "LOOKS = {TaskStatus.OPEN: 1, TaskStatus.STARTED: 2, TaskStatus.FAILED: 3}"),
        ("x.py", "look, act = Role.VIEWER, Role.ANALYST"),
        ("x.sql", "where state in ('open', 'parked') and r.status = 'executing'"),
        ("x.sql", "count(*) filter (where s = 'completed'), count(*) filter (where s = 'cancelled')"),
        ("x.html", '<a class="button" href="/plans?status=awaiting_approval">'),
        ("x.js", 'source.addEventListener("open", () => { heard(); });'),
    ],
)
def test_one_word_and_tables_of_the_enums_are_no_copy(file: str, text: str) -> None:
    assert copies_in(Path(file), text) == []

"""Narrow each statement to the plans of the caller's teams: rows of other plans are left out.

A statement names tables as ever. Each that tells of plans is narrowed before it is read, by a table expression of its
name, so that no list, count or lookup can forget to; a table that has no place here is not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from projections.reads.rows import Reader

#: In place of the id of a team: of no team, so that everybody sees the plan.
NOBODYS: Final = "00000000-0000-0000-0000-000000000000"


class NoPlace(LookupError):  # noqa: N818 - it says what it is
    """A statement reads a table without a rule of who may see its rows."""


def _open(plan: str) -> str:
    """Return the condition that the reader sees a plan."""
    return f"[{plan}]"


def _open_text(text: str) -> str:
    """Return the condition that a text is the id of a visible plan; rows with any other text are hidden."""
    return f"case when pg_input_is_valid({text}, 'uuid') then {_open(f'({text})::uuid')} else false end"


def _where(table: str, condition: str) -> str:
    return f"select x.* from {table} x where {condition}"  # noqa: S608 - constants


def _without(table: str, said: str) -> str:
    """Return the SQL of a small table with some of its columns emptied."""
    return f"select y.* from {table} x, jsonb_populate_record(x, '{said}') y"  # noqa: S608 - constants


#: How [a plan] that the reader sees is told from others, and what of: the ids of the reader's teams, or plans.
_BY_TEAM: Final = r"exists (select from decide.plan_team pt where pt.plan_id = \1 and pt.team_id = any ({seen}))"
_BY_PLAN: Final = r"\1 = any ({seen})"
_PLAN: Final = re.compile(r"\[([^\]]+)\]")
#: Plans up to this number are named one by one, and found by their ids: for few an order would be followed to its end.
FEW: Final = 2_000
_VISIBLE: Final = "select plan_id from decide.plan_team where team_id = any ($1::uuid[]) limit $2"
_OF_LETTER: Final = f"""exists (select from rm.dead_letter d where d.record_id = x.record_id
             and d.plan_id is not null and {_open("d.plan_id")})"""
#: Columns of the goods but the name of the document: costs and stock are the company's, the document is a team's.
_COST: Final = (
    "sku_key, valid_from, version, sku, title, unit_cost, packaging, tax_rate, currency, ''::text as document,"
    " recorded_by, recorded_at, deleted"
)
_STOCK: Final = (
    "sku_key, channel, counted_on, version, sku, title, quantity, ''::text as document, recorded_by, recorded_at"
)
_OF_PLANS: Final = (
    *("rm.plan", "rm.plan_channel", "rm.plan_phase", "rm.task", "rm.task_comment", "rm.timeline"),
    *("rm.plan_body", "rm.recovery"),
    *("rm.comparison", "rm.slo_missed", "decide.head", "decide.document", "decide.channel_period", "flow.deadline"),
    "decide.unnamed_answer",
)


def _of_breaker(name: str) -> str:
    """Return the condition that the reader sees the plan whose own breaker has this name, if it is a plan's."""
    return f"({name} not like 'plan:%' or {_open_text(f'substr({name}, 6)')})"


#: An alert: what people wrote beside it may name any plan, and what follows from it be of any plan's own breaker.
_ALERT: Final = f"""
    select y.* from flow.alert x, jsonb_populate_record(x, jsonb_build_object(
               'note', '', 'traceparent', null, 'follows', (
                   select coalesce(jsonb_agg(f order by place), jsonb_build_array())
                     from jsonb_array_elements(x.follows) with ordinality e (f, place)
                    where {_of_breaker("(f ->> 'subject')")}))) y
     where {_of_breaker("x.subject")}"""  # noqa: S608 - constants


#: Table -> what is read in its place: [a plan] stands for that the reader sees it, {teams} for the reader's teams.
NARROWED: Final[Mapping[str, str]] = {
    **{table: _where(table, _open("x.plan_id")) for table in _OF_PLANS},
    **{table: _where(table, _open_text("x.key")) for table in ("flow.parked", "flow.job_attempt")},
    **{table: _where(table, _OF_LETTER) for table in ("flow.dead_head", "flow.replay_item")},
    "rm.outcome": _where("rm.outcome", f"{_open('x.plan_id')} and {_open('x.measured_by')}"),
    "decide.compared": _where("decide.compared", f"{_open('x.plan_id')} and {_open('x.other_plan_id')}"),
    "rm.dead_letter": _where("rm.dead_letter", f"x.plan_id is not null and {_open('x.plan_id')}"),
    "decide.plan_team": _where("decide.plan_team", "x.team_id = any ({teams})"),
    "access.team": _where("access.team", "x.team_id = any ({teams})"),
    # counted over every plan; chosen among all letters
    "rm.tally": _where("rm.tally", "false"),
    "flow.replay_job": _where("flow.replay_job", "false"),
    "flow.breaker": _where("flow.breaker", _of_breaker("x.name")),
    "flow.alert": _ALERT,
    "flow.alert_silenced": _without("flow.alert_silenced", '{"reason": ""}'),
    "rm.unit_cost": f"select {_COST} from rm.unit_cost x",  # noqa: S608 - constants
    "rm.stock_level": f"select {_STOCK} from rm.stock_level x",  # noqa: S608 - constants
    "rm.ad_report": _without("rm.ad_report", '{"document": ""}'),
    "decide.column_mapping": _without("decide.column_mapping", '{"document": ""}'),
    "decide.team_mapping": _where("decide.team_mapping", "x.team_id = any ({teams})"),
    "audit.entry": _where("audit.entry", "x.action = 'system.restore'"),
}
#: Tables that tell of no plan, or only how many there are, of the whole system: as everybody sees them.
EVERYBODYS: Final = frozenset(
    {
        *("rm.projection_offset", "rm.slo_hour", "flow.marketplace_metrics", "flow.agent_spend", "flow.flag"),
        *("flow.log_cut", "flow.running", "flow.worker", "flow.worker_asked", "decide.writer_key", "decide.data_key"),
        *("flow.alert_notice", "flow.alert_message", "flow.alert_attempt"),
    }
)
#: Functions that look at no plan.
CALLED: Final = frozenset({"flow.is_read", "flow.replay_topic"})
#: What counts plans where they change is not for who sees some: the catalogue has it not, so they are counted.
_COUNTING: Final = "select t.* from pg_catalog.pg_trigger t where false"
_QUOTED: Final = re.compile(r"'(?:[^']|'')*'|--[^\n]*")
#: A schema and what is asked of it, however it is written: what is not named here word for word has no place.
_TABLE: Final = re.compile(r"\b(access|audit|decide|flow|rm|public)\"?\s*\.\s*(\"?\w*)(\s*[.(])?", re.IGNORECASE)
#: Other ways to write a text or a remark, in which a quote would hide the names that follow.
_UNREADABLE: Final = re.compile(r"/\*|\$[a-z_]*\$|\b(?:e|u&)'$", re.IGNORECASE)
_WITH: Final = re.compile(r"\s*with\s+(recursive\s+)?", re.IGNORECASE)


class Seen:
    """A reader for one request, limited to plans of these teams and of no team. Raises NoPlace."""

    def __init__(self, db: Reader, teams: Sequence[str]) -> None:
        self._db = db
        self._teams = [*teams, NOBODYS]
        self._few: list[Any] | None = None
        self._counted = False

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """Return rows."""
        return await self._db.fetch(*await self._narrowed(query, args))

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """Return a row, None where there is none."""
        return await self._db.fetchrow(*await self._narrowed(query, args))

    async def fetchval(self, query: str, *args: Any) -> Any:
        """Return the first value of the first row."""
        return await self._db.fetchval(*await self._narrowed(query, args))

    async def shows(self, plans: Sequence[str]) -> set[str]:
        """Return which of these plans the reader sees."""
        return {str(row["plan_id"]) for row in await self._db.fetch(_SHOWN, list(plans), self._teams)}

    async def _narrowed(self, query: str, args: tuple[Any, ...]) -> tuple[Any, ...]:
        if not self._counted:
            found = [row["plan_id"] for row in await self._db.fetch(_VISIBLE, self._teams, FEW + 1)]
            self._few, self._counted = (found if len(found) <= FEW else None), True
        text, takes = narrowed(query, len(args), few=self._few is not None)
        more = {"teams": self._teams, "plans": self._few}
        return (text, *args, *(more[name] for name in takes))


_SHOWN: Final = """
    select plan_id from decide.plan_team where plan_id = any ($1::uuid[]) and team_id = any ($2::uuid[])"""


@lru_cache(maxsize=512)
def narrowed(query: str, arguments: int, *, few: bool) -> tuple[str, tuple[str, ...]]:
    """Return the statement narrowed to the reader, and its further arguments: `teams`, `plans`.

    `few`: the plans are named one by one. Raises NoPlace for a table without a rule.
    """
    found: dict[str, str] = {}

    def place(match: re.Match[str]) -> str:
        table, name = match[0].removesuffix(match[3] or ""), match[2]
        if table in (EVERYBODYS if match[3] is None else CALLED):
            return match[0]
        if table not in NARROWED or match[3] is not None or found.setdefault(name, table) != table:
            raise NoPlace(match[0])
        return name

    def placed(plain: str, quoted: str = "") -> str:
        if strange := _UNREADABLE.search(plain + quoted[:1]):
            raise NoPlace(strange[0])
        return _TABLE.sub(place, plain)

    parts, last = [], 0
    for quoted in _QUOTED.finditer(query):
        parts += [placed(query[last : quoted.start()], quoted[0]), quoted[0]]
        last = quoted.end()
    parts.append(placed(query[last:]))
    told = {name: NARROWED[table] for name, table in found.items()}
    if "pg_trigger" in query:
        told["pg_trigger"] = _COUNTING
    return _with("".join(parts), told, arguments, _BY_PLAN if few else _BY_TEAM)


def _with(query: str, told: Mapping[str, str], arguments: int, seen: str) -> tuple[str, tuple[str, ...]]:
    """Return the statement with these table expressions before its own, each taken into where it is read."""
    if not told:
        return query, ()
    each = ", ".join(f"{name} as not materialized ({text})" for name, text in told.items())
    each = _PLAN.sub(seen.replace("{seen}", "{plans}" if seen == _BY_PLAN else "{teams}"), each)
    takes = tuple(name for name in ("teams", "plans") if f"{{{name}}}" in each)
    for number, name in enumerate(takes, arguments + 1):
        each = each.replace(f"{{{name}}}", f"${number}::uuid[]")
    own = _WITH.match(query)
    begins = f"with {own[1] or '' if own else ''}{each}"
    return (f"{begins}, {query[own.end() :]}" if own else f"{begins} {query}"), takes

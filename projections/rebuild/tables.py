"""The second set of tables of a rebuild: made from the live ones, dropped, and swapped with them.

Names of indexes and constraints stay the same, so that the next migration finds them after a swap as before it.
"""

from __future__ import annotations

from typing import Final

import asyncpg

#: What a new table takes from the live one; keys and indexes follow by their own names.
_LIKE: Final = (
    "including defaults including constraints including generated including identity including storage"
    " including comments including statistics including compression"
)
#: What makes a set of tables the one that a migration has left.
_SHAPE: Final = """
    with own as (select oid, relname from pg_class where relnamespace = to_regnamespace($1) and relkind in ('r', 'p'))
    select format('column %s.%s %s%s%s', own.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  case when a.attnotnull then ' not null' end, ' default ' || pg_get_expr(d.adbin, d.adrelid)) as what
      from own join pg_attribute a on a.attrelid = own.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = own.oid and d.adnum = a.attnum
    union all
    select format('constraint %s.%s %s', own.relname, k.conname, pg_get_constraintdef(k.oid))
      from own join pg_constraint k on k.conrelid = own.oid
    union all
    select format('option %s %s', own.relname, o) from own join pg_class c on c.oid = own.oid, unnest(c.reloptions) o
    union all
    select format('index %s', replace(pg_get_indexdef(i.indexrelid), format(' ON %I.', $1), ' ON '))
      from own join pg_index i on i.indrelid = own.oid
    union all
    select replace(pg_get_triggerdef(t.oid), format(' ON %I.', $1), ' ON ')
      from own join pg_trigger t on t.tgrelid = own.oid and not t.tgisinternal
"""
#: Triggers that come along, each made again for the new table: they count where rows change, and call one of these.
_COUNTING: Final = "array['tally_plans', 'tally_tasks']"


class Bound(Exception):  # noqa: N818 - says what is so
    """Something outside is bound to the very tables, not to their names: it would stay with the old ones."""


async def tables_of(connection: asyncpg.Connection, schema: str) -> list[str]:
    """Return the names of a schema's tables."""
    rows = await connection.fetch(
        "select relname from pg_class where relnamespace = to_regnamespace($1) and relkind in ('r', 'p') order by 1",
        schema,
    )
    return [row["relname"] for row in rows]


async def exists(connection: asyncpg.Connection, schema: str) -> bool:
    """Tell whether there is such a schema."""
    return bool(await connection.fetchval("select to_regnamespace($1) is not null", schema))


async def check_bindings(connection: asyncpg.Connection, schema: str) -> None:
    """Raise Bound where views, foreign keys, triggers or functions hold on to the tables themselves.

    Triggers that count come along. Functions in PL/pgSQL and statements of clients name their tables, and find the new
    ones after a swap.
    """
    rows = await connection.fetch(
        f"""
        with own as (
            select c.oid, c.reltype, c.relkind from pg_class c where c.relnamespace = to_regnamespace($1)
        )
        select distinct pg_describe_object(d.classid, d.objid, d.objsubid) as what
          from pg_depend d
         where d.deptype = 'n'
           -- what a table computes from its own columns, and checks of them, come along with it
           and not (d.classid = 'pg_attrdef'::regclass
                    and d.refobjid in (select oid from own where relkind in ('r', 'p')))
           and not (d.classid = 'pg_constraint'::regclass
                    and d.objid in (select k.oid from pg_constraint k join own on own.oid = k.conrelid
                                     where k.contype in ('c', 'n')))
           and ((d.refclassid = 'pg_class'::regclass and d.refobjid in (select oid from own))
                or (d.refclassid = 'pg_type'::regclass and d.refobjid in (select reltype from own)))
        union
        select format('trigger %s on %s', tgname, tgrelid::regclass) from pg_trigger
         where not tgisinternal and tgrelid in (select oid from own)
           and tgfoid not in (select oid from pg_proc
                               where pronamespace = 'flow'::regnamespace and proname = any ({_COUNTING}))
        """,  # noqa: S608 - a constant
        schema,
    )
    if rows:
        raise Bound(f"bound to the tables of {schema}: {', '.join(row['what'] for row in rows)}")


async def create(connection: asyncpg.Connection, live: str, shadow: str, *, keys_alone: bool = False) -> None:
    """Make the schema `shadow` with empty tables like those of `live`; one that a crash left behind is replaced.

    `keys_alone`: without the indexes that no key makes. They cost less once the tables are full: `index` makes them.
    """
    await connection.execute(f'drop schema if exists "{shadow}" cascade; create schema "{shadow}"')
    for table in await tables_of(connection, live):
        await connection.execute(f'create table "{shadow}"."{table}" (like "{live}"."{table}" {_LIKE})')
    for table, options in await _options(connection, live):
        await connection.execute(f'alter table "{shadow}"."{table}" set ({options})')
    for table, name, definition in await _constraints(connection, live):
        await connection.execute(f'alter table "{shadow}"."{table}" add constraint "{name}" {definition}')
    if not keys_alone:
        await index(connection, live, shadow)
    for table, definition in await _triggers(connection, live):
        head, found, tail = definition.partition(f" ON {_quoted(live)}.")
        if not found:
            raise Bound(f"a trigger of {table} cannot be made again: {definition}")
        await connection.execute(f"{head} ON {_quoted(shadow)}.{tail}")
    await _copy_rights(connection, live, shadow)


async def index(connection: asyncpg.Connection, live: str, shadow: str) -> None:
    """Give the tables of `shadow` the indexes that no key makes. Raises Bound."""
    for table, definition in await _indexes(connection, live):
        head, found, tail = definition.partition(f" ON {_quoted(live)}.")
        if not found:
            raise Bound(f"an index of {table} cannot be made again: {definition}")
        await connection.execute(f"{head} ON {_quoted(shadow)}.{tail}")


async def differences(connection: asyncpg.Connection, live: str, shadow: str) -> list[str]:
    """Return the columns, constraints, indexes and triggers that only one of two schemas has, as the database says."""
    one, other = [{row["what"] for row in await connection.fetch(_SHAPE, schema)} for schema in (live, shadow)]
    return sorted(one ^ other)


async def drop(connection: asyncpg.Connection, schema: str) -> None:
    """Drop a schema with all that is in it; one that is not there is fine."""
    await connection.execute(f'drop schema if exists "{schema}" cascade')


async def swap(connection: asyncpg.Connection, live: str, shadow: str, old: str) -> None:
    """Put `shadow` in the place of `live`, which is kept as `old`. The caller's transaction makes it one moment."""
    await connection.execute(f'alter schema "{live}" rename to "{old}"; alter schema "{shadow}" rename to "{live}"')


async def exchange(connection: asyncpg.Connection, live: str, old: str, between: str) -> None:
    """Let `live` and `old` change places, by way of a name that nothing has. The caller's transaction is the moment."""
    await swap(connection, live, old, between)
    await connection.execute(f'alter schema "{between}" rename to "{old}"')


async def _options(connection: asyncpg.Connection, schema: str) -> list[tuple[str, str]]:
    """Return how tables are stored, where that is said of them: `like` does not take it along."""
    rows = await connection.fetch(
        "select relname, array_to_string(reloptions, ', ') as options from pg_class"
        " where relnamespace = to_regnamespace($1) and relkind in ('r', 'p') and reloptions is not null order by 1",
        schema,
    )
    return [(row["relname"], row["options"]) for row in rows]


async def _constraints(connection: asyncpg.Connection, schema: str) -> list[tuple[str, str, str]]:
    rows = await connection.fetch(
        "select c.relname, k.conname, pg_get_constraintdef(k.oid) as definition"
        "  from pg_constraint k join pg_class c on c.oid = k.conrelid"
        " where c.relnamespace = to_regnamespace($1) and k.contype in ('p', 'u', 'x') order by 1, 2",
        schema,
    )
    return [(row["relname"], row["conname"], row["definition"]) for row in rows]


async def _indexes(connection: asyncpg.Connection, schema: str) -> list[tuple[str, str]]:
    """Return those indexes that no constraint makes."""
    rows = await connection.fetch(
        "select c.relname, pg_get_indexdef(i.indexrelid) as definition"
        "  from pg_index i join pg_class c on c.oid = i.indrelid"
        " where c.relnamespace = to_regnamespace($1)"
        "   and not exists (select from pg_constraint k where k.conindid = i.indexrelid) order by 1, 2",
        schema,
    )
    return [(row["relname"], row["definition"]) for row in rows]


async def _triggers(connection: asyncpg.Connection, schema: str) -> list[tuple[str, str]]:
    rows = await connection.fetch(
        "select c.relname, pg_get_triggerdef(t.oid) as definition"
        "  from pg_trigger t join pg_class c on c.oid = t.tgrelid"
        " where c.relnamespace = to_regnamespace($1) and not t.tgisinternal order by 1, 2",
        schema,
    )
    return [(row["relname"], row["definition"]) for row in rows]


async def _copy_rights(connection: asyncpg.Connection, live: str, shadow: str) -> None:
    """Copy the grants of the live tables to the new ones."""
    rows = await connection.fetch(
        """
        select 'schema' as kind, null as name, g.grantee, g.privilege_type, g.is_grantable
          from pg_namespace n, aclexplode(n.nspacl) g where n.nspname = $1 and g.grantee <> n.nspowner
        union all
        select 'table', c.relname, g.grantee, g.privilege_type, g.is_grantable
          from pg_class c, aclexplode(c.relacl) g
         where c.relnamespace = to_regnamespace($1) and c.relkind in ('r', 'p') and g.grantee <> c.relowner
        """,
        live,
    )
    for row in rows:
        on = f'schema "{shadow}"' if row["kind"] == "schema" else f'table "{shadow}"."{row["name"]}"'
        to = (
            "public"
            if row["grantee"] == 0
            else await connection.fetchval("select $1::oid::regrole::text", row["grantee"])
        )
        option = " with grant option" if row["is_grantable"] else ""
        await connection.execute(f"grant {row['privilege_type']} on {on} to {to}{option}")


def _quoted(name: str) -> str:
    """Return a name as Postgres prints it: schemas of ours need no quotes."""
    return name if name.isidentifier() and name.islower() else f'"{name}"'

"""Write a small batch (a decision and its Phase 1) with one question to Postgres.

A batch is eleven questions otherwise, and to wait for an answer costs both sides more than a small statement does. The
function that is asked is one of the session: it is made, as that begins, of the statements as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from projections.run.sql import parameters

#: Rows of each statement. Where more come at once the questions weigh little, and a plan for their number is better.
SMALL: Final = 40
#: SQLSTATE of a batch of which an offset is not where it began.
FENCED: Final = "MRFEN"
#: What the function is called. pg_temp is a schema of each session, which ends with it.
NAME: Final = "pg_temp.write_at_once"
_OFFSETS: Final = ("text", "text[]", "int[]", "bigint[]", "bigint[]", "bigint[]")
_NUMBER: Final = re.compile(r"\$(\d+)")


def function_of(advance: str, statements: Mapping[str, str]) -> str:
    """Return the statement that makes the function.

    It takes the parameters of `advance`, which moves offsets by its second to last one, arrays of one length; those of
    each of the statements, all null where it has no rows; and the notice to readers, or null.
    """
    types = list(_OFFSETS)
    body = [
        advance + ";",
        "get diagnostics moved_ = row_count;",
        "if moved_ <> cardinality($2) then",
        f"    raise exception using errcode = '{FENCED}', message = 'UPDATE ' || moved_;",
        "end if;",
    ]
    for sql in statements.values():
        before = len(types)
        types += [f"{type_}[]" for type_ in parameters(sql).values()]
        body += [f"if ${before + 1} is not null then", f"{_numbered_from(before, sql)};", "end if;"]
    types.append("text")
    body += [f"if ${len(types)} is not null then", f"    perform pg_notify('projected', ${len(types)});", "end if;"]
    return "\n".join(
        (
            f"create function {NAME}({', '.join(types)}) returns void language plpgsql",
            # planned once, whatever is given, and as if the tables were not as empty as they may be now
            "set plan_cache_mode = force_generic_plan set enable_seqscan = off as $function$",
            "#variable_conflict use_column",
            "declare moved_ bigint;",
            "begin",
            *body,
            "end $function$",
        )
    )


def _numbered_from(before: int, sql: str) -> str:
    return _NUMBER.sub(lambda found: f"${int(found[1]) + before}", sql)


def fits(folded: Mapping[str, Sequence[Any]], statements: Mapping[str, str]) -> bool:
    """Return whether all rows are of these statements, and few of each."""
    return all(not rows or (name in statements and len(rows) <= SMALL) for name, rows in folded.items())


def question(count: int) -> str:
    """Return the question with so many parameters."""
    return f"select {NAME}({', '.join(f'${number + 1}' for number in range(count))})"


def arguments(
    offsets: Sequence[Any],
    columns: Mapping[str, Sequence[Sequence[Any]]],
    parameters_of: Mapping[str, Sequence[str]],
    notice: str | None,
) -> list[Any]:
    """Return what the function is called with; `columns` has those of the statements with rows.

    `parameters_of` has the names of each statement's parameters, in the order in which the function was made.
    """
    found = list(offsets)
    for name, named in parameters_of.items():
        found += columns[name] if name in columns else [None] * len(named)
    return [*found, notice]

"""Limits that a function of the database and a module both need have the same number in both."""

from __future__ import annotations

import pytest

from schemas.audit import LEAST_DAYS, MOST_GIVEN
from schemas.database import files
from schemas.headers import NAME_LIMIT


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("audit/is_over.sql", f"now() - interval '{LEAST_DAYS} days'"),
        ("decide/run_all.sql", f"when length(a.data::text) <= {MOST_GIVEN} then"),
        ("decide/run_all.sql", f"up to {MOST_GIVEN} characters of what was given"),
        ("flow/dead_replay.sql", f"left(d.key, {NAME_LIMIT})"),
    ],
)
def test_a_function_has_the_limit_that_its_module_says(function: str, said: str) -> None:
    (sql,) = [one.sql for one in files().functions if one.name == function]
    assert said in " ".join(line.removeprefix("-- ") for line in sql.splitlines())

"""Why a database is left as it is. Each message says what to do."""

from __future__ import annotations


class MigrationRefused(Exception):  # noqa: N818 - says what happened
    """The database stays as it is."""


class MigrationChanged(MigrationRefused):
    """A file that was applied has other contents now: applied tables and migrations are never edited."""


class MadeBefore(MigrationRefused):
    """The database was made before the tables became a baseline: no way leads from there."""


class NotExpanded(MigrationRefused):
    """`post` takes away what the old version needed, before `pre` has added what the new one needs."""


class NotSealed(MigrationRefused):
    """The functions differ from what their set's number stands for."""


class NumberTaken(MigrationRefused):
    """The database has other functions under the same number: two versions have grown side by side."""


class FunctionRefused(MigrationRefused):
    """Postgres replaces no function whose result or parameters' names have changed."""

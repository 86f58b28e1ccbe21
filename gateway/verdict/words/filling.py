"""The words of findings on what fills up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.verdict.kinds import Kind
from gateway.verdict.words.say import Words

_USED_BY: Final = "Written to by: %(owners)s. %(seen)s"

WORDS: Final[Mapping[Kind, Words]] = {
    Kind.DATABASE_FILLING: Words(
        "The database is %(share)s full.",
        "It takes %(used)s of %(limit)s (MARKETPLACE_DATABASE_LIMIT_GIB).",
        "Give it more room, or look at what takes it: the runbook has the question to ask.",
    ),
    Kind.DISK_FULL: Words(
        "The disk of %(path)s on %(host)s is full: %(free)s are left, %(share)s are taken.",
        _USED_BY,
        "Make room there, or give it more. What could not be written goes on by itself then; nothing that was accepted"
        " is lost.",
    ),
    Kind.DATABASE_DISK_FULL: Words(
        "The database's disk is full: it stores no command.",
        "It says so itself: %(reason)s. Whoever asks is told to ask again; nothing that was accepted is lost.",
        "Make room on the disk of Postgres, or give it more. It goes on by itself then.",
    ),
    Kind.DISK_FILLING: Words(
        "The disk of %(path)s on %(host)s is %(share)s full: %(free)s are left.",
        _USED_BY,
        "Make room there, or give it more, before it is full.",
    ),
    Kind.DISK_UNSEEN: Words(
        "The disk of a server cannot be seen from here (%(whose)s): nobody is told when it fills.",
        "No process of this system is on that machine, and the server does not tell.",
        "Watch that disk where it is. MARKETPLACE_DATABASE_LIMIT_GIB says how much the database may take.",
    ),
}

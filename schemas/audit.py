"""The actions of the audit, and the hash chain that shows changed, removed or inserted entries. Pure.

Entries are written with what they tell of, in its transaction. A moment later one gateway links them into the chain:
the hash of a link covers the hash before it, the place in the chain and every field of the entry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args
from uuid import UUID

from schemas.lifecycle import RULES

#: The hash before the first link.
START: Final = bytes(32)
#: Days for which entries are kept at least, whatever is set.
LEAST_DAYS: Final = 90
#: Days for which they are kept where nothing else is set.
KEPT_DAYS: Final = 400
#: Seconds within which what writes an entry has ended: a statement is given 5, an answer 8.
SETTLED_S: Final = 60.0
#: Entries that are linked at once at most. Never fewer: what was beyond so many is expected in the links that follow.
MOST: Final = 1000
#: Characters of what a person gave with a command that an entry repeats; of more it says how many they are.
MOST_GIVEN: Final = 4000

#: What commands do that run beside the processes (schemas/process/audited.py).
SystemAction = Literal[
    "system.backup",
    "system.restore",
    "system.provision",
    "system.signing",
    "system.grow",
    "system.retire",
    "system.rights",
    "system.rebuild",
    "system.takeover",
]
#: What an operator or an admin does, what is read that not everybody should know, and what goes because of its age.
_OTHERS: Final = (
    "plan.upload",
    "plan.recover",
    "plan.move_on",
    "plan.erase",
    "sign-in",
    "sign-in.failed",
    "sign-out",
    "key.create",
    "key.change",
    "key.rotate",
    "key.revoke",
    "link.create",
    "sign-in.end",
    "person.create",
    "person.change",
    "person.end",
    "person.erase",
    "person.link",
    "team.create",
    "team.change",
    "team.close",
    "team.add",
    "team.remove",
    "plan.move",
    "letter.read",
    "letter.edit",
    "letter.replay",
    "letter.discard",
    "replay.start",
    "replay.cancel",
    "document.read",
    "set-aside.read",
    "outbox.edit",
    "outbox.remove",
    "retry.now",
    "retry.give-up",
    "breaker.trip",
    "breaker.reset",
    "flag.on",
    "flag.off",
    "process.end",
    "alert.acknowledge",
    "alert.silence",
    "alert.unsilence",
    "alert.test",
    "alert.hook",
    "webhook.create",
    "webhook.change",
    "webhook.rotate",
    "webhook.remove",
    "webhook.again",
    "goods.record",
    "goods.cost.delete",
    "goods.cost.currency",
    "goods.advertising.delete",
    "mapping.change",
    "mapping.forget",
    "mapping.propose",
    "retention.delete",
    "export.attempts",
    "export.audit",
    "export.costs",
    "export.events",
    "export.figures",
    "export.plans",
    "export.proposals",
    "export.slo",
    "export.tasks",
    *get_args(SystemAction),
)
#: Every action that an entry can tell of.
ACTIONS: Final = tuple(dict.fromkeys((*RULES, *_OTHERS)))


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as it is stored. `before` and `after` are JSON texts as Postgres writes them."""

    entry_id: int
    at: datetime
    actor: str
    key_id: str
    address: str
    action: str
    kind: str
    target: str
    plan_id: UUID | None
    outcome: str
    before: str | None
    after: str | None
    reason: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Link:
    """One place of the chain."""

    position: int
    entry_id: int
    previous: bytes
    hash: bytes
    linked_at: datetime


def chain(after: tuple[int, bytes], entries: Sequence[Told], linked_at: datetime) -> list[Link]:
    """Return the links of entries that follow the place and hash `after`, in their order."""
    position, previous = after
    links = []
    for entry in entries:
        position += 1
        links.append(Link(position, entry.entry_id, previous, hash_of(position, previous, linked_at, entry), linked_at))
        previous = links[-1].hash
    return links


def hash_of(position: int, previous: bytes, linked_at: datetime, entry: Told) -> bytes:
    """Return the hash of a link: SHA-256, 32 bytes."""
    fields = [
        position,
        linked_at.timestamp(),
        entry.entry_id,
        entry.at.timestamp(),
        entry.actor,
        entry.key_id,
        entry.address,
        entry.action,
        entry.kind,
        entry.target,
        None if entry.plan_id is None else str(entry.plan_id),
        entry.outcome,
        entry.before,
        entry.after,
        entry.reason,
        entry.request_id,
    ]
    return hashlib.sha256(previous + json.dumps(fields).encode()).digest()


def was_there(at: datetime, looked_at: datetime) -> bool:
    """Say whether an entry of this time was there to be linked when the chain was continued at `looked_at`."""
    return (looked_at - at).total_seconds() > SETTLED_S

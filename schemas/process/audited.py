"""Records in the audit what somebody did to the whole system at a command line: no gateway saw who.

What is known is the user of the machine that the command ran as. It is marked as that: whoever may become this user, or
runs the command elsewhere, is not told apart.
"""

from __future__ import annotations

import json
import os
import pwd
import socket
from collections.abc import Mapping
from typing import Any, Final

from schemas.audit import SystemAction
from schemas.process.connection import Db
from schemas.process.version import build

#: Begins the name of a user of a machine, which is no name of a key or a person of this system.
MACHINE: Final = "machine:"
_TELL: Final = """
    insert into audit.entry (actor, key_id, address, action, kind, target, outcome, after, reason, request_id)
    values ($4, '', '', $1, 'system', $2, 'accepted', $3::jsonb, '', '')
"""


async def tell(connection: Db, action: SystemAction, target: str, **after: Any) -> None:
    """Write the entry, in the transaction of the connection; `after` says what came of it."""
    said: Mapping[str, Any] = {"version": str(build()), **after}
    await connection.execute(_TELL, action, target, json.dumps(said), actor())


def actor() -> str:
    """Return the user of the machine that this process runs as, and the machine: `machine:ana@host`."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # as in a container, whose users have no names
        user = str(os.getuid())
    return f"{MACHINE}{user}@{socket.gethostname()}"

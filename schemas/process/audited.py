"""Records in the audit what somebody did to the whole system at a command line: no gateway saw who."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, Literal

from schemas.process.connection import Db
from schemas.process.version import build

#: Each is in schemas/audit.py, too.
Action = Literal["system.backup", "system.restore", "system.provision", "system.rebuild", "system.takeover"]
_TELL: Final = """
    insert into audit.entry (actor, key_id, address, action, kind, target, outcome, after, reason, request_id)
    values ('', '', '', $1, 'system', $2, 'accepted', $3::jsonb, '', '')
"""


async def tell(connection: Db, action: Action, target: str, **after: Any) -> None:
    """Write the entry, in the transaction of the connection; `after` says what came of it."""
    said: Mapping[str, Any] = {"version": str(build()), **after}
    await connection.execute(_TELL, action, target, json.dumps(said))

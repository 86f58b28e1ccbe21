"""The keys that encrypt documents' titles and file names in the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from projections.reads.rows import Reader
from schemas.encryption import decrypted, is_encrypted

_KEYS = "select plan_id, key from decide.data_key where plan_id = any ($1::uuid[]) and key is not null"


async def names_shown(db: Reader, found: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Decrypt the title and file name in the data of each plan.uploaded, or in a row that was made of it.

    A plan whose key was erased is called by its id. If nothing is encrypted, no query is made.
    """
    data = list(found)
    hidden = {str(one["plan_id"]) for one in data if is_encrypted(one)}
    if not hidden:
        return data
    keys = {str(row["plan_id"]): row["key"] for row in await db.fetch(_KEYS, [UUID(one) for one in sorted(hidden)])}
    return [decrypted(one, keys.get(str(one["plan_id"]))) if is_encrypted(one) else one for one in data]

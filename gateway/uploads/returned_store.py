"""Find what earlier documents of returns alone tell, so that the channel's next sales are joined with it."""

from __future__ import annotations

from typing import Final

import orjson

from gateway.intake.returned_before import ReturnedBefore
from projections.reads.seen import NOBODYS
from schemas.channels import CHANNELS
from schemas.process.connection import Db

#: Documents of returns of one channel that a reading is given, the last ones.
MOST_DOCUMENTS: Final = 3
_KEPT: Final = """
    select one.plan_id::text, one.channel, one.day::text, one.returned
      from unnest($1::text[]) asked (channel)
     cross join lateral (
            select r.plan_id, r.channel, (r.stored_at at time zone 'UTC')::date as day, r.returned
              from decide.channel_returned r
              join decide.head h on h.stream = 'plan-' || r.plan_id and h.status <> 'cancelled'
             where r.channel = asked.channel
               and exists (select from decide.plan_team t where t.plan_id = r.plan_id and t.team_id = $3::uuid)
             order by r.stored_at desc limit $2) one
"""


async def find(db: Db, team: str | None) -> list[ReturnedBefore]:
    """Return the documents of returns of each channel that were uploaded last; of plans that were cancelled none.

    Another team's is none to be joined with.
    """
    rows = await db.fetch(_KEPT, list(CHANNELS), MOST_DOCUMENTS, team or NOBODYS)
    return [ReturnedBefore(row["channel"], row["plan_id"], row["day"], orjson.loads(row["returned"])) for row in rows]

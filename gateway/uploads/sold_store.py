"""Store what each document says a channel sold, so that documents of other channels can be compared with it."""

from __future__ import annotations

from typing import Any, Final

import orjson

from gateway.intake.elsewhere import Elsewhere
from projections.reads.seen import NOBODYS
from schemas.channels import CHANNELS
from schemas.facts import DocumentFacts
from schemas.process.connection import Db
from schemas.product import Sold

#: Documents of a channel, of different days, that a reading is given: months are often uploaded several at once.
MOST_DOCUMENTS: Final = 6
#: Uploads of a channel that are looked at for them: the same days are often uploaded again.
MOST_UPLOADS: Final = 12
_KEPT: Final = """
    with latest as (
        select distinct on (one.channel, one.first_day, one.last_day) one.*
          from unnest($1::text[]) asked (channel)
         cross join lateral (
                select s.plan_id, s.channel, s.first_day, s.last_day, s.stored_at
                  from decide.channel_sold s
                  join decide.head h on h.stream = 'plan-' || s.plan_id and h.status <> 'cancelled'
                  join decide.document d on d.plan_id = s.plan_id and d.sha256 <> $2
                 where s.channel = asked.channel
                   and exists (select from decide.plan_team t where t.plan_id = s.plan_id and t.team_id = $5::uuid)
                 order by s.stored_at desc limit $3) one
         order by one.channel, one.first_day, one.last_day, one.stored_at desc),
    ranked as (select *, row_number() over (partition by channel order by stored_at desc) as place from latest)
    select r.channel, r.plan_id::text, r.first_day::text, r.last_day::text, s.sold - 'rest' as sold
      from ranked r join decide.channel_sold s using (plan_id, channel)
     where r.place <= $4 order by r.channel, r.place
"""


async def find(db: Db, sha256: str, team: str | None) -> list[Elsewhere]:
    """Return the documents of each channel that were uploaded last; of plans that were cancelled none.

    The same file (`sha256`), read as another channel's, is no other document; another team's is none to compare with.
    """
    rows = await db.fetch(_KEPT, list(CHANNELS), sha256, MOST_UPLOADS, MOST_DOCUMENTS, team or NOBODYS)
    return [
        Elsewhere(
            row["channel"],
            row["plan_id"],
            row["first_day"],
            row["last_day"],
            Sold.from_dict(orjson.loads(row["sold"])),
        )
        for row in rows
    ]


def apart(facts: DocumentFacts) -> dict[str, Any]:
    """Return the facts as they are stored: what was sold and what came back beside them, since no page reads it."""
    data = facts.to_dict()
    sold = {own["channel"]: (own["period"], own.pop("sold")) for own in data["channels"]}
    data["returned"] = {channel: rows for channel, rows in data["returned"].items() if rows}
    data["sold"] = {
        channel: {"first_day": period[0], "last_day": period[1], "sold": told}
        for channel, (period, told) in sold.items()
        if told is not None and (told["products"] or told["rest"]["rows"])
    }
    return data

"""Count the latest work that ended and how much of it failed: the shares that the verdict judges."""

from __future__ import annotations

from typing import Final

from schemas.lifecycle import TaskStatus
from schemas.topics import AGENTS

#: The latest that are looked at for failures: this many at most, within so many seconds.
LATEST: Final = 200
LATELY_S: Final = 900

ANALYSED: Final = f"""
    select jsonb_build_array(coalesce(sum(ended), 0), coalesce(sum(failed), 0))
      from (select plan_id from rm.plan where uploaded_at > now() - interval '{LATELY_S} seconds'
             order by uploaded_at desc limit {LATEST}) p
      cross join lateral (
           select count(*) as ended, count(*) filter (where c.status = 'failed' or c.fallback <> '[]') as failed
             from rm.plan_channel c where c.plan_id = p.plan_id) own"""  # noqa: S608 - constants
# Where many were made, failures are counted within the same, shorter time. A plan of which an attempt failed counts
# once, however often it was tried and whether or not its Phase 1 was made since.
PHASE1_MADE: Final = f"""
    with made as (
        select plan_id::text as key, phase1_at from rm.plan
         where changed_at > now() - interval '{LATELY_S} seconds'
           and phase1_at > now() - interval '{LATELY_S} seconds'
         order by changed_at desc limit {LATEST}),
    failed as (
        select distinct a.key from flow.job_attempt a
         where a.at > (select case when count(*) = {LATEST} then min(phase1_at)
                                   else now() - interval '{LATELY_S} seconds' end from made)
           and a.type = 'plan.approved' and a.grp = '{AGENTS}')
    select jsonb_build_array((select count(*) from (select key from made union select key from failed) e),
                             (select count(*) from failed))"""  # noqa: S608 - constants
TASKS_ENDED: Final = f"""
    with ended as (
        select * from (
            (select status, ended_at from rm.task
              where status = '{TaskStatus.COMPLETED}' and ended_at > now() - interval '{LATELY_S} seconds'
              order by ended_at desc limit {LATEST})
            union all
            (select status, ended_at from rm.task
              where status = '{TaskStatus.FAILED}' and ended_at > now() - interval '{LATELY_S} seconds'
              order by ended_at desc limit {LATEST})) e
         order by ended_at desc limit {LATEST})
    select jsonb_build_array(count(*), count(*) filter (where status = '{TaskStatus.FAILED}')) from ended"""  # noqa: S608 - constants

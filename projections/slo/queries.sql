-- slo_measured
-- What objectives are measured by, counted by the hour.
-- An event counts where it is first in the log: there the history has it, and each place is projected once. So one that
-- was sent twice counts once, and one that was shown from the outbox counts when the log has it, as in a rebuild.
-- Each partition has rows of its own, so two processes never wait for each other.
with news as materialized (
    select v.* from unnest($1::timestamptz[], $2::text[], $3::int[], $4::int[], $5::bool[], $6::timestamptz[],
                           $7::uuid[], $8::text[], $9::int[], $10::text[], $11::int[], $12::bigint[])
           v (hour, measure, le_ms, took_ms, missed, at, plan_id, stream, version, topic, partition, "offset")
      join timeline t on t.plan_id = v.plan_id and t.stream = v.stream and t.version = v.version
                     and t.topic = v.topic and t.partition = v.partition and t."offset" = v."offset"
), missed as (
    insert into slo_missed (hour, measure, plan_id, version, took_ms, at)
    select hour, measure, plan_id, version, took_ms, at from news where missed on conflict do nothing
)
insert into slo_hour as h (hour, measure, partition, le_ms, n, last_at)
select hour, measure, partition, le_ms, count(*), max(at) from news group by hour, measure, partition, le_ms
on conflict (hour, measure, partition, le_ms) do update
   set n = h.n + excluded.n, last_at = greatest(h.last_at, excluded.last_at);

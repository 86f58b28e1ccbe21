-- slo_measured
-- What objectives are measured by, counted by the hour.
-- An event counts once: when the log has it and the history had not, or had it from the outbox (offset -1). So one that
-- was sent twice counts once, as its first record tells it, and so does one that is read again after the read models went
-- back, where its place in the log was lost, too (offset -2). One that was shown from the outbox counts when the log has
-- it, as in a rebuild. Each partition has rows of its own, so two processes never wait for each other.
-- Whether the history had it is a question of its own for each event: as a join all of the history may be read for it.
with first as (
    select v.*, min(v."offset") over (partition by v.stream, v.version) as begins
      from unnest($1::timestamptz[], $2::text[], $3::int[], $4::int[], $5::bool[], $6::timestamptz[],
                  $7::uuid[], $8::text[], $9::int[], $10::int[], $11::bigint[])
           v (hour, measure, le_ms, took_ms, missed, at, plan_id, stream, version, partition, "offset")
), news as materialized (
    select v.* from first v
     where v."offset" = v.begins
       and not (select exists (select from timeline t where t.plan_id = v.plan_id and t.stream = v.stream
                                                        and t.version = v.version and t."offset" <> -1))
), missed as (
    insert into slo_missed (hour, measure, plan_id, version, took_ms, at)
    select hour, measure, plan_id, version, took_ms, at from news where missed on conflict do nothing
)
insert into slo_hour as h (hour, measure, partition, le_ms, n, last_at)
select hour, measure, partition, le_ms, count(*), max(at) from news group by hour, measure, partition, le_ms
on conflict (hour, measure, partition, le_ms) do update
   set n = h.n + excluded.n, last_at = greatest(h.last_at, excluded.last_at);

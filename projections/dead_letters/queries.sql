-- dead_letter_came
-- A record is a dead letter, or is one again after a replay. The later arrival counts; it says what happened last.
insert into dead_letter as d (record_id, grp, orig_topic, orig_partition, orig_offset, key, plan_id, type, value, headers,
       data, code, error_class, message, stack, fingerprint, attempts, trace_id, first_failed_at, last_failed_at,
       given_up_by, given_up_reason, dead_at, replay, dlq_topic, dlq_partition, dlq_offset)
select * from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::text[], $7::uuid[], $8::text[],
                     $9::bytea[], $10::jsonb[], $11::jsonb[], $12::text[], $13::text[], $14::text[], $15::text[],
                     $16::text[], $17::int[], $18::text[], $19::timestamptz[], $20::timestamptz[], $21::text[],
                     $22::text[], $23::timestamptz[], $24::int[], $25::text[], $26::int[], $27::bigint[])
on conflict (record_id) do update
   set grp = excluded.grp, orig_topic = excluded.orig_topic, orig_partition = excluded.orig_partition,
       orig_offset = excluded.orig_offset, key = excluded.key, plan_id = excluded.plan_id, type = excluded.type,
       value = excluded.value, headers = excluded.headers, data = excluded.data, code = excluded.code,
       error_class = excluded.error_class, message = excluded.message, stack = excluded.stack,
       fingerprint = excluded.fingerprint, attempts = excluded.attempts, trace_id = excluded.trace_id,
       first_failed_at = least(d.first_failed_at, excluded.first_failed_at),
       last_failed_at = excluded.last_failed_at, given_up_by = excluded.given_up_by,
       given_up_reason = excluded.given_up_reason, dead_at = excluded.dead_at, replay = excluded.replay,
       dlq_topic = excluded.dlq_topic, dlq_partition = excluded.dlq_partition, dlq_offset = excluded.dlq_offset
 where (d.replay, d.dlq_offset) < (excluded.replay, excluded.dlq_offset);

-- dead_letter_acted
-- Somebody did something about a dead letter; null says nothing new. It can be known before the letter itself.
insert into dead_letter as d (record_id, acted_version, replays, replayed_version, discarded_version, edits, reason,
                              acted_by, acted_at)
select v.record_id, v.version, coalesce(v.replays, 0), coalesce(v.replayed_version, 0),
       coalesce(v.discarded_version, 0), coalesce(v.edits, 0), v.reason, v.acted_by, v.acted_at
  from unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::text[], $8::text[],
              $9::timestamptz[])
       v (record_id, version, replays, replayed_version, discarded_version, edits, reason, acted_by, acted_at)
on conflict (record_id) do update
   set replays = greatest(d.replays, excluded.replays),
       replayed_version = greatest(d.replayed_version, excluded.replayed_version),
       discarded_version = greatest(d.discarded_version, excluded.discarded_version),
       edits = greatest(d.edits, excluded.edits), reason = excluded.reason, acted_by = excluded.acted_by,
       acted_at = excluded.acted_at, acted_version = excluded.acted_version
 where d.acted_version < excluded.acted_version;

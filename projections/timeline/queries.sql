-- plan_body
-- What several events of a plan say alike.
insert into plan_body (plan_id, digest, said)
select * from unnest($1::uuid[], $2::uuid[], $3::json[])
on conflict do nothing;

-- timeline_event
-- An event happened.
-- The same event a second time (a record that was sent twice) is not news, unless it was projected from the outbox
-- before: now it has a place in the log.
insert into timeline as t (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor, causation_id, trace_id,
                      topic, partition, "offset", data, body)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::timestamptz[],
                     $8::text[], $9::text[], $10::text[], $11::text[], $12::int[], $13::bigint[], $14::json[], $15::uuid[])
on conflict (plan_id, stream, version) do update
   set topic = excluded.topic, partition = excluded.partition, "offset" = excluded."offset", recorded_at = excluded.recorded_at
 where t."offset" < 0 and excluded."offset" >= 0;

-- recovery_event
-- A step of a recovery. The same one a second time is not news.
insert into recovery (plan_id, version, event_id, type, at, state, cause, action, attempt, due_at, stalled_ms, evidence,
                      recommendation)
select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[],
                     $9::int[], $10::timestamptz[], $11::bigint[], $12::jsonb[], $13::text[])
on conflict (plan_id, version) do nothing;

-- channel_compared
-- A channel was compared with the document before. The same one a second time is not news.
insert into comparison (plan_id, channel, version, first_day, last_day, bridge, not_compared, changed_at)
select * from unnest($1::uuid[], $2::text[], $3::int[], $4::date[], $5::date[], $6::jsonb[], $7::jsonb[],
                     $8::timestamptz[])
on conflict (plan_id, channel) do nothing;

-- opportunity_measured
-- One opportunity of an earlier plan was measured.
insert into outcome (plan_id, channel, opportunity_id, measured_by, version, position, first_day, last_day,
                     measured_from, measured_to, days_in_both, source, model, title, metric, skus, unit, baseline,
                     target, current, verdict, why, promised, came, acted, tasks, tasks_done, changed_at)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::int[], $6::int[], $7::date[], $8::date[],
                     $9::date[], $10::date[], $11::int[], $12::text[], $13::text[], $14::text[], $15::text[],
                     $16::jsonb[], $17::text[], $18::float8[], $19::float8[], $20::float8[], $21::text[], $22::text[],
                     $23::float8[], $24::float8[], $25::text[], $26::int[], $27::int[], $28::timestamptz[])
on conflict (plan_id, opportunity_id, measured_by) do nothing;

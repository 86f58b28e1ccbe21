-- Every statement takes one array per column. A status moves only to a higher version, so a record that comes
-- twice or late changes nothing; the other columns belong to one event type each.

-- plan_uploaded
-- A plan exists.
insert into plan as p (plan_id, version, status, title, filename, media_type, size_bytes, sha256, document_id, channels,
                       priority, uploaded_by, uploaded_at, trace_id, changed_at)
select v.plan_id, v.version, v.status, v.title, v.filename, v.media_type, v.size_bytes, v.sha256, v.document_id,
       array(select jsonb_array_elements_text(v.channels)), v.priority, v.uploaded_by, v.uploaded_at, v.trace_id, v.changed_at
  from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::uuid[],
              $10::jsonb[], $11::text[], $12::text[], $13::timestamptz[], $14::text[], $15::timestamptz[])
       v (plan_id, version, status, title, filename, media_type, size_bytes, sha256, document_id, channels, priority,
          uploaded_by, uploaded_at, trace_id, changed_at)
on conflict (plan_id) do nothing;

-- channel_ended
-- The analysis of a channel ended, well or not.
insert into plan_channel as c (plan_id, channel, version, status, source, model, summary, opportunities, phases, repairs,
                               limits, code, reason, fallback, unmatched, agent_use, checks, changed_at, body, told_by)
select * from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[],
                     $9::jsonb[], $10::jsonb[], $11::jsonb[], $12::text[], $13::text[], $14::jsonb[], $15::jsonb[],
                     $16::jsonb[], $17::jsonb[], $18::timestamptz[], $19::uuid[], $20::int[])
on conflict (plan_id, channel) do update
   set version = excluded.version, status = excluded.status, source = excluded.source, model = excluded.model,
       summary = excluded.summary, opportunities = excluded.opportunities, phases = excluded.phases,
       repairs = excluded.repairs, limits = excluded.limits, code = excluded.code, reason = excluded.reason,
       fallback = excluded.fallback, unmatched = excluded.unmatched, agent_use = excluded.agent_use,
       checks = excluded.checks, changed_at = excluded.changed_at, body = excluded.body, told_by = excluded.told_by,
       kept = null
 where c.version < excluded.version;

-- channel_asked
-- A person asked for another analysis of a channel.
-- After channel_ended: in one batch it may have ended before.
update plan_channel c set asked = v.asked
  from unnest($1::uuid[], $2::text[], $3::int[], $4::jsonb[]) v (plan_id, channel, version, asked)
 where c.plan_id = v.plan_id and c.channel = v.channel and coalesce((c.asked ->> 'version')::int, 0) < v.version;

-- channel_kept
-- Another analysis of a channel failed: its result stays, and says so until there is another one.
update plan_channel c set version = v.version, kept = v.kept
  from unnest($1::uuid[], $2::text[], $3::int[], $4::jsonb[]) v (plan_id, channel, version, kept)
 where c.plan_id = v.plan_id and c.channel = v.channel and c.version < v.version;

-- plan_analyzed
-- Every channel has ended: the plan waits for a person. Again, where one of them was analysed again.
update plan p
   set partial = v.partial, outcomes = v.outcomes, opportunities = v.opportunities, phases = v.phases,
       phases_left = array(select jsonb_array_elements_text(v.phases_left)::int),
       body = v.body, opportunity_count = v.opportunity_count, worth_brl = v.worth_brl,
       analyzed_at = v.changed_at, changed_at = v.changed_at,
       status = case when p.version < v.version then v.status else p.status end,
       version = greatest(p.version, v.version)
  from unnest($1::uuid[], $2::int[], $3::text[], $4::bool[], $5::jsonb[], $6::jsonb[], $7::jsonb[], $8::jsonb[],
              $9::timestamptz[], $10::uuid[], $11::int[], $12::float8[])
       v (plan_id, version, status, partial, outcomes, opportunities, phases, phases_left, changed_at, body,
          opportunity_count, worth_brl)
 where p.plan_id = v.plan_id and (p.analyzed_at is null or p.version < v.version);

-- plan_asked
-- Another analysis of a channel was asked for: the plan has another version, and is what it was.
-- After plan_analyzed: of two in one batch the status is that one's.
update plan p
   set version = v.version, changed_at = v.changed_at
  from unnest($1::uuid[], $2::int[], $3::timestamptz[]) v (plan_id, version, changed_at)
 where p.plan_id = v.plan_id and p.version < v.version;

-- plan_decided
-- A person approved, rejected or cancelled.
update plan p
   set reason = v.reason, decided_by = v.decided_by, decided_at = v.decided_at, changed_at = v.changed_at,
       ended_at = v.ended_at, status = v.status, version = v.version
  from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
              $8::timestamptz[])
       v (plan_id, version, status, reason, decided_by, decided_at, ended_at, changed_at)
 where p.plan_id = v.plan_id and p.version < v.version;

-- plan_phase1
-- Phase 1 exists.
update plan p
   set phase1 = v.phase1, phase1_at = v.phase1_at, changed_at = greatest(p.changed_at, v.changed_at),
       status = case when p.version < v.version then v.status else p.status end,
       version = greatest(p.version, v.version)
  from unnest($1::uuid[], $2::int[], $3::text[], $4::jsonb[], $5::timestamptz[], $6::timestamptz[])
       v (plan_id, version, status, phase1, phase1_at, changed_at)
 where p.plan_id = v.plan_id and p.phase1 is null;

-- plan_decided_phase1
-- A decision and Phase 1 of one plan in one batch: what plan_decided and plan_phase1 make, and one version of the row.
update plan p
   set reason = case when p.version < v.decided_version then v.reason else p.reason end,
       decided_by = case when p.version < v.decided_version then v.decided_by else p.decided_by end,
       decided_at = case when p.version < v.decided_version then v.decided_at else p.decided_at end,
       ended_at = case when p.version < v.decided_version then v.ended_at else p.ended_at end,
       phase1 = coalesce(p.phase1, v.phase1),
       phase1_at = case when p.phase1 is null then v.phase1_at else p.phase1_at end,
       changed_at = greatest(case when p.phase1 is null then v.changed_at end,
                             case when p.version < v.decided_version then v.decided_changed_at else p.changed_at end),
       status = case when p.phase1 is null and greatest(p.version, v.decided_version) < v.version then v.status
                     when p.version < v.decided_version then v.decided_status
                     else p.status end,
       version = greatest(p.version, v.decided_version, case when p.phase1 is null then v.version end)
  from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
              $8::timestamptz[], $9::int[], $10::text[], $11::jsonb[], $12::timestamptz[], $13::timestamptz[])
       v (plan_id, decided_version, decided_status, reason, decided_by, decided_at, ended_at, decided_changed_at,
          version, status, phase1, phase1_at, changed_at)
 where p.plan_id = v.plan_id and (p.version < v.decided_version or p.phase1 is null);

-- plan_completed
-- Every task has ended.
update plan p
   set status = v.status, version = v.version, ended_at = v.ended_at, changed_at = v.changed_at
  from unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::timestamptz[])
       v (plan_id, version, status, ended_at, changed_at)
 where p.plan_id = v.plan_id and p.version < v.version;

-- plan_phase
-- A later phase has begun.
insert into plan_phase (plan_id, number, version, name, weeks, investment, expected_impact, tasks, started_by, started_at)
select * from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[],
                     $9::text[], $10::timestamptz[])
on conflict (plan_id, number) do nothing;

-- plan_goes_on
-- With a later phase a plan that was completed goes on.
-- In one batch it may have been completed again: the phase that has begun waits for nobody, whatever came after it.
update plan p
   set status = case when p.version < v.version then v.status else p.status end,
       ended_at = case when p.version < v.version then null else p.ended_at end,
       changed_at = case when p.version < v.version then v.changed_at else p.changed_at end,
       version = greatest(p.version, v.version),
       phases_left = case when p.phases_left is not null
           then array(select n from unnest(p.phases_left) n where n > v.number order by n) end
  from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::timestamptz[])
       v (plan_id, version, number, status, changed_at)
 where p.plan_id = v.plan_id and (p.version < v.version or p.phases_left[1] <= v.number);

-- plan_unnamed
-- What the document is called was erased, with whoever uploaded it.
update plan p set title = v.title, filename = v.filename
  from unnest($1::uuid[], $2::text[], $3::text[]) v (plan_id, title, filename)
 where p.plan_id = v.plan_id;

-- plan_erased
-- A person erased the document. What the plan was called goes with it.
update plan p set title = v.title, filename = v.filename, erased_at = v.erased_at, erased_by = v.erased_by
  from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
       v (plan_id, title, filename, erased_at, erased_by)
 where p.plan_id = v.plan_id and p.erased_at is null;

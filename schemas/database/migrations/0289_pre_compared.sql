-- Which documents a document of another channel was compared with, and by which figures: so that the earlier plan can
-- lead to what the later one found, and what it tells of an erased document can go with that.
create table if not exists decide.compared (
    plan_id       uuid not null,              -- the later one, whose figures tell it
    channel       text not null,
    other_plan_id uuid not null,
    other_channel text not null,
    metrics       text[] not null,
    stored_at     timestamptz not null default now(),
    primary key (plan_id, channel, other_plan_id, other_channel)
);
create index if not exists compared_other on decide.compared (other_plan_id);
insert into decide.compared (plan_id, channel, other_plan_id, other_channel, metrics, stored_at)
select d.plan_id, own ->> 'channel', (told.value ->> 'plan_id')::uuid, told.key, array_agg(figure ->> 'metric'), d.stored_at
  from decide.document d
 cross join jsonb_array_elements(d.facts -> 'channels') own
 cross join jsonb_array_elements(own -> 'figures') figure
 cross join jsonb_each(case when jsonb_typeof(figure #> '{detail,documents}') = 'object'
                            then figure #> '{detail,documents}' else '{}' end) told
 group by d.plan_id, own ->> 'channel', told.value ->> 'plan_id', told.key, d.stored_at
on conflict do nothing;

-- What is compared with what: the days that each channel of a document is about, and whether its comparison with the
-- one before it is on its way already. The first comparison of a channel counts.
create table decide.channel_period (
    plan_id   uuid not null,
    channel   text not null,
    first_day date not null,
    last_day  date not null,
    compared  boolean not null default false,
    stored_at timestamptz not null default now(),
    primary key (plan_id, channel)
);
create index channel_period_last on decide.channel_period (channel, last_day desc);

insert into decide.channel_period (plan_id, channel, first_day, last_day, compared, stored_at)
select d.plan_id, c ->> 'channel', (c -> 'period' ->> 0)::date, (c -> 'period' ->> 1)::date, true, d.stored_at
  from decide.document d, jsonb_array_elements(d.facts -> 'channels') c
 where jsonb_array_length(c -> 'period') = 2
on conflict do nothing;

-- What changed since the document before: one row for each channel of the later plan.
create table rm.comparison (
    plan_id    uuid not null,
    channel    text not null,
    version    integer not null,
    first_day  date not null,
    last_day   date not null,
    bridge     jsonb,                        -- PlanBridge of plan.channel.compared; null: nothing to compare with
    changed_at timestamptz not null,
    primary key (plan_id, channel)
);

-- What became of each opportunity of an earlier plan, as a later plan's document shows it.
create table rm.outcome (
    plan_id        uuid not null,            -- the earlier plan, whose opportunity it is
    channel        text not null,
    opportunity_id text not null,
    measured_by    uuid not null,            -- the later plan
    version        integer not null,
    position       integer not null,
    first_day      date not null,            -- of the earlier document
    last_day       date not null,
    measured_from  date not null,            -- first day of the later one
    measured_to    date not null,
    days_in_both   integer not null,
    source         text not null,
    model          text not null,
    title          text not null,
    metric         text not null,
    skus           jsonb not null,
    unit           text not null,
    baseline       double precision,
    target         double precision,
    current        double precision,
    verdict        text not null,            -- improved, unchanged, worse, unknown
    why            text not null,
    promised       double precision,
    came           double precision,
    acted          text not null,            -- done, part, late, not_done, no_task
    tasks          integer not null,
    tasks_done     integer not null,
    changed_at     timestamptz not null,
    primary key (plan_id, opportunity_id, measured_by)
);
create index outcome_measured_by on rm.outcome (measured_by);

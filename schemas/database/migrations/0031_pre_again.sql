-- Channels of a plan that are being analysed again: at most one request for each counts, the last.
create table decide.channel_again (
    plan_id    uuid not null,
    channel    text not null,
    request_id uuid not null,                -- its plan.channel.requested_again; what answers an earlier one is dropped
    version    integer not null,             -- of that event, in the stream plan-<id>
    analyst    text not null,                -- agent or rules
    asked_at   timestamptz not null default now(),
    primary key (plan_id, channel)
);

-- Last version given away of the stream plan-<id>.<channel>.
alter table decide.channel_result add column if not exists version integer not null default 1;

-- Channels of one plan may be analysed again at once, each with its own deadline; for all other waits it is ''.
alter table flow.deadline add column if not exists channel text not null default '';
alter table flow.deadline drop constraint deadline_pkey, add primary key (plan_id, kind, channel);
alter table flow.deadline drop constraint deadline_kind_check,
    add constraint deadline_kind_check check (kind in ('analysis', 'phase1', 'again'));

-- Who asked for the last analysis of a channel, and why the last one that failed left its result as it is.
alter table rm.plan_channel add column if not exists asked jsonb, add column if not exists kept jsonb;

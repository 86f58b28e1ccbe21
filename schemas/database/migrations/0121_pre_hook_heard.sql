-- What other services have told, such as an acknowledgement in PagerDuty: each event is heard once.

create table if not exists flow.hook_heard (
    hook     text not null,
    event_id text not null,
    at       timestamptz not null default now(),
    primary key (hook, event_id)
);
create index if not exists hook_heard_at on flow.hook_heard (at);

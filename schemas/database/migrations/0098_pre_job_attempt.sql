-- Each attempt at a record that failed and was followed by another one. What ended well is told by the events, the last
-- failure of all by its dead letter.
create table if not exists flow.job_attempt (
    record_id   text not null,               -- group|topic|partition|offset
    replay      integer not null,            -- how often it had been replayed as a dead letter
    attempt     integer not null,            -- 1: the first
    grp         text not null,
    key         text not null,               -- the plan id; '' where the record has none
    type        text not null,               -- of the event that was to be handled
    code        text not null,
    error_class text not null,
    message     text not null,
    at          timestamptz not null default now(),
    primary key (record_id, replay, attempt)
);
create index if not exists job_attempt_at on flow.job_attempt (at, record_id);
create index if not exists job_attempt_key on flow.job_attempt (key, at) where key <> '';

-- Events of the system itself whose place in the outbox is taken by a row that nobody of ours decided (flow.announce).
-- The watchdog puts each there as soon as its place is free. The columns are those of decide.outbox that a seal is of.
create table if not exists flow.unannounced (
    seq            bigint generated always as identity primary key,
    event_id       uuid not null,
    topic          text not null,
    key            text not null,
    type           text not null,
    stream         text not null,
    version        integer not null,
    occurred_at    bigint not null,
    causation_id   text not null,
    correlation_id text not null,
    actor          text not null,
    data           jsonb not null,
    raw            bytea,                    -- none: no raw record is announced
    raw_headers    jsonb,
    seal           text
);

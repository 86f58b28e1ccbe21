-- What the objectives are measured by, from the events alone: counts by the hour, and which plans missed one.

create table rm.slo_hour (
    hour      timestamptz not null,
    measure   text not null,                 -- one of Measure in schemas/slo.py
    partition integer not null,              -- of the log: whoever projects it waits for nobody else's count
    le_ms     integer not null,              -- it took at most so long; 0: it has no time, 2147483647: longer than all
    n         bigint not null,
    last_at   timestamptz not null,          -- when the last of them came to the log
    primary key (hour, measure, partition, le_ms)
) with (fillfactor = 70);

create table rm.slo_missed (
    hour    timestamptz not null,
    measure text not null,
    plan_id uuid not null,
    version integer not null,                -- of the event in its stream: a plan may stall more than once
    took_ms integer not null,
    at      timestamptz not null,
    primary key (hour, measure, plan_id, version)
);

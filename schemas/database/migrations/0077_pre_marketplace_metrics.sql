-- What the product's own charts show, and how long the system could be used: written by the alert engine that is active.
-- Null: it is not known. What waits is the most that was seen in the time.

create table flow.marketplace_metrics (
    step         text not null check (step in ('minute', 'hour')),
    at           timestamptz not null,       -- when it begins
    seen_s       double precision not null,  -- seconds for which somebody looked
    down_s       double precision not null,  -- of these, in which the system could not be used
    plans_in     integer,
    approvals    integer,
    phase1_made  integer,
    tasks_failed integer,
    queue_delay  jsonb,                      -- bound in milliseconds (schemas/slo.py) -> how many
    retries      integer,                    -- records that wait for another attempt
    dead_letters integer,                    -- that wait for a decision
    oldest_s     jsonb not null default '{}', -- status of plans -> seconds for which the oldest has been in it
    primary key (step, at)
);

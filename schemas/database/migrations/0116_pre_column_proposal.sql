-- Which column is which: what a gateway asks an agent for a person, and what the runner has it answer. Nothing follows
-- from it: the person confirms.

create table flow.column_proposal (
    proposal_id uuid primary key default gen_random_uuid(),
    question    jsonb not null,              -- names of columns, masked cells, fields
    asked_by    text not null,
    asked_at    timestamptz not null default now(),
    until       timestamptz not null,        -- after it nobody waits for an answer
    taken_at    timestamptz,
    answer      jsonb                        -- agent and columns, or why there are none
);
create index column_proposal_waits on flow.column_proposal (asked_at) where taken_at is null;

-- Who failed before a channel had its analysis, numbers of an agent's texts without a source, and what the calls took.

alter table rm.plan_channel
    add column if not exists fallback  jsonb not null default '[]',
    add column if not exists unmatched jsonb not null default '[]',
    add column if not exists agent_use jsonb not null default '[]';

-- Who did what, from where: written with what it tells of, chained afterwards, never changed (0096_post_audit_for_good).

create schema if not exists audit;

create table audit.entry (
    entry_id   bigint generated always as identity primary key,
    at         timestamptz not null default clock_timestamp(),
    actor      text not null,                -- name of the key; '' where nobody was known
    key_id     text not null,                -- its public part; of a sign-in that failed what was claimed
    address    text not null,                -- behind declared proxies that of the caller; '' from a command line
    action     text not null,                -- one of schemas/audit.py
    kind       text not null,                -- of what: plan, task, letter, key, ...
    target     text not null,                -- its id
    plan_id    uuid,                         -- the plan that it belongs to
    outcome    text not null,                -- accepted, unchanged, or why it was refused
    before     jsonb,
    after      jsonb,
    reason     text not null,
    request_id text not null
);
create index entry_plan on audit.entry (plan_id, entry_id) where plan_id is not null;
create index entry_actor on audit.entry (actor, entry_id);
create index entry_address on audit.entry (address, entry_id);
create index entry_at on audit.entry (at, entry_id);
-- commands to plans and tasks are the many: one of them is found soon without an index
create index entry_action on audit.entry (action, entry_id) where kind not in ('plan', 'task');

-- The chain: each link holds the hash of the one before, and its own covers that and its entry (schemas/audit.py).
create table audit.link (
    position  bigint primary key,            -- 1, 2, ... without a gap
    entry_id  bigint not null unique,
    previous  bytea not null,
    hash      bytea not null,
    linked_at timestamptz not null
);

-- Up to where the chain was let go when its time was over: what follows is held against the hash.
create table audit.checkpoint (
    position bigint primary key,
    hash     bytea not null,
    last_at  timestamptz not null,           -- of the entry there
    made_at  timestamptz not null default clock_timestamp()
);

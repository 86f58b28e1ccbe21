-- A key ends by itself where it has a time, and its secret can be replaced: the one before works on until its own time.
alter table access.api_key
    add column if not exists expires_at      timestamptz,
    add column if not exists previous_sha256 text,
    add column if not exists previous_until  timestamptz;

-- Links that sign a browser in with a key's role, once. Kept as the hash of their secret; a used one stays for a while,
-- so that whoever follows it again is told so.
create table if not exists access.sign_in_link (
    link_sha256 text primary key,
    key_id      text not null references access.api_key (key_id),
    made_by     text not null,
    made_at     timestamptz not null default clock_timestamp(),
    expires_at  timestamptz not null,
    used_at     timestamptz
);
create index if not exists sign_in_link_expiry on access.sign_in_link (expires_at);

-- Who may do what: API keys and browser sessions. Secrets are 256-bit random, so a plain SHA-256 at rest is enough.
create schema access;

create table access.api_key (
    key_id     text primary key,             -- public part, shown in lists and in the audit trail
    name       text not null,
    role       text not null check (role in ('viewer', 'analyst', 'operator', 'admin')),
    secret_sha256 text not null unique,
    created_at timestamptz not null default now(),
    created_by text not null default '',
    last_used_at timestamptz,
    revoked_at timestamptz
);

create table access.session (
    session_sha256 text primary key,
    key_id         text not null references access.api_key (key_id),
    csrf           text not null,
    created_at     timestamptz not null default now(),
    seen_at        timestamptz not null default now(),
    expires_at     timestamptz not null
);
create index session_expiry on access.session (expires_at);

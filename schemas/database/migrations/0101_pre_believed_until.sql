-- Up to where in the log records are believed that no key in use has signed (schemas/belief.py). `key_id` '': those that
-- nobody has signed, which were there before signing began; else: those of a key that was retired.
create table if not exists flow.believed_until (
    key_id      text not null,
    topic       text not null,
    partition   integer not null,
    next_offset bigint not null,             -- the first one that is not believed
    since       timestamptz not null default now(),
    primary key (key_id, topic, partition)
);

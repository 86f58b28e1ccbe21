-- What a document of returns alone tells of each channel, by order and SKU: the channel's next sales are joined with it.
create table if not exists decide.channel_returned (
    plan_id   uuid not null,
    channel   text not null,
    returned  jsonb not null,                -- rows of DocumentFacts.returned of schemas/facts.py
    stored_at timestamptz not null default now(),
    primary key (plan_id, channel)
);
create index if not exists channel_returned_last on decide.channel_returned (channel, stored_at desc);
create index if not exists channel_returned_stored on decide.channel_returned (stored_at);

-- What each channel of a document sold, by product: documents of other channels are compared with it.
create table if not exists decide.channel_sold (
    plan_id   uuid not null,
    channel   text not null,
    first_day date not null,
    last_day  date not null,
    sold      jsonb not null,                -- Sold of schemas/product.py
    stored_at timestamptz not null default now(),
    primary key (plan_id, channel)
);
create index if not exists channel_sold_last on decide.channel_sold (channel, stored_at desc);
create index if not exists channel_sold_stored on decide.channel_sold (stored_at);

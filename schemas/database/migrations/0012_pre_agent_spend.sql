-- What the calls to agents took, a month and an agent; with a budget, what is put aside for calls under way is part of it.

create table if not exists flow.agent_spend (
    month         date not null,             -- its first day, UTC
    agent         text not null,             -- agent:<host>/<model>
    calls         bigint not null default 0,
    input_tokens  bigint not null default 0,
    output_tokens bigint not null default 0,
    seconds       double precision not null default 0,
    cost          double precision not null default 0,
    primary key (month, agent)
);

-- How far each partition of the log was seen to reach under which leader, and where a later leader's log ended before that.

create table flow.log_end (
    topic       text not null,
    partition   integer not null,
    epoch       integer not null,            -- of its leader: the broker counts them
    next_offset bigint not null,             -- it was seen to reach up to here under that leader
    seen_at     timestamptz not null default clock_timestamp(),
    primary key (topic, partition)
);

create table flow.log_cut (
    topic     text not null,
    partition integer not null,
    epoch     integer not null,              -- of the leader that began with the shorter log
    kept      bigint not null,               -- it ended here
    reached   bigint not null,               -- and was known to reach up to here
    since     timestamptz not null,          -- what was published from then on is sent again
    found_at  timestamptz not null default clock_timestamp(),
    sent_at   timestamptz not null default clock_timestamp(), -- the last time that it was
    whole_at  timestamptz,                   -- once it was sent beyond what members of groups had read
    primary key (topic, partition, epoch)
);
create index log_cut_age on flow.log_cut (found_at);

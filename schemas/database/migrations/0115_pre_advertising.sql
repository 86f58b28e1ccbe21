-- What advertising cost, by reports that documents told: for the next upload (decide), and to be seen (rm).

create table decide.ad_report (
    key         text primary key,            -- channel, days, digest of columns and campaigns
    channel     text not null,
    first_day   date not null,
    last_day    date not null,
    report      jsonb not null,              -- as goods.advertising.recorded has it
    document    text not null,
    version     integer not null             -- of the event that says so
);
create index ad_report_age on decide.ad_report (last_day);

create table rm.ad_report (
    key         text primary key,
    version     integer not null,
    channel     text not null,
    first_day   date not null,
    last_day    date not null,
    currency    text not null,
    amount      double precision not null,
    sales       double precision,            -- null: not known
    impressions double precision,
    clicks      double precision,
    document    text not null,
    recorded_by text not null,
    recorded_at timestamptz not null,
    deleted     boolean not null default false
);

-- Alerts: findings that lasted long enough to be told outside of the system, and what has become of telling them.

create table flow.alert (
    alert_id        uuid primary key,
    key             text not null,           -- what makes two findings the same alert: family and subject
    kind            text not null,           -- of the finding that was seen last
    subject         text not null,
    severity        text not null check (severity in ('critical', 'warning', 'info')),  -- at its worst
    state           text not null check (state in ('open', 'acknowledged', 'silenced', 'resolved')),
    finding         jsonb not null,          -- its values, for who says it in another language
    text            text not null,
    evidence        text not null,
    advice          text not null,
    runbook         text not null,
    since           timestamptz,             -- since when it is wrong, as far as is known
    opened_at       timestamptz not null,
    changed_at      timestamptz not null default now(),
    acknowledged_at timestamptz,
    acknowledged_by text not null default '',
    note            text not null default '',
    escalations     integer not null default 0,
    escalated_at    timestamptz,
    resolved_at     timestamptz,
    version         integer not null default 1  -- of the stream alert-<id>
);
create unique index alert_unresolved on flow.alert (key) where state <> 'resolved';
create index alert_opened on flow.alert (opened_at desc, alert_id);
create index alert_resolved on flow.alert (resolved_at) where resolved_at is not null;

-- Of what nobody is told, and until when: it outlasts the alert for which it was made.
create table flow.alert_silenced (
    key         text primary key,
    until       timestamptz not null,
    reason      text not null,
    silenced_by text not null,
    silenced_at timestamptz not null default now()
);

-- What goes to a notifier in one piece: a queue. `body` is what is told, without any secret.
create table flow.alert_message (
    message_id    uuid primary key,
    notifier      text not null,
    body          jsonb not null,
    state         text not null default 'waiting' check (state in ('waiting', 'sent', 'passed_on', 'failed')),
    fallback      text[] not null default '{}',
    due_at        timestamptz not null,
    claimed_until timestamptz,               -- somebody is at it; after that its sender has died
    attempts      integer not null default 0,
    created_at    timestamptz not null default now(),
    ended_at      timestamptz,
    error         text not null default ''
);
create index alert_message_waiting on flow.alert_message (notifier, due_at) where state = 'waiting';
create index alert_message_ended on flow.alert_message (ended_at) where ended_at is not null;

-- One row for an alert, a state and a notifier; what is due together goes in one message.
create table flow.alert_notice (
    notice_id  uuid primary key,             -- derives from the three
    alert_id   uuid not null references flow.alert on delete cascade,
    about      text not null,                -- opened, worsened, reopened, escalated, resolved
    version    integer not null,             -- of the alert, in that state
    notifier   text not null,
    due_at     timestamptz not null,
    kept       boolean not null default false,  -- for the end of quiet hours
    fallback   text[] not null default '{}', -- who takes over, in this order
    message_id uuid references flow.alert_message on delete cascade,
    created_at timestamptz not null default now(),
    unique (alert_id, about, version, notifier)
);
create index alert_notice_waiting on flow.alert_notice (notifier, due_at) where message_id is null;
create index alert_notice_message on flow.alert_notice (message_id);

-- Each attempt to deliver a message. `begun` and nothing else: its process died, and nobody knows whether it arrived.
create table flow.alert_attempt (
    message_id uuid not null references flow.alert_message on delete cascade,
    attempt    integer not null,
    at         timestamptz not null default now(),
    outcome    text not null default 'begun' check (outcome in ('begun', 'sent', 'failed')),
    seconds    double precision,
    detail     text not null default '',
    primary key (message_id, attempt)
);

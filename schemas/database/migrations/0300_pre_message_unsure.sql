-- Whether a try of a message ended so that nobody knows whether it arrived: the next one says that it may be a repeat.

alter table flow.alert_message add column if not exists unsure boolean not null default false;

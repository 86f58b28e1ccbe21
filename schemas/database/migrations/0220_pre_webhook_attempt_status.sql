-- The status of an answer that did not take an event, beside its words: refusals are counted by it. 0: no such answer.

alter table flow.webhook_attempt add column if not exists status integer not null default 0;

-- The trace that an event for a webhook is of, as the history has it: the log lines of its sender have it.

alter table flow.webhook_delivery add column if not exists trace_id text;

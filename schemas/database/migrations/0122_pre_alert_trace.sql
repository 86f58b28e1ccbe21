-- What an alert about plans leads to: the trace of the one that has waited longest, as it was when the alert opened.

alter table flow.alert add column if not exists traceparent text;

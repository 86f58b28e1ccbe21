-- Which incident of its alert a notice belongs to, where its notifier keeps incidents: 1 is the first. Null: not made into a
-- message yet, or by a version that had one incident an alert.
alter table flow.alert_notice add column if not exists incident integer;

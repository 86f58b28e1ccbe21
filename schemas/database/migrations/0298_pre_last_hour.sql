-- What ended in a minute and in an hour, what of it failed, and how long Phase 1 took. Null: it is not known.

alter table flow.marketplace_metrics
    add column if not exists plans_completed   integer,
    add column if not exists tasks_completed   integer,
    add column if not exists channels_analyzed integer,
    add column if not exists channels_failed   integer, -- of their analyses, also where the result before is kept
    add column if not exists phase1_time       jsonb;   -- bound in milliseconds (schemas/slo.py) -> how many

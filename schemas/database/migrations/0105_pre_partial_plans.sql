-- The list of partial plans, the newest first, without a look at all the others.

create index if not exists plan_partial on rm.plan (uploaded_at desc, plan_id) where partial;

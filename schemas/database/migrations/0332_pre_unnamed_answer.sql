-- Of which channel a person said that those sales of a plan's document are that name none, and the plan that was made
-- of them: one answer a plan, unless that plan was given up. Who answered, and when, stands in the audit log.
create table if not exists decide.unnamed_answer (
    plan_id      uuid primary key,        -- the plan whose document it is
    channel      text not null,
    made_plan_id uuid not null,
    answered_at  timestamptz not null default now()
);
